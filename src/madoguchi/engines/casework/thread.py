"""Reads of the messages in a case: the thread as a side sees it, and what is unread.

Owns the split of sides: the resident never learns who in the section wrote or read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q

from .conversation import conversation_rules
from .models import Case, CaseMessage
from .rules import day_of, thread_ends_on

RESIDENT_SIDE, SECTION_SIDE = CaseMessage.Side.RESIDENT, CaseMessage.Side.SECTION


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """One message as a side reads it; ``author_name`` is for the section only, ``read`` tells of the other side."""

    id: int
    own: bool
    body: str
    at: datetime
    author_name: str
    unread: bool
    read: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of a case, oldest first. ``ends_on`` is the last day of writing, None while the case is open."""

    messages: list[ThreadMessage]
    unread: int
    is_open: bool
    ends_on: date | None
    max_characters: int


def thread_of(case: Case, *, side: str, at: datetime) -> Thread:
    """Return the thread as *side* (``resident`` or ``section``) sees it, with the marks as they now are (one SQL
    statement).
    """
    rules = conversation_rules()
    mine, theirs = case.resident_read_at, case.section_read_at
    if side == SECTION_SIDE:
        mine, theirs = theirs, mine
    messages = [
        ThreadMessage(
            id=item.pk,
            own=item.side == side,
            body=item.body,
            at=item.at,
            author_name=item.author_name if side == SECTION_SIDE else "",
            unread=item.side != side and not _covers(mine, item.at),
            read=item.side == side and _covers(theirs, item.at),
        )
        for item in case.messages.order_by("at", "id")
    ]
    ends_on = thread_ends_on(case.closed_at, open_days=rules.open_days_after_end)
    return Thread(
        messages=messages,
        unread=sum(item.unread for item in messages),
        is_open=ends_on is None or day_of(at) <= ends_on,
        ends_on=ends_on,
        max_characters=rules.max_characters,
    )


def unread_messages(cases: Collection[Case], *, side: str) -> dict[int, int]:
    """Return how many messages each of the cases holds that *side* has not read, by the key of the case.

    Cases without any are left out. One SQL statement; none when no case is given.
    """
    if not cases:
        return {}
    column = "case__resident_read_at" if side == RESIDENT_SIDE else "case__section_read_at"
    new = Q(**{f"{column}__isnull": True}) | Q(at__gt=F(column))
    rows = CaseMessage.objects.filter(new, case__in=[case.pk for case in cases]).exclude(side=side)
    return dict(rows.order_by().values_list("case").annotate(Count("id")))


def first_unread(case: Case, *, side: str) -> int | None:
    """Return the key of the first message that *side* has not read, None when there is none (one SQL statement)."""
    seen = case.resident_read_at if side == RESIDENT_SIDE else case.section_read_at
    rows = CaseMessage.objects.filter(case_id=case.pk).exclude(side=side)
    if seen is not None:
        rows = rows.filter(at__gt=seen)
    return rows.order_by("at", "id").values_list("pk", flat=True).first()


def _covers(mark: datetime | None, at: datetime) -> bool:
    return mark is not None and mark >= at
