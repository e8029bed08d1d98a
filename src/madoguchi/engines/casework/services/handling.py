"""Who looks after a case: assignment, transfer to another section, notes.

Owns changes that leave the state alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..models import Case, CaseNote
from ..rules import ASSIGNED, DOCUMENT_KINDS, MONEY_KINDS, NOTED, TRANSFERRED
from .projecting import append_event, demand_section, lock_case

NOTE_MAX = 4000


@transaction.atomic
def note_money(number: str, kind: str, *, yen: int, actor: Actor, at: datetime, calendar: OfficeCalendar) -> None:
    """Note on a case that its fee was charged, paid, given back or came back (``kind``), with the amount in yen.

    Raises ValueError for any other kind, Case.DoesNotExist when there is no such case.
    """
    if kind not in MONEY_KINDS:
        raise ValueError(kind)
    locked = lock_case(Case.objects.get(number=number))
    append_event(
        locked,
        kind=kind,
        actor=actor,
        at=at,
        calendar=calendar,
        payload={"yen": yen},
        action=f"casework.{kind}",
        audit_payload={"yen": yen},
    )


@transaction.atomic
def note_document(
    number: str, kind: str, *, payload: Mapping[str, Any], actor: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    """Note on a case that a document was issued, revoked, posted or handed over (``kind``).

    *payload* names it (``number``, ``title``). Raises ValueError for any other kind, Case.DoesNotExist without a case.
    """
    if kind not in DOCUMENT_KINDS:
        raise ValueError(kind)
    locked = lock_case(Case.objects.get(number=number))
    append_event(
        locked,
        kind=kind,
        actor=actor,
        at=at,
        calendar=calendar,
        payload=dict(payload),
        action=f"casework.{kind}",
        audit_payload={"document": payload["number"]},
    )


@transaction.atomic
def assign(
    case: Case,
    *,
    assignee_ref: str,
    assignee_name: str,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    seen: int | None = None,
) -> Case:
    """Give a case to a member of staff; an empty *assignee_ref* takes it from whoever has it."""
    locked = lock_case(case, seen=seen)
    demand_section(locked, actor)
    if locked.assignee_ref == assignee_ref:
        return locked
    append_event(
        locked,
        kind=ASSIGNED,
        actor=actor,
        at=at,
        calendar=calendar,
        payload={"assignee_ref": assignee_ref, "assignee_name": assignee_name},
        action="casework.assign",
        audit_payload={"assignee": assignee_ref},
    )
    return locked


@transaction.atomic
def transfer(
    case: Case,
    *,
    section: str,
    reason: str,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    seen: int | None = None,
) -> Case:
    """Hand a case to another section (移送); state and clock stay, the assignee is cleared. A reason is required."""
    locked = lock_case(case, seen=seen)
    demand_section(locked, actor)
    if section == locked.section:
        raise Conflict("すでにその課の案件です。", code="casework.same_section", number=locked.number)
    if locked.closed_at is not None:
        raise Conflict("終わった案件は移送できません。", code="casework.closed", number=locked.number)
    if not reason.strip():
        raise InvalidInput("移送の理由がありません。", code="casework.no_reason", mend="理由を書いてください。")
    append_event(
        locked,
        kind=TRANSFERRED,
        actor=actor,
        at=at,
        calendar=calendar,
        payload={"from_section": locked.section, "to_section": section, "reason": reason.strip()},
        action="casework.transfer",
        audit_payload={"from": locked.section, "to": section},
    )
    return locked


@transaction.atomic
def add_note(case: Case, *, body: str, actor: Actor, at: datetime, calendar: OfficeCalendar) -> CaseNote:
    """Add a note for colleagues. Raises InvalidInput when it is empty or longer than 4,000 characters."""
    text = body.strip()
    if not text or len(text) > NOTE_MAX:
        raise InvalidInput(f"メモは 1～{NOTE_MAX} 文字で書いてください。", code="casework.note_length")
    locked = lock_case(case)
    demand_section(locked, actor)
    note = CaseNote.objects.create(case=locked, body=text, at=at, author_ref=actor.ref, author_name=actor.name)
    append_event(
        locked,
        kind=NOTED,
        actor=actor,
        at=at,
        calendar=calendar,
        payload={"note": note.pk},
        action="casework.note",
        audit_payload={"length": len(text)},
    )
    return note
