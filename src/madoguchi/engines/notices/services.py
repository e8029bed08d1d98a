"""Writes of the notices engine: make a notice, deliver it, mark it read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from madoguchi.kernel import jobs
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ids import uuid7
from madoguchi.kernel.registry import Registry
from madoguchi.kernel.ui.language import HTML_LANG

from . import rules
from .letters import letter
from .models import DeliveryAttempt, Notice

LateMaker = Callable[[str], str]
late_values: Final[Registry[LateMaker]] = Registry("届ける時に入る値")
"""Functions by name that turn a stored argument into a secret (a sign-in link) at the moment of delivery."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives: an e-mail address, an account (its feed), or both. ``name`` is the name line, may be empty."""

    email: str = ""
    account_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class LateValue:
    """A value that must not be stored: the name of its maker and the argument to give it."""

    maker: str
    argument: str


def send_notice(
    template_id: str,
    *,
    to: Recipient,
    lang: str,
    context: Mapping[str, str],
    at: datetime,
    dedupe_key: str | None = None,
    case_number: str = "",
    late: Mapping[str, LateValue] | None = None,
) -> UUID:
    """Write a notice and queue its mail in the current transaction: one insert and one enqueue. Returns the
    notice's id.

    ``context`` holds the letter's variables (dates as words); ``name``, ``municipality`` and ``url`` are filled in
    when left out, a date that is left out drops its line, and names the letter does not use are ignored. The same
    ``dedupe_key`` writes and mails nothing a second time. Raises NotFound (letter), InvalidInput (values, recipient).
    """
    definition, digest = letter(template_id)
    channels = _channels(definition.channels, to)
    values = _defaults(definition.variables, to, lang) | dict(context)
    subject, body = rules.render(definition, lang, values)
    notice = Notice(
        id=uuid7(),
        account_id=to.account_id,
        email=to.email if "mail" in channels else "",
        case_number=case_number,
        letter=definition.id,
        letter_digest=digest,
        lang=lang,
        channels=channels,
        subject=subject[:300],
        body=body,
        late={name: [value.maker, value.argument] for name, value in (late or {}).items()},
        dedupe_key=dedupe_key,
        created_at=at,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=dedupe_key is not None)
    if "mail" in channels:
        jobs.enqueue("notices.deliver", notice_id=str(notice.id))
    return notice.id


def deliver_notice(notice_id: UUID | str, *, at: datetime) -> None:
    """Try to mail a notice, write the attempt and, after a passing fault, queue the next try in the same transaction.

    A notice that was mailed already, or whose ``dedupe_key`` was taken by another, is left alone. An address that the
    mail server refuses for good, or the last of the tries, ends with the result "given up".
    """
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            return
        results = list(notice.attempts.filter(channel="mail").values_list("result", flat=True))
        if {"sent", "given_up"} & set(results):
            return
        wait = jobs.wait_seconds(len(results), rules.MAX_ATTEMPTS)
        result, error_class = _try(notice, last=wait is None)
        DeliveryAttempt.objects.create(notice=notice, channel="mail", at=at, result=result, error_class=error_class)
        if result == DeliveryAttempt.Result.FAILED and wait is not None:
            jobs.enqueue("notices.deliver", not_before=at + timedelta(seconds=wait), notice_id=str(notice.id))


def mark_read(notice_id: UUID | str, *, account_id: int, at: datetime) -> bool:
    """Note that the account's holder opened a notice, once; tell whether it was unread."""
    unread = Notice.objects.filter(pk=notice_id, account_id=account_id, read_at__isnull=True)
    return bool(unread.update(read_at=at))


def _try(notice: Notice, *, last: bool) -> tuple[DeliveryAttempt.Result, str]:
    """Mail a notice; return how it ended and the class of the fault (never its text, which may name the address)."""
    try:
        _message(notice).send()
    except (OSError, SMTPException) as error:
        kind = type(error).__name__
        given_up = last or _is_lasting(error)
        return (DeliveryAttempt.Result.GIVEN_UP if given_up else DeliveryAttempt.Result.FAILED), kind
    return DeliveryAttempt.Result.SENT, ""


def _is_lasting(error: Exception) -> bool:
    """Tell whether trying again cannot help: permanent SMTP replies (RFC 5321 §4.2.1, 5yz)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= 550


def _message(notice: Notice) -> EmailMessage:
    late = {name: late_values.get(maker)(argument) for name, (maker, argument) in notice.late.items()}
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return EmailMessage(
        subject=notice.subject,
        body=rules.fill(notice.body, late),
        to=[notice.email],
        headers={
            "Message-ID": f"<{notice.id}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": HTML_LANG.get(notice.lang, "ja"),
        },
    )


def _channels(wanted: Sequence[str], to: Recipient) -> list[str]:
    usable = {"mail": bool(to.email), "feed": to.account_id is not None}
    channels = [channel for channel in wanted if usable.get(channel)]
    if not channels:
        raise InvalidInput(
            "お知らせを届ける先がありません。",
            code="notices.recipient",
            mend="メールアドレスかアカウントのどちらかが必要です。",
        )
    return channels


def _defaults(variables: Mapping[str, str], to: Recipient, lang: str) -> dict[str, str]:
    values = {"name": to.name, "url": settings.BASE_URL, "due_on": "", "promised_on": ""}
    if "municipality" in variables:
        from madoguchi.kernel import municipality

        values["municipality"] = municipality.current().name.get(lang)
    return values
