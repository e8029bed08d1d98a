"""Following a case: find it by receipt number and code, see where it stands, withdraw."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.engines.casework.api import (
    RESIDENT_SIDE,
    Case,
    StatusView,
    Thread,
    find_bundle,
    find_status,
    mark_thread_read,
    status_of,
    thread_of,
    withdraw,
)
from madoguchi.engines.forms import api as forms
from madoguchi.engines.issuing.api import documents_of_case
from madoguchi.engines.payments.api import outstanding_of_case
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import public
from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.throttle import slow_down
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import Procedure, get_department, get_procedure
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.views.browse import crumbs, procedure_crumb
from madoguchi.rooms.portal.views.originals import post_address

NOTE_MAX = 2000

_open = public(reason="受付番号と照会コードを知る人だけが開ける")


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for receipt number and code; lead to the case."""
    error = number = ""
    lang = lang_of(request)
    if request.method == "POST":
        number = request.POST.get("number", "")[:40]
        code = request.POST.get("code", "")[:40]
        try:
            slow_down(request, "portal.status")
            together = find_bundle(number, code)
            found = None if together else find_status(number, code)
        except DomainError as problem:
            found = together = None
            error = str(words_of(problem, lang))
        if together is not None:
            return access.hand_keys(request, redirect("portal:bundle", together.number), case=together.number)
        if found is not None:
            return access.hand_keys(request, redirect("portal:status", found.number), case=found.number)
        error = error or text("portal.status.not_found", lang)
    context = {
        "error": error,
        "number": number,
        "crumbs": crumbs(request, (text("portal.status.find_title", lang), "")),
    }
    return render(request, "portal/find_status.html", context)


def _state(stage: int, view: StatusView) -> str:
    if stage < view.stage or view.is_done:
        return "done"
    return "current" if stage == view.stage else "todo"


@_open
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Show where a case stands, what comes next, by when, and whom to ask; its messages count as read."""
    case, at = access.get_case(request, number), clock.now()
    thread = thread_of(case, side=RESIDENT_SIDE, at=at)
    page = status_page(request, case, at=at, thread=thread)
    if thread.unread and access.reads_as_applicant(request, case):
        mark_thread_read(case, side=RESIDENT_SIDE, at=at)
    return page


def status_page(
    request: HttpRequest, case: Case, *, at: dt.datetime, thread: Thread | None = None, status: int = 200, **extra: Any
) -> HttpResponse:
    """Return the status page of a case; *extra* holds a message that was typed and refused."""
    view = status_of(case)
    lang = lang_of(request)
    procedure = get_procedure(case.procedure_id)
    evaluation = services.evaluate_correction(case, {}) if case.submission else None
    context = {
        "view": view,
        "case": case,
        "stages": [
            {"title": title.get(lang), "state": _state(i, view)} for i, title in enumerate(view.stage_titles, start=1)
        ],
        "procedure": procedure,
        "department": get_department(case.section),
        **_originals(case, lang),
        "sections": forms.answer_sections(evaluation, lang=lang) if evaluation else [],
        "has_sheet": evaluation is not None and forms.sheet_of(evaluation.form.definition.id) is not None,
        "documents": documents_of_case(case.number, today=clock.today()),
        "unpaid_yen": outstanding_of_case(case.number) if procedure.payment else 0,
        "timeline": [
            {"title": item.title, "at": item.at, "text": item.behalf, "state": "done"} for item in view.timeline
        ],
        "thread": thread or thread_of(case, side=RESIDENT_SIDE, at=at),
        "crumbs": crumbs(request, _came_from(procedure, lang), (case.number, "")),
        **extra,
    }
    return render(request, "portal/status.html", context, status=status)


def _came_from(procedure: Procedure, lang: str) -> tuple[Any, str]:
    """Return the page that leads here: the look-up by number, or the staff's own list."""
    if procedure.audience == "staff":
        return procedure_crumb(procedure)
    return text("portal.status.find_title", lang), reverse("portal:find_status")


def _originals(case: Any, lang: str) -> dict[str, Any]:
    """Return the papers that go by post with where to send them; nothing of it when there are none."""
    rows = list(case.originals.all())
    if not rows:
        return {}
    return {
        "originals": [{"row": item, "state": text(f"portal.originals.state.{item.state}", lang)} for item in rows],
        "awaited": any(item.is_awaited for item in rows),
        "post_to": post_address(case),
    }


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_case(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for confirmation, then withdraw the application."""
    case = access.get_case(request, number)
    view = status_of(case)
    if not view.may_withdraw:
        return redirect("portal:status", number)
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:500] or text("portal.withdraw.default_reason")
        calendar = municipality.current().calendar
        withdraw(case, actor=access.applicant_of(request, case), at=clock.now(), calendar=calendar, reason=reason)
        return redirect("portal:status", number)
    lang = lang_of(request)
    context = {
        "view": view,
        "case": case,
        "crumbs": crumbs(
            request, (number, reverse("portal:status", args=[number])), (text("portal.withdraw.title", lang), "")
        ),
    }
    return render(request, "portal/withdraw.html", context)


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def own_step(request: HttpRequest, number: str, step_id: str) -> HttpResponse:
    """Ask for a note and confirmation, then take a step of the resident's own (such as reporting an improvement)."""
    case = access.get_case(request, number)
    step = next((item for item in status_of(case).steps if item.id == step_id), None)
    if step is None:
        return redirect("portal:status", number)
    note, error = request.POST.get("note", "").strip()[:NOTE_MAX], ""
    if request.method == "POST":
        try:
            services.take_step(case, step.id, note=note, actor=access.applicant_of(request, case), at=clock.now())
        except DomainError as problem:
            error = str(words_of(problem, lang_of(request)))
        else:
            return redirect("portal:status", number)
    context = {
        "case": case,
        "step": step,
        "needs_note": bool(step.requires),
        "note": note,
        "error": error,
        "crumbs": crumbs(request, (number, reverse("portal:status", args=[number])), (step.public_title, "")),
    }
    return render(request, "portal/own_step.html", context, status=422 if error else 200)


@_open
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget every key held by this browser (shared computers)."""
    return access.drop_keys(redirect("portal:home"))
