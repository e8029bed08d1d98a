"""Where a request came from and whom it tried. Owns the reading of the client's address; may not store it in clear."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .managers import fold_login


def client_ip(request: HttpRequest) -> str:
    """Return the client's address.

    Behind ``TRUSTED_PROXY_COUNT`` proxies the n-th address from the right of ``X-Forwarded-For`` is believed, because
    only those entries were written by our own proxies; with 0 (the default) the header is ignored.
    """
    hops = getattr(settings, "TRUSTED_PROXY_COUNT", 0)
    if hops:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(chain) >= hops:
            return str(chain[-hops])
    return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


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
