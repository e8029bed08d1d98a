"""Corrections (補正): ask the resident to mend named fields, and take the answer in.

Owns the request and its differences. The submission stays as it was sent; what changed is kept here, and the number
and the day of receipt stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..definitions import definition_of
from ..models import Case, CorrectionRequest
from ..rules import CORRECTION_ANSWERED, CORRECTION_REQUESTED, changed_answers, day_of, may_take
from ..selectors import current_answers
from .moving import make_step
from .projecting import lock_case, side_of


@transaction.atomic
def request_correction(
    case: Case,
    *,
    fields: Sequence[str],
    message: str,
    due_on: date,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    reason_id: str = "",
    seen: int | None = None,
) -> CorrectionRequest:
    """Ask the resident to correct *fields* by *due_on*; the case waits and the office's clock stops.

    Raises InvalidInput (no field, no message, a past or closed day), Conflict (the state allows no correction).
    """
    locked = lock_case(case, seen=seen)
    _check_request(fields=fields, message=message, due_on=due_on, today=day_of(at), calendar=calendar)
    steps = [item for item in definition_of(locked.workflow_version_id).leaving(locked.state) if item.is_correction]
    if not steps:
        raise Conflict("今の状態では補正を求められません。", code="casework.no_correction", number=locked.number)
    payload: dict[str, Any] = {
        "fields": list(dict.fromkeys(fields)),
        "reason": message.strip(),
        "reason_id": reason_id,
        "due_on": due_on.isoformat(),
    }
    request = CorrectionRequest.objects.create(
        case=locked,
        fields=payload["fields"],
        reason_id=reason_id,
        message=payload["reason"],
        due_on=due_on,
        asked_at=at,
        asked_by_ref=actor.ref,
        asked_by_name=actor.name,
    )
    make_step(locked, steps[0], actor=actor, at=at, calendar=calendar, payload=payload, kind=CORRECTION_REQUESTED)
    return request


def _check_request(*, fields: Sequence[str], message: str, due_on: date, today: date, calendar: OfficeCalendar) -> None:
    if not fields:
        raise InvalidInput(
            "補正する項目が選ばれていません。", code="casework.no_fields", mend="一つ以上選んでください。"
        )
    if not message.strip():
        raise InvalidInput(
            "伝える内容がありません。", code="casework.no_message", mend="理由のひな形を選ぶか、書いてください。"
        )
    if due_on <= today:
        raise InvalidInput("期限は明日以降の日にしてください。", code="casework.due_past")
    if not calendar.is_open(due_on):
        raise InvalidInput(
            "期限の日は閉庁日です。",
            code="casework.due_closed",
            mend=f"{calendar.next_open(due_on):%Y-%m-%d} などの開庁日にしてください。",
        )


def mark_reminded(request: CorrectionRequest, *, at: datetime) -> bool:
    """Note that the resident was reminded of a correction; tell whether this caller is the first (one SQL statement)."""
    waiting = CorrectionRequest.objects.filter(pk=request.pk, answered_at=None, closed_at=None, reminded_at=None)
    return bool(waiting.update(reminded_at=at))


def lock_prepared(request: CorrectionRequest) -> None:
    """Lock a correction and read anew which files have arrived for it (inside a transaction)."""
    row = CorrectionRequest.objects.select_for_update().only("prepared").get(pk=request.pk)
    request.prepared = row.prepared


def prepare_files(request: CorrectionRequest, field_id: str, files: Sequence[Mapping[str, Any]]) -> None:
    """Keep the list of files that will answer a question once the correction is sent (after ``lock_prepared``).

    Raises Conflict when nothing is asked any more.
    """
    prepared = {**request.prepared, field_id: list(files)}
    waiting = CorrectionRequest.objects.filter(pk=request.pk, answered_at=None, closed_at=None)
    if not waiting.update(prepared=prepared):
        raise _nothing_asked(request.case.number)
    request.prepared = prepared


def forget_prepared(request: CorrectionRequest) -> None:
    """Empty the list of prepared files of a correction that is over (one SQL statement)."""
    CorrectionRequest.objects.filter(pk=request.pk).update(prepared={})


def _nothing_asked(number: str) -> Conflict:
    return Conflict("今、補正のお願いはありません。", code="casework.nothing_asked", number=number)


@transaction.atomic
def answer_correction(
    case: Case, *, answers: Mapping[str, Any], actor: Actor, at: datetime, calendar: OfficeCalendar
) -> CorrectionRequest:
    """Take in the corrected fields (already validated by the forms engine) and hand the case back to the office.

    *answers* may hold only fields that were asked for. Raises Conflict (nothing is asked), InvalidInput (another
    field).
    """
    locked = lock_case(case)
    request = locked.corrections.filter(answered_at=None, closed_at=None).first()
    if request is None:
        raise _nothing_asked(locked.number)
    if extra := set(answers) - set(request.fields):
        raise InvalidInput("お願いした項目のほかは直せません。", code="casework.extra_fields", fields=sorted(extra))
    leaving = definition_of(locked.workflow_version_id).leaving(locked.state)
    steps = [item for item in leaving if item.by_resident and item.outcome is None]
    if not steps:
        raise Conflict("今の状態では補正に答えられません。", code="casework.no_answer_step", number=locked.number)
    step = next((item for item in steps if may_take(item, kind=side_of(locked, actor), roles=actor.roles)), steps[0])
    request.changes = changed_answers(current_answers(locked), answers)
    request.answered_at, request.prepared = at, {}
    request.save(update_fields=["changes", "answered_at", "prepared"])
    changed = [item["field"] for item in request.changes]
    make_step(
        locked, step, actor=actor, at=at, calendar=calendar, payload={"fields": changed}, kind=CORRECTION_ANSWERED
    )
    return request
