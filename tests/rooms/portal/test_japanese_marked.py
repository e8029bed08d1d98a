"""On a foreign page every Japanese word with kana stands in an element that says so (WCAG 3.1.2)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from madoguchi.kernel.ui.templatetags.ui import marked

PAGES = (
    "/",
    "/procedures/",
    "/procedures/tenshutsu/",
    "/life/",
    "/life/moving/",
    "/search/?q=x",
    "/departments/",
    "/services/",
    "/pages/accessibility/",
    "/status/",
)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_VOID = {"br", "img", "input", "meta", "link", "hr", "wbr", "source", "col"}


class Unmarked(HTMLParser):
    """Collect the texts with kana that stand outside lang="ja"."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append((tag, dict(attrs).get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if (
            _KANA.search(data)
            and self.open
            and self.open[-1][1] != "ja"
            and self.open[-1][0] not in {"script", "style"}
        ):
            self.found.append(data.strip())


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "zh", "ko"])
def test_japanese_on_a_foreign_page_says_so(suginami: object, client: Client, lang: str) -> None:
    for page in PAGES:
        response = client.get(f"{page}{'&' if '?' in page else '?'}lang={lang}")
        assert response.status_code == 200, page
        parser = Unmarked()
        parser.feed(response.content.decode())
        assert not parser.found, page


def test_only_japanese_on_a_foreign_page_is_marked() -> None:
    assert marked({"ja": "届<出>"}, "en") == '<span lang="ja">届&lt;出&gt;</span>'
    assert marked({"ja": "届", "en": "Notice"}, "en") == "Notice"
    assert marked("届", "easy") == "届"
