"""The accessibility page: the ward's policy in its own words, then the results of the tests as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.kernel.access import public
from madoguchi.kernel.ui.language import HTML_LANG, lang_of
from madoguchi.kernel.ui.markdown import to_html
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.portal.accessibility import Finding, statement
from madoguchi.rooms.portal.views.browse import crumbs

RESULTS = ("pass", "partial", "fail", "not_applicable", "unchecked")


@public(reason="アクセシビリティの方針と試験の結果は、誰でも読める")
def show(request: HttpRequest) -> HttpResponse:
    """Show the policy and one line for each criterion and group of pages."""
    lang = lang_of(request)
    pages = catalogue.pages()
    policy = pages.get(("accessibility", lang)) or pages.get(("accessibility", "ja"))
    found = statement()
    context = {
        "policy": policy,
        "html": to_html(policy.body) if policy else "",
        "shown_lang": HTML_LANG[policy.lang] if policy else "",
        "statement": found,
        "counts": [(text(f"portal.a11y.result.{key}", lang), found.counts.get(key, 0)) for key in RESULTS]
        if found
        else [],
        "rows": [_row(finding, lang) for finding in found.findings] if found else [],
        "crumbs": crumbs(request, (text("portal.nav.accessibility", lang), "")),
    }
    return render(request, "portal/accessibility.html", context)


def _row(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "finding": finding,
        "methods": [text(f"portal.a11y.method.{method}", lang) for method in finding.methods],
        "result": text(f"portal.a11y.result.{finding.result}", lang),
    }
