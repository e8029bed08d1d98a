"""Where a request came from. Owns the reading of the client's address; may not store it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


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
