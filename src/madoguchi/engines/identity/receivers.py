"""Listens to the sign-in of allauth and Django:
remembers the second factor, sets the session's length, writes audit.
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from madoguchi.kernel import audit, clock
from madoguchi.kernel.access import Actor

from .middleware import SESSION_KEY
from .models import Account

STAFF_SESSION_SECONDS = 8 * 60 * 60


def connect() -> None:
    """Connect the receivers once."""
    user_logged_in.connect(_signed_in, dispatch_uid="identity.signed_in")
    authenticator_added.connect(_factor_added, dispatch_uid="identity.factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="identity.factor_removed")


def _signed_in(sender: type[Account], request: HttpRequest, user: Account, **kwargs: Any) -> None:
    methods = [record["method"] for record in get_authentication_records(request, user)]
    if user.kind == Account.Kind.STAFF:
        request.session.set_expiry(STAFF_SESSION_SECONDS)
        request.session[SESSION_KEY] = "mfa" in methods
    _record(user, "identity.signed_in", {"methods": methods or ["link"]})


def _factor_added(sender: Any, request: HttpRequest, user: Account, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type in ("totp", "webauthn"):
        request.session[SESSION_KEY] = True
    _record(user, "identity.factor_added", {"type": str(authenticator.type)})


def _factor_removed(sender: Any, request: HttpRequest, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _record(user, "identity.factor_removed", {"type": str(authenticator.type)})


def _record(user: Account, action: str, payload: dict[str, Any]) -> None:
    actor = Actor(kind=user.kind, id=str(user.pk))  # type: ignore[arg-type]
    audit.record(actor=actor, action=action, subject=user.ref, payload=payload, at=clock.now())
