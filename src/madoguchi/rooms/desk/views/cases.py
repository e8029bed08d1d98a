"""A case, its files, the difference a correction made, and the pictures of the workflows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from madoguchi.engines.casework.api import SECTION_SIDE, Case, current_answers, mark_thread_read
from madoguchi.engines.forms.api import file_response, open_attachment, open_preview, preview_response
from madoguchi.kernel import municipality
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.audit import record
from madoguchi.kernel.clock import now
from madoguchi.kernel.errors import NotFound

from ..access import get_case
from ..filters import read_address
from ..selectors import case_context, correction_diff, evaluated, files_of, workflow_pictures
from ..thread import reads_for_section


@require_GET
@staff_required("desk.view")
def show_case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case: answers, papers, messages, history, notes, neighbours, and what can be done.

    Whoever may work on the case reads the resident's messages by opening it.
    """
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    page = case_page(request, case, at=at)
    if reads_for_section(case, actor) and case.reply_since is not None:
        mark_thread_read(case, side=SECTION_SIDE, at=at)
    return page


def case_page(request: HttpRequest, case: Case, *, at: datetime, status: int = 200, **extra: Any) -> HttpResponse:
    """Return the page of a case; *extra* holds what was typed and refused."""
    actor = actor_of(request)
    address = read_address(request.GET, actor)
    context = case_context(case, actor, address, at=at, calendar=municipality.current().calendar)
    context |= {"query": address.query(), "may_transfer": actor.may("desk.transfer"), **extra}
    return render(request, "desk/case.html", context, status=status)


@require_GET
@staff_required("desk.view")
def download_file(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """Send an attachment of a case as a download; the audit log keeps who fetched which."""
    attachment, stream = open_attachment(_draft_of(request, number, file_id), file_id)
    _note(request, number, file_id, "desk.open_file")
    return file_response(attachment, stream)


@require_GET
@staff_required("desk.view")
def preview_file(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """Show a small picture of an attachment; the audit log keeps who saw which."""
    stream = open_preview(_draft_of(request, number, file_id), file_id)[1]
    _note(request, number, file_id, "desk.preview_file")
    return preview_response(stream)


def _draft_of(request: HttpRequest, number: str, file_id: str) -> UUID:
    """Return the draft whose file this is, when the actor may see the case and its answers name the file."""
    case = get_case(actor_of(request), number, at=now())
    answers = current_answers(case)
    if case.submission is None or file_id not in {item.id for item in files_of(evaluated(case, answers), answers)}:
        raise NotFound("この添付ファイルは見つかりません。", code="desk.no_file")
    return case.submission.draft_id


def _note(request: HttpRequest, number: str, file_id: str, action: str) -> None:
    record(actor=actor_of(request), action=action, subject=f"case:{number}", payload={"file": file_id}, at=now())


@require_GET
@staff_required("desk.view")
def show_correction(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Show what a correction asked for and what the answer changed."""
    case = get_case(actor_of(request), number, at=now())
    correction = next((item for item in case.corrections.all() if item.pk == pk), None)
    if correction is None:
        raise NotFound("この補正は見つかりません。", code="desk.no_correction")
    context = {"case": case, "correction": correction, "sections": correction_diff(case, correction)}
    return render(request, "desk/correction_diff.html", context)


@require_GET
@staff_required("desk.view")
def show_workflows(request: HttpRequest) -> HttpResponse:
    """Show one picture per workflow."""
    return render(request, "desk/workflows.html", {"workflows": workflow_pictures()})
