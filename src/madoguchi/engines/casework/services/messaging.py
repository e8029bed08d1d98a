"""Messages inside a case: the applicant writes, the section answers, both see who has read.

Owns the writing and the marks of reading. A message is never changed; a mark only moves forward. The words stay in the
case: notices and the audit log hold none of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..conversation import MessagesFile
from ..models import Case, CaseMessage
from ..rules import MESSAGE_RECEIVED, MESSAGE_SENT, MESSAGE_SETTLED, day_of, thread_ends_on
from ..schema import RESIDENT
from .projecting import append_event, demand_section, lock_case, side_of

RESIDENT_SIDE, SECTION_SIDE = CaseMessage.Side.RESIDENT, CaseMessage.Side.SECTION
SAME_WITHIN = timedelta(minutes=10)
"""The same words of the same side within this time are one message pressed twice."""


def side_of_writer(case: Case, actor: Actor) -> CaseMessage.Side:
    """Return on which side of the counter the actor stands: guests and the applicant are the resident's side."""
    return RESIDENT_SIDE if side_of(case, actor) in {RESIDENT, "guest"} else SECTION_SIDE


@transaction.atomic
def send_message(
    case: Case, *, body: str, actor: Actor, at: datetime, calendar: OfficeCalendar, rules: MessagesFile
) -> tuple[CaseMessage, bool]:
    """Write a message and return it with whether it is new (the same words sent again at once are not).

    Raises InvalidInput (empty, too long) and Conflict (the thread is closed).
    """
    words = _words(body, limit=rules.max_characters)
    locked = lock_case(case)
    side = side_of_writer(locked, actor)
    if side == SECTION_SIDE:
        demand_section(locked, actor)
    _demand_open(locked, at=at, rules=rules)
    last = locked.messages.order_by("at", "id").last()
    if last is not None and (last.side, last.body) == (side, words) and at - last.at < SAME_WITHIN:
        return last, False
    message = CaseMessage.objects.create(
        case=locked,
        side=side,
        body=words,
        at=at,
        author_ref=actor.ref,
        author_name=actor.name if side == SECTION_SIDE else "",
    )
    kind = MESSAGE_RECEIVED if side == RESIDENT_SIDE else MESSAGE_SENT
    append_event(
        locked,
        kind=kind,
        actor=actor,
        at=at,
        calendar=calendar,
        payload={"message": message.pk},
        action=f"casework.{kind}",
        audit_payload={"message": message.pk, "length": len(words)},
    )
    mark_thread_read(locked, side=side, at=at)
    return message, True


@transaction.atomic
def settle_messages(case: Case, *, actor: Actor, at: datetime, calendar: OfficeCalendar) -> bool:
    """Note that the resident's messages need no written answer (answered on the phone); tell whether any waited."""
    locked = lock_case(case)
    demand_section(locked, actor)
    if locked.reply_since is None:
        return False
    append_event(
        locked,
        kind=MESSAGE_SETTLED,
        actor=actor,
        at=at,
        calendar=calendar,
        payload={},
        action="casework.message_settled",
        audit_payload={},
    )
    return True


def mark_thread_read(case: Case, *, side: str, at: datetime) -> bool:
    """Note that a side has read everything up to *at*; tell whether the mark moved (one SQL statement)."""
    column = "resident_read_at" if side == RESIDENT_SIDE else "section_read_at"
    earlier = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": at})
    return bool(Case.objects.filter(earlier, pk=case.pk).update(**{column: at}))


def _words(body: str, *, limit: int) -> str:
    words = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if not words:
        raise InvalidInput(
            "メッセージが書かれていません。", code="casework.message_empty", mend="伝えたいことを書いてください。"
        )
    if len(words) > limit:
        raise InvalidInput(
            "メッセージが長すぎます。",
            code="casework.message_long",
            mend="短くするか、二回に分けて送ってください。書いた内容は残っています。",
            length=len(words),
            limit=limit,
        )
    return words


def _demand_open(case: Case, *, at: datetime, rules: MessagesFile) -> None:
    ends_on = thread_ends_on(case.closed_at, open_days=rules.open_days_after_end)
    if ends_on is not None and day_of(at) > ends_on:
        raise Conflict(
            "この案件のやりとりは終わっています。",
            code="casework.thread_closed",
            mend="聞きたいことがあるときは、担当課に問い合わせてください。",
            number=case.number,
        )
