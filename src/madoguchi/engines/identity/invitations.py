"""The address with which an invited member of staff sets the first password. Owns its making only."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from madoguchi.kernel.access import Actor

from .models import Account
from .services import staff_invitation


def invitation_url(login: str, *, actor: Actor, at: datetime) -> str:
    """Return the one-time address for a member of staff; hand it over in person. Raises NotFound, NotAllowed."""
    return invitation_address(*staff_invitation(login, actor=actor, at=at))


def invitation_address(account: Account, token: str) -> str:
    """Return the absolute address at which this token works; built from ``BASE_URL``, never from a host header."""
    return settings.BASE_URL.rstrip("/") + reverse("identity:welcome", args=[account.pk, token])
