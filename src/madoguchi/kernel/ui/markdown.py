"""Markdown of the ward's pages and news to safe HTML: CommonMark with tables, then cleaned.

Owns the one place where text becomes HTML. Headings start at level 2: the page's title is the only level 1.
"""

from __future__ import annotations

import functools

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "p", "h2", "h3", "h4", "h5", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td",
    "blockquote", "code", "pre", "hr", "br", "dl", "dt", "dd",
}  # fmt: skip


@functools.lru_cache(maxsize=256)
def to_html(source: str) -> SafeString:
    """Return Markdown as clean HTML; raw HTML in the source is shown as text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(source)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]), 2), 5)}"
    rendered = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        rendered, tags=_TAGS, attributes={"a": {"href"}, "th": {"align"}, "td": {"align"}}, link_rel="noopener"
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by nh3 above
