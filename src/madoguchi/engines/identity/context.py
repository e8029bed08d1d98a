"""Template context of every page: who is acting and whether rights are raised. Adds no SQL when nobody is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from madoguchi.kernel.access import actor_of

from .current import elevation_of


def identity(request: HttpRequest) -> dict[str, Any]:
    """Return ``actor`` and ``elevation`` (``None`` unless in force), both worked out only when a template reads them."""
    return {
        "actor": SimpleLazyObject(lambda: actor_of(request)),
        "elevation": SimpleLazyObject(lambda: elevation_of(request)),
    }
