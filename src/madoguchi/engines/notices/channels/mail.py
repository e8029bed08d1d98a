"""Mail, through Django's mail settings."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage

from madoguchi.kernel.ui.language import HTML_LANG

from ..models import AddressFault, Notice
from ..rules import fill
from .base import Outcome


class MailChannel:
    """See the module."""

    def is_ready(self) -> bool:
        """Mail always leaves: into files until a server is named."""
        return True

    def deliver(self, notice: Notice, *, to: str, late: dict[str, str]) -> Outcome:
        """Mail a notice with its id as ``Message-ID``, by which a bounce finds it again."""
        try:
            _message(notice, to=to, late=late).send()
        except (OSError, SMTPException) as error:
            kind = type(error).__name__
            if not _is_lasting(error):
                return Outcome("failed", kind)
            dead = isinstance(error, SMTPRecipientsRefused)
            return Outcome("given_up", kind, fault=AddressFault.Reason.REFUSED if dead else "")
        return Outcome("sent")


def domain() -> str:
    """Return the domain in the ``Message-ID`` of the house's mail."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def _is_lasting(error: Exception) -> bool:
    """Tell whether trying again cannot help: permanent SMTP replies (RFC 5321 §4.2.1, 5yz)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= 550


def _message(notice: Notice, *, to: str, late: dict[str, str]) -> EmailMessage:
    bounce = settings.BOUNCE_ADDRESS
    headers = {
        "Message-ID": f"<{notice.id}@{domain()}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": HTML_LANG.get(notice.lang, "ja"),
    }
    if bounce:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    return EmailMessage(
        subject=notice.subject,
        body=fill(notice.body, late),
        from_email=bounce or settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers=headers,
    )
