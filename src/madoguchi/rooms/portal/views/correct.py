"""Correcting (補正): the resident sees only the questions the office asked about, mends them and sends them back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.engines.casework.api import Case, open_correction
from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.correction_files import CorrectionFiles, correction_files
from madoguchi.rooms.portal.views.browse import crumbs
from madoguchi.rooms.portal.views.files import links_of_correction

_open = public(reason="受付番号と照会コードを知る人だけが開ける")


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Show the asked questions with their answers; take in the mended ones."""
    case = access.get_case(request, number)
    if open_correction(case) is None or case.submission is None:
        return redirect("portal:status", number)
    files = correction_files(case)
    fields = services.asked_fields(case, files.asked)
    answers = {**files.answers, **files.patch(fields)}
    if request.method != "POST":
        return _draw(request, case, files, fields, answers, show=False)
    forms.refuse_unknown(request.POST, fields)
    patch = forms.parse_fields(fields, request.POST, answers)
    refused = _take_files(request, files, fields)
    patch |= files.patch(fields)
    if "_remove_file" in request.POST:
        return _draw(request, case, files, fields, {**answers, **patch}, show=False, refused=refused)
    refused = refused or files.unchanged(fields)
    evaluation = services.evaluate_correction(case, patch)
    if refused or any(problem.field in patch for problem in evaluation.problems):
        return _draw(request, case, files, fields, {**answers, **patch}, show=True, refused=refused)
    services.send_correction(case, patch, actor=access.applicant_of(request, case), at=clock.now())
    return redirect("portal:status", number)


def _take_files(request: HttpRequest, files: CorrectionFiles, fields: list[forms.CompiledField]) -> list[forms.Problem]:
    """Keep the files that were sent with the page, and remove the one whose button was pressed."""
    chosen, _, file_id = request.POST.get("_remove_file", "").partition(":")
    problems: list[forms.Problem] = []
    for item in fields:
        if item.fd.type == "file":
            problems += forms.add_files(files, item, request.FILES.getlist(item.id), at=clock.now())
            if item.id == chosen:
                forms.remove_file(files, item, file_id, at=clock.now())
    return problems


def _draw(
    request: HttpRequest,
    case: Case,
    files: CorrectionFiles,
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
    forms.dress_files(context["fields"], files.draft_id, links_of_correction(case.number))
    context |= {
        "case": case,
        "asked": files.asked,
        "action": reverse("portal:correct", args=[case.number]),
        "crumbs": crumbs(
            request,
            (case.number, reverse("portal:status", args=[case.number])),
            (text("portal.correct.title", lang), ""),
        ),
    }
    return render(request, "portal/correct.html", context)
