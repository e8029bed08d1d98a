"""Correcting (補正): the resident sees only the questions the office asked about, mends them and sends them back."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.engines.casework.api import Case, CorrectionRequest, current_answers, open_correction
from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.views.browse import crumbs
from madoguchi.rooms.portal.views.files import links_of_case

_open = public(reason="受付番号と照会コードを知る人だけが開ける")


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Show the asked questions with their answers; take in the mended ones."""
    case = access.get_case(request, number)
    asked = open_correction(case)
    if asked is None or case.submission is None:
        return redirect("portal:status", number)
    fields = services.asked_fields(case, asked)
    answers = current_answers(case)
    if request.method != "POST":
        return _draw(request, case, asked, fields, answers, show=False)
    forms.refuse_unknown(request.POST, fields)
    patch = forms.parse_fields(fields, request.POST, answers)
    refused: list[forms.Problem] = []
    for item in fields:
        if item.fd.type == "file":
            uploads = request.FILES.getlist(item.id)
            kept, problems = forms.add_case_files(case.submission, item, uploads, at=clock.now())
            patch[item.id] = kept or None
            refused += problems
    evaluation = services.evaluate_correction(case, patch)
    if refused or any(problem.field in patch for problem in evaluation.problems):
        return _draw(request, case, asked, fields, {**answers, **patch}, show=True, refused=refused)
    services.send_correction(case, patch, actor=access.applicant_of(request, case), at=clock.now())
    return redirect("portal:status", number)


def _draw(
    request: HttpRequest,
    case: Case,
    asked: CorrectionRequest,
    fields: list[forms.CompiledField],
    answers: dict[str, Any],
    *,
    show: bool,
    refused: list[forms.Problem] | None = None,
) -> HttpResponse:
    lang = lang_of(request)
    asked_ids = {item.id for item in fields}
    evaluation = services.evaluate_correction(case, {key: answers.get(key) for key in asked_ids})
    context = forms.fields_context(evaluation, fields, answers, lang=lang, show_problems=show, extra_problems=refused)
    forms.dress_files(context["fields"], _draft_id(case), links_of_case(case.number))
    context |= {
        "case": case,
        "asked": asked,
        "action": reverse("portal:correct", args=[case.number]),
        "crumbs": crumbs(
            request,
            (case.number, reverse("portal:status", args=[case.number])),
            (text("portal.correct.title", lang), ""),
        ),
    }
    return render(request, "portal/correct.html", context)


def _draft_id(case: Case) -> uuid.UUID:
    assert case.submission is not None
    return case.submission.draft_id
