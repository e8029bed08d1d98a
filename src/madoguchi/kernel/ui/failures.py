"""Refusals and faults as pages: what went wrong and what to do now, in the reader's language; never a stack trace.

Owns the pages of domain errors, of a method that an address does not take, and of a fault of the system. Views may catch
an error themselves and show it in place, with the words of ``words_of``. May not print anything a person sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.l10n import FALLBACK
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import all_texts, text

_GENERAL = {
    403: ("common.error_403.title", "common.error_403.message", "common.error_403.mend"),
    404: ("common.error_404.title", "common.error_404.message", "common.error_404.mend"),
    409: ("common.error_409.title", "common.error_409.message", "common.error_409.mend"),
}
_ANY = ("common.error_400.title", "common.error_400.message", "common.error_400.mend")
METHOD_NOT_ALLOWED = 405


class Words(NamedTuple):
    """What an error says to a person: what happened, and what to do now ('' when nothing is to be done)."""

    message: str
    mend: str

    def __str__(self) -> str:
        """Return both as one text."""
        return f"{self.message} {self.mend}".strip() if self.message.isascii() else self.message + self.mend


def words_of(error: DomainError, lang: str) -> Words:
    """Return an error's words in a language: its own in Japanese, else those of the texts ``refusal.<code>``.

    A code without texts of its own gives the general words of its status, so that nobody reads a language not chosen.
    """
    if lang == FALLBACK:
        return Words(error.message_ja, error.mend)
    key = f"refusal.{error.code}.message"
    if key in all_texts():
        mend = f"refusal.{error.code}.mend"
        return Words(text(key, lang), text(mend, lang) if mend in all_texts() else "")
    _, message, mend = _GENERAL.get(error.http_status, _ANY)
    return Words(text(message, lang), text(mend, lang))


class DomainErrorMiddleware:
    """Turn a ``DomainError`` that a view let through, and a refused method, into a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; give a refused method a page, its ``Allow`` header kept."""
        response = self.get_response(request)
        if response.status_code != METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a domain error with its message and mend; leave anything else to Django."""
        if not isinstance(exception, DomainError):
            return None
        status, lang = exception.http_status, lang_of(request)
        words = words_of(exception, lang)
        title, _, mend = _GENERAL.get(status, _ANY)
        context = {
            "title": text(title, lang),
            "message": words.message,
            "mend": words.mend or text(mend, lang),
            "code": exception.code,
        }
        return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read, in the frame of every page (Django's ``handler400``)."""
    return _page(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a fault, in the frame of every page; in a bare one when even that fails (Django's ``handler500``)."""
    return _page(request, "500.html", 500)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    try:
        body = render_to_string(template, request=request)
    except Exception:
        body = render_to_string(template, {"lang": lang_of(request)})
    return HttpResponse(body, status=status)
