"""Domain errors as pages: what went wrong and how to mend it, with the right status; never a stack trace.

Owns the page of a domain error. Views may catch an error themselves and show it in place.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.ui.texts import text

_TITLES = {404: "common.error_404.title", 403: "common.error_403.title"}


class DomainErrorMiddleware:
    """Turn a ``DomainError`` that a view let through into a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a domain error with its message and mend; leave anything else to Django."""
        if not isinstance(exception, DomainError):
            return None
        status = exception.http_status
        title = text(_TITLES.get(status, "common.error_400.title"), getattr(request, "lang", "ja"))
        context = {"title": title, "message": exception.message_ja, "mend": exception.mend, "code": exception.code}
        return render(request, "ui/error.html", context, status=status)
