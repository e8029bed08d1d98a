"""A brake on guessing: so many tries of one thing from one address within a quarter of an hour (per process)."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from madoguchi.kernel.errors import NotAllowed
from madoguchi.kernel.origin import client_ip

TRIES = 30
SECONDS = 900


def slow_down(request: HttpRequest, what: str) -> None:
    """Count a try of *what* (``portal.status``). Raises NotAllowed after ``TRIES`` of them from one address."""
    key = f"throttle.{what}.{client_ip(request)}"
    cache.add(key, 0, SECONDS)
    if cache.incr(key) > TRIES:
        raise NotAllowed(
            "続けて何度も試されたため、しばらく受け付けません。",
            code="kernel.too_many",
            mend="15分ほど待ってから試してください。",
        )
