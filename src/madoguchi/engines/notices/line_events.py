"""What people do in LINE: follow, write, link, block. Owns the events LINE sends and what follows from each.

An event is kept once by its id; what must be answered is answered by a job, because LINE waits for our reply only a moment.
Nothing that people write is kept. Linking follows LINE's own account link: link token, consent on our page, nonce, event.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from madoguchi.kernel import jobs
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.ui.texts import text

from .channels import line
from .contacts import lift_fault, link_contact, mark_fault, owner_of
from .models import AddressFault, Contact, HeardEvent, LinkNonce

NONCE_MINUTES = 10
KEPT = timedelta(days=30)
ANSWERED = frozenset({"follow", "message"})


class BadSignatureError(Exception):
    """A request that LINE did not sign with our secret."""


def hear_line(body: str, *, signature: str, at: datetime) -> int:
    """Take in what LINE tells us; return how many events were new. Raises BadSignatureError.

    The signature is checked by the SDK (HMAC-SHA256 of the body with the channel secret).
    """
    from linebot.v3 import WebhookParser
    from linebot.v3.exceptions import InvalidSignatureError

    try:
        events = WebhookParser(settings.LINE["secret"]).parse(body, signature)
    except InvalidSignatureError:
        raise BadSignatureError from None
    return sum(_hear(event, at=at) for event in events)


@transaction.atomic
def _hear(event: Any, *, at: datetime) -> bool:
    kind, user = str(event.type), str(getattr(event.source, "user_id", "") or "")
    if HeardEvent.objects.filter(event_id=event.webhook_event_id).exists():
        return False
    kept = HeardEvent(
        event_id=event.webhook_event_id,
        kind=kind[:30],
        user=user,
        reply_token=str(getattr(event, "reply_token", "") or ""),
        heard_at=at,
    )
    HeardEvent.objects.bulk_create([kept])
    if kind == "follow":
        lift_fault("line", user, at=at)
    elif kind == "unfollow":
        mark_fault("line", user, AddressFault.Reason.BLOCKED, at=at)
    elif kind == "accountLink" and event.link.result == "ok":
        _link(user, str(event.link.nonce), at=at)
    if kind in ANSWERED:
        jobs.enqueue("notices.answer_line", event=kept.pk)
    return True


def answer_event(event: int, *, at: datetime) -> bool:
    """Answer a person who followed or wrote: with the link to our page, or that the account is linked already.

    Tells whether LINE took the answer.
    """
    heard = HeardEvent.objects.filter(pk=event).exclude(reply_token="").first()
    if heard is None:
        return False
    if Contact.objects.filter(channel="line", value=heard.user, ended_at=None).exists():
        outcome = line.reply(heard.reply_token, text("notices.line.linked_already"))
    else:
        token = line.issue_link_token(heard.user)
        if not token:
            return False
        url = f"{settings.BASE_URL}{reverse('notices:line_link')}?{urlencode({'linkToken': token})}"
        words = text("notices.line.greeting")
        outcome = line.reply(heard.reply_token, words, button=text("notices.line.link_button"), url=url)
    HeardEvent.objects.filter(pk=event).update(reply_token="")
    return outcome.result == "sent"


def begin_link(account_id: int, link_token: str, *, at: datetime) -> str:
    """Keep a nonce for a resident who consented and return LINE's page on which the link is completed."""
    nonce = secrets.token_urlsafe(32)
    LinkNonce.objects.create(
        nonce_hash=_hash(nonce),
        account_id=account_id,
        created_at=at,
        expires_at=at + timedelta(minutes=NONCE_MINUTES),
    )
    query = urlencode({"linkToken": link_token, "nonce": nonce})
    return f"{settings.LINE['login']}/dialog/bot/accountLink?{query}"


def forget_events(*, at: datetime) -> int:
    """Delete events heard more than 30 days ago, and nonces that are over; return how many rows went."""
    events, _ = HeardEvent.objects.filter(heard_at__lt=at - KEPT).delete()
    nonces, _ = LinkNonce.objects.filter(expires_at__lt=at - KEPT).delete()
    return events + nonces


def _link(user: str, nonce: str, *, at: datetime) -> None:
    """Link a LINE account to the resident whose nonce comes back; one that is unknown, used or late links nothing."""
    good = LinkNonce.objects.filter(nonce_hash=_hash(nonce), used_at=None, expires_at__gt=at)
    found = good.first()
    if found is None or not user or not good.update(used_at=at):
        return
    link_contact(owner_of(account_id=found.account_id), "line", user, at=at)
    actor = Actor(kind="resident", id=str(found.account_id))
    record(actor=actor, action="notices.line_linked", subject=actor.ref, payload={}, at=at)


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
