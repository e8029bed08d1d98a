"""Reading aids of the residents' pages: the furigana switch. Read-aloud is the browser's own speech (``read_aloud.js``).

Owns the cookie ``furigana`` and the middleware that annotates a finished page. Costs nothing while it is off; pages for
staff and pages in other languages are never touched.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from madoguchi.kernel.furigana import annotate_page
from madoguchi.kernel.ui.language import COOKIE_AGE_SECONDS, STAFF_PREFIXES, lang_of

COOKIE = "furigana"
LANGUAGES = frozenset({"ja", "easy"})
"""The languages whose pages can carry furigana."""


class FuriganaMiddleware:
    """Keep the reader's choice (``?furigana=on`` or ``off``) and annotate Japanese pages while it is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; annotate its page when furigana are on."""
        chosen = request.GET.get("furigana", "")
        request.furigana = (chosen or request.COOKIES.get(COOKIE, "")) == "on"  # type: ignore[attr-defined]
        response = self.get_response(request)
        if chosen in {"on", "off"}:
            response.set_cookie(COOKIE, chosen, max_age=COOKIE_AGE_SECONDS, samesite="Lax", secure=request.is_secure())
        if request.furigana and _carries(request, response):  # type: ignore[attr-defined]
            response.content = annotate_page(response.content.decode()).encode()
        return response


def _carries(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether a response is a Japanese page for residents."""
    return (
        lang_of(request) in LANGUAGES
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not request.path_info.startswith(STAFF_PREFIXES)
    )


def furigana_switch(request: HttpRequest) -> dict[str, object] | None:
    """Return the switch of a page: ``on`` and the ``url`` that turns it; None where it has no use."""
    if lang_of(request) not in LANGUAGES:
        return None
    on = getattr(request, "furigana", False)
    query = request.GET.copy()
    query["furigana"] = "off" if on else "on"
    return {"on": on, "url": f"{request.path}?{query.urlencode()}"}
