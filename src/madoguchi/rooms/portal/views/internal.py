"""Internal procedures (庁内手続): what staff ask of another section, on the same pages as the residents' procedures.

Owns the staff's list of them, the start and the list of one's own applications. Steps, summary, receipt and status are
the residents' pages; ``access`` shows them to the member of staff who asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from madoguchi.engines.casework.api import cases_of_applicant, definition_of, preload_definitions
from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor, actor_of, staff_required
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.portal import services

SHOWN_CASES = 50


@require_GET
@staff_required("")
def show(request: HttpRequest) -> HttpResponse:
    """Show the internal procedures (all, or those that answer ``q``) and what the member of staff asked for."""
    actor = actor_of(request)
    query = request.GET.get("q", "")[:100].strip()
    found = catalogue.search_procedures(query, staff=True) if query else catalogue.list_procedures(staff=True)
    sections = catalogue.departments()
    context = {
        "query": query,
        "procedures": [
            {"item": item, "department": sections[item.department].name if item.department in sections else ""}
            for item in found
            if item.in_scope
        ],
        "drafts": _drafts(actor, at=clock.now()),
        "cases": _cases(actor),
    }
    return render(request, "portal/internal.html", context)


@require_POST
@staff_required("")
def start(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Open a draft of an internal procedure and lead to its first step. No key is put into the browser."""
    procedure = catalogue.get_procedure(procedure_id)
    if procedure.audience != "staff":
        raise NotFound(
            "この手続は庁内の手続ではありません。",
            code="portal.not_internal",
            mend="区民向けの手続のページから始めてください。",
        )
    loaded = services.start_application(procedure, actor=actor_of(request), lang="ja", at=clock.now())
    return redirect("portal:step", loaded.draft.id, loaded.form.steps[0].id)


def _drafts(actor: Actor, *, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the member of staff's drafts of internal procedures, newest first."""
    return [
        {"title": catalogue.get_procedure(draft.procedure_id).title, "draft": draft}
        for draft in forms.drafts_of(actor.ref, at=at)
        if draft.channel == services.INTERNAL
    ]


def _cases(actor: Actor) -> list[dict[str, Any]]:
    """Return what the member of staff asked for, newest first, with where it stands."""
    cases = list(cases_of_applicant(actor.ref)[:SHOWN_CASES])
    preload_definitions({case.workflow_version_id for case in cases})
    sections = catalogue.departments()
    rows = []
    for case in cases:
        state = definition_of(case.workflow_version_id).by_state[case.state]
        kind = {"waiting_resident": "waiting", "done": "done"}.get(state.kind, "progress")
        name = sections[case.section].name if case.section in sections else case.section
        rows.append({"case": case, "state": state.title, "kind": kind, "section": name})
    return rows
