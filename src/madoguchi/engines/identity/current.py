"""The actor of a web request. Caches on the request; owns the session keys of an elevation and of a proof."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from madoguchi.kernel import clock
from madoguchi.kernel.access import NOBODY, Actor, Proof

from .models import Elevation
from .selectors import actor_for, elevation_in_force

ELEVATION_KEY = "identity_elevation"
PROOF_KEY = "identity_proof"


def current_actor(request: HttpRequest) -> Actor:
    """Return who acts in this request: staff, resident or nobody.

    At most two SQL statements besides session and account.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return NOBODY
    return actor_for(user, clock.now(), elevated=elevation_of(request) is not None, proof=proof_of(request))


def remember_proof(request: HttpRequest, proof: Proof) -> None:
    """Keep in the session how the person showed who they are; call it after the sign-in, which renews the session."""
    request.session[PROOF_KEY] = [
        proof.provider, proof.identity, proof.authentication, proof.at.isoformat(), proof.method,
    ]  # fmt: skip


def proof_of(request: HttpRequest) -> Proof | None:
    """Return how the person of this session showed who they are, None when no provider vouched for them."""
    kept = request.session.get(PROOF_KEY)
    if not kept:
        return None
    provider, identity, authentication, at, method = kept
    return Proof(provider, identity, authentication, datetime.fromisoformat(at), method)


def elevation_of(request: HttpRequest) -> Elevation | None:
    """Return the elevation in force in this session, or ``None``; asks the database only when the session names one."""
    if not hasattr(request, "_elevation"):
        request._elevation = _find(request)  # type: ignore[attr-defined]
    found: Elevation | None = request._elevation  # type: ignore[attr-defined]
    return found


def _find(request: HttpRequest) -> Elevation | None:
    session = getattr(request, "session", None)
    number = session.get(ELEVATION_KEY) if session is not None else None
    if not number or not request.user.is_authenticated:
        return None
    return elevation_in_force(request.user.pk, number, clock.now())
