"""Template context of every page: the municipality and the language. Costs nothing until a template reads it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from madoguchi.kernel.access import actor_of
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.ui.language import HTML_LANG, lang_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return ``municipality``, ``lang`` (a key of ``LANGUAGES``), ``html_lang`` (BCP 47) and ``actor``."""
    lang = lang_of(request)
    return {
        "municipality": SimpleLazyObject(_municipality),
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "actor": SimpleLazyObject(lambda: actor_of(request)),
    }


def _municipality() -> Any:
    """Return the ward this house serves, or nothing before a folder was loaded, so that error pages can still be drawn."""
    from madoguchi.kernel import municipality

    try:
        return municipality.current()
    except NotFound:
        return {}
