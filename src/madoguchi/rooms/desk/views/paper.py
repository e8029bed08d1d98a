"""The forms of cases as paper (様式第n号) for the office: one case, or several from the queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from madoguchi.engines.casework.api import Case, current_answers
from madoguchi.engines.forms.api import Filling, Reader, Stamp, sheet_of, sheets_pdf
from madoguchi.kernel.access import Actor, actor_of, staff_required
from madoguchi.kernel.audit import record
from madoguchi.kernel.clock import local, now
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS

from ..access import get_case
from ..selectors import evaluated

MY_NUMBER = "desk.my_number"
"""The right to read a 個人番号 on a printed form."""
PRINT_MAX = 50


def filling_of(case: Case, actor: Actor) -> Filling | None:
    """Return the current answers of a case for its 様式, corrections applied; None without a submission or a 様式."""
    submission, evaluation = case.submission, evaluated(case, current_answers(case))
    sheet = sheet_of(evaluation.form.definition.id) if evaluation else None
    if submission is None or evaluation is None or sheet is None:
        return None
    return Filling(
        form=evaluation.form,
        evaluation=evaluation,
        filed_on=local(submission.submitted_at).date(),
        stamp=Stamp(case.number, case.received_on, CHANNEL_LABELS.get(case.channel, case.channel)),
        reader=Reader(my_number=sheet.opens_number and actor.may(MY_NUMBER), account=True),
    )


@require_GET
@staff_required("desk.view")
def print_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Give the 様式 of a case as PDF with its current answers; the audit log keeps who printed it."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    filling = filling_of(case, actor)
    body = sheets_pdf([filling] if filling else [], at=at)
    if filling:
        _record(case, filling, actor, at=at)
    return _pdf(body, f"sheet-{case.number}.pdf")


def print_many(request: HttpRequest, cases: Iterable[Case], *, actor: Actor, at: datetime) -> HttpResponse | None:
    """Give the 様式 of several cases as one PDF; None, with a message, when none of them has one or they are too many."""
    found = [(case, filling) for case in cases if (filling := filling_of(case, actor)) is not None]
    if not found or len(found) > PRINT_MAX:
        words = (
            f"一度に印刷できるのは{PRINT_MAX}件までです。" if found else "選んだ案件には、印刷する様式がありません。"
        )
        messages.warning(request, words)
        return None
    body = sheets_pdf([filling for _, filling in found], at=at)
    for case, filling in found:
        _record(case, filling, actor, at=at)
    return _pdf(body, f"sheets-{at:%Y%m%d}.pdf")


def _record(case: Case, filling: Filling, actor: Actor, *, at: datetime) -> None:
    payload = {"my_number": filling.reader.my_number}
    record(actor=actor, action="desk.print_sheet", subject=f"case:{case.number}", payload=payload, at=at)


def _pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
