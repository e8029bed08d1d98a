"""The address a load balancer asks: answers when the process is up. Touches no database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from madoguchi.kernel.access import public


@public(reason="稼働の確認。何も見せない")
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")
