"""Mail that came back: delivery status notifications read from a folder, and what follows for the notice and the address.

Owns the reading (RFC 3464). A report counts only when it names the ``Message-ID`` of a notice of ours; whatever else lies
in the mailbox is put aside unread.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from .channels.mail import domain
from .contacts import mark_fault
from .models import AddressFault, Notice
from .services import give_up

DEAD = re.compile(r"5\.1\.\d+|5\.2\.1|5\.4\.4|5\.0\.0")
"""Enhanced status codes that speak of the address itself (RFC 3463): bad address, mailbox disabled, no route. Others, such as
a full mailbox (5.2.2) or a refusal for policy (5.7.x), give the one notice up and leave the address alone."""
LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says: of which notice, whether it is final, and the enhanced status code."""

    notice_id: UUID
    failed: bool
    status: str


def parse_bounce(content: bytes) -> Bounce | None:
    """Read a delivery status notification; None when it is none, or not of a mail of ours."""
    message = email.message_from_bytes(content[:LARGEST], policy=email.policy.compat32)
    action = status = ""
    found: UUID | None = None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.walk():
                action = str(fields.get("Action", "") or action).strip().lower()
                status = str(fields.get("Status", "") or status).split(" ")[0].strip()
        elif part is not message:
            found = found or _notice_of(part)
    if found is None or not action:
        return None
    return Bounce(found, failed=action == "failed" and not status.startswith("4"), status=status)


def _notice_of(part: Message) -> UUID | None:
    """Return the notice named by the headers of the returned mail."""
    headers = str(part.get("Message-ID", ""))
    if part.get_content_type() == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        headers = str(email.message_from_string(text).get("Message-ID", ""))
    match = re.fullmatch(rf"<([0-9a-f-]{{36}})@{re.escape(domain())}>", headers.strip())
    try:
        return UUID(match[1]) if match else None
    except ValueError:
        return None


def take_bounce(bounce: Bounce, *, at: datetime) -> bool:
    """Give up the mail of a notice that came back, mark a dead address, take the next way; tell whether anything changed.

    The same report again changes nothing, and neither does one that only speaks of a delay.
    """
    if not bounce.failed:
        return False
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=bounce.notice_id).first()
        if notice is None or not notice.email or notice.attempts.filter(channel="mail", result="given_up").exists():
            return False
        if DEAD.fullmatch(bounce.status):
            mark_fault("mail", notice.email, AddressFault.Reason.BOUNCED, at=at)
        give_up(notice, "mail", error=f"bounce:{bounce.status[:20]}", at=at)
    return True


def read_bounces(*, at: datetime) -> int:
    """Read every new mail of the folder ``BOUNCE_FOLDER`` (a Maildir or plain files) and count those that told us something.

    A mail that was read moves to ``cur`` (Maildir) or ``done``; without the setting nothing is done.
    """
    if not settings.BOUNCE_FOLDER:
        return 0
    root = Path(settings.BOUNCE_FOLDER)
    maildir = (root / "new").is_dir()
    inbox, done = (root / "new", root / "cur") if maildir else (root, root / "done")
    if not inbox.is_dir():
        return 0
    done.mkdir(exist_ok=True)
    counted = 0
    for path in sorted(item for item in inbox.iterdir() if item.is_file() and not item.name.startswith(".")):
        bounce = parse_bounce(path.read_bytes())
        counted += bounce is not None and take_bounce(bounce, at=at)
        path.rename(done / (f"{path.name}:2,S" if maildir else path.name))
    return counted
