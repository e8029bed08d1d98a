"""Reads of the notices engine: the feed of a person, what was sent for a case, what is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat

from .models import DeliveryAttempt, Notice
from .rules import State, state_of, way_states

WAY_LABELS = {"mail": "メール", "line": "LINE", "sms": "SMS"}
STATE_LABELS: dict[State, str] = {
    "in_feed": "マイページに掲載",
    "waiting": "送信待ち",
    "sent": "送信済み",
    "given_up": "届けられません",
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
    """Each way with what became of it: 「メール：届けられません、LINE：送信済み」."""
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
    pair = Concat("attempts__channel", Value(":"), "attempts__result", output_field=TextField())
    rows = Notice.objects.filter(case_number=case_number).annotate(
        tried=ArrayAgg(pair, filter=Q(attempts__isnull=False), default=[], order_by=["attempts__id"])
    )
    return [_sent(row) for row in rows.order_by("-created_at")]


def _sent(row: Any) -> SentNotice:
    attempts = [(way, result) for way, _, result in (item.partition(":") for item in row.tried)]
    ways = way_states(row.channels, attempts)
    words = "、".join(f"{WAY_LABELS[way]}：{STATE_LABELS[state]}" for way, state in ways.items())
    state = state_of(row.channels, attempts)
    return SentNotice(row.id, row.letter, row.lang, row.created_at, state, words or STATE_LABELS[state], len(attempts))


def overdue_mail(*, at: datetime, after: timedelta = timedelta(minutes=15)) -> int:
    """Return how many mails made more than ``after`` ago were neither sent nor given up."""
    done = DeliveryAttempt.objects.filter(channel="mail", result__in=["sent", "given_up"]).values("notice_id")
    waiting = Notice.objects.filter(channels__contains=["mail"], created_at__range=(at - timedelta(days=7), at - after))
    return waiting.exclude(pk__in=done).count()


def _item(row: Notice) -> FeedItem:
    return FeedItem(row.id, row.subject, row.body, row.case_number, row.created_at, row.read_at is not None)
