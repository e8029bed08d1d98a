"""Template context of every page: whether the actor's rights are raised.

Adds no SQL unless the session names an elevation.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .current import elevation_of


def identity(request: HttpRequest) -> dict[str, Any]:
    """Return ``elevation`` (false unless one is in force), worked out only when a template reads it."""
    return {"elevation": SimpleLazyObject(lambda: elevation_of(request))}
