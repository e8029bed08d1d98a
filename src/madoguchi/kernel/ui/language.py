"""Which language a page speaks: ``?lang=`` first, then the cookie, then Japanese; staff pages are Japanese only.

Owns ``request.lang`` and its cookie. May not know who the reader is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from madoguchi.kernel.access import rule_of
from madoguchi.kernel.l10n import FALLBACK, LANGUAGES

COOKIE = "lang"
COOKIE_AGE_SECONDS = 365 * 24 * 60 * 60
STAFF_PREFIXES = ("/staff/", "/desk/")
_current: ContextVar[str] = ContextVar("lang", default=FALLBACK)
HTML_LANG = {"ja": "ja", "easy": "ja", "en": "en", "zh": "zh-Hans", "ko": "ko"}
"""The language of a page as BCP 47 names it."""


class LanguageMiddleware:
    """Set ``request.lang`` and keep an explicit choice in the cookie ``lang``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Turn to Japanese when the view is one for staff, wherever its address lies."""
        rule = rule_of(view)
        if rule is not None and rule.kind == "staff":
            request.lang = FALLBACK  # type: ignore[attr-defined]
            _current.set(FALLBACK)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with its language; set the cookie when the reader chose one."""
        chosen = request.GET.get("lang", "")
        asked = chosen or request.COOKIES.get(COOKIE, "")
        staff = request.path_info.startswith(STAFF_PREFIXES)
        request.lang = asked if asked in LANGUAGES and not staff else FALLBACK  # type: ignore[attr-defined]
        reset = _current.set(request.lang)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            _current.reset(reset)
        if chosen in LANGUAGES and not staff:
            response.set_cookie(COOKIE, chosen, max_age=COOKIE_AGE_SECONDS, samesite="Lax", secure=request.is_secure())
        return response


def current_lang() -> str:
    """Return the language of the request being answered, for filters, which see no context."""
    return _current.get()


def lang_of(request: HttpRequest | None) -> str:
    """Return the language of a request, Japanese when there is none."""
    return getattr(request, "lang", FALLBACK)


def language_links(request: HttpRequest, offered: Collection[str] = tuple(LANGUAGES)) -> list[dict[str, object]]:
    """Return one link per language the ward offers to the same page: ``code, label, html_lang, url, current``."""
    here = lang_of(request)
    links = []
    for code, label in LANGUAGES.items():
        if code not in offered:
            continue
        query = request.GET.copy()
        query["lang"] = code
        links.append(
            {
                "code": code,
                "label": label,
                "html_lang": HTML_LANG[code],
                "url": f"{request.path}?{query.urlencode()}",
                "current": code == here,
            }
        )
    return links
