"""The actor of a web request. Caches on the request; owns the session key of an elevation."""

from __future__ import annotations

from django.http import HttpRequest

from madoguchi.kernel import clock
from madoguchi.kernel.access import NOBODY, Actor

from .models import Elevation
from .selectors import actor_for, elevation_in_force

ELEVATION_KEY = "identity_elevation"


def current_actor(request: HttpRequest) -> Actor:
    """Return who acts in this request: staff, resident or nobody.

    At most two SQL statements besides session and account.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return NOBODY
    return actor_for(user, clock.now(), elevated=elevation_of(request) is not None)


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
