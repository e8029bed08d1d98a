"""Reads of the notices engine: the feed of a person, what was sent for a case, what is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from .models import DeliveryAttempt, Notice
from .rules import State, state_of

STATE_LABELS: dict[State, str] = {
    "in_feed": "マイページに掲載",
    "waiting": "メール送信待ち",
    "sent": "メール送信済み",
    "given_up": "メールを届けられません",
}


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A notice as its recipient reads it."""

    id: UUID
    subject: str
    body: str
    case_number: str
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class SentNotice:
    """A notice as staff see it beside a case: which letter, when, and what became of it.

    Never the words or the address.
    """

    id: UUID
    letter: str
    lang: str
    created_at: datetime
    state: State
    state_label: str
    attempts: int


def feed(account_id: int, *, limit: int = 50) -> list[FeedItem]:
    """Return the newest notices in the feed of an account. One statement."""
    rows = Notice.objects.filter(account_id=account_id, channels__contains=["feed"]).order_by("-created_at")[:limit]
    return [_item(row) for row in rows]


def feed_item(notice_id: UUID | str, *, account_id: int) -> FeedItem | None:
    """Return one notice of the account's feed, or ``None``."""
    row = Notice.objects.filter(pk=notice_id, account_id=account_id, channels__contains=["feed"]).first()
    return _item(row) if row else None


def unread_count(account_id: int) -> int:
    """Return how many notices in the feed were not opened."""
    return Notice.objects.filter(account_id=account_id, channels__contains=["feed"], read_at__isnull=True).count()


def notices_of_case(case_number: str) -> list[SentNotice]:
    """Return what was sent for a case, newest first, with the state derived from the attempts. One statement."""
    rows = Notice.objects.filter(case_number=case_number).annotate(
        results=ArrayAgg("attempts__result", filter=Q(attempts__isnull=False), default=[])
    )
    return [
        SentNotice(row.id, row.letter, row.lang, row.created_at, state, STATE_LABELS[state], len(row.results))
        for row in rows.order_by("-created_at")
        for state in [state_of(row.channels, row.results)]
    ]


def overdue_mail(*, at: datetime, after: timedelta = timedelta(minutes=15)) -> int:
    """Return how many mails made more than ``after`` ago were neither sent nor given up."""
    done = DeliveryAttempt.objects.filter(result__in=["sent", "given_up"]).values("notice_id")
    waiting = Notice.objects.filter(channels__contains=["mail"], created_at__range=(at - timedelta(days=7), at - after))
    return waiting.exclude(pk__in=done).count()


def _item(row: Notice) -> FeedItem:
    return FeedItem(row.id, row.subject, row.body, row.case_number, row.created_at, row.read_at is not None)
