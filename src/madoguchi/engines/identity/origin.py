"""Whom a sign-in tried, and how an address is kept: as a keyed hash, never in clear."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .managers import fold_login


def tried_login(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the login name of a try in its stored shape, so that letter case does not multiply the tries.

    django-axes hands it over as ``login`` before and Django as ``username`` after the check.
    """
    given = credentials or {}
    return fold_login(str(given.get("username") or given.get("login") or ""))


def keyed_hash(purpose: str, value: str) -> str:
    """Return an HMAC-SHA256 in hex: equal inputs can be counted, but not read back without ``SECRET_KEY``."""
    key = f"madoguchi.identity.{purpose}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
