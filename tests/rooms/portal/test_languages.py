"""Every public page speaks every language the ward offers; a ward that offers fewer shows fewer."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.kernel.ui.language import HTML_LANG

pytestmark = [pytest.mark.django_db]

PAGES = (
    "/",
    "/procedures/",
    "/procedures/tenshutsu/",
    "/life/",
    "/search/?q=%E5%BC%95%E8%B6%8A%E3%81%97",
    "/status/",
    "/resume/",
)
HOME = {"ja": "ホーム", "easy": "はじめの ページ", "en": "Home", "zh": "首页", "ko": "홈"}


def switch_of(body: str) -> list[str]:
    """Return the labels of the language switch."""
    listed = re.search(r'<ul class="wd-lang__list">(.*?)</ul>', body, re.DOTALL)
    return re.findall(r">([^<]+)</a>", listed[1]) if listed else []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_speaks_the_language(suginami: object, client: Client, lang: str) -> None:
    for page in PAGES:
        body = client.get(f"{page}{'&' if '?' in page else '?'}lang={lang}").content.decode()
        assert f'<html lang="{HTML_LANG[lang]}"' in body, page
        assert HOME[lang] in body, page
        assert switch_of(body) == list(LANGUAGES.values()), page


def test_a_ward_shows_the_languages_it_offers(sample_town: object, client: Client) -> None:
    assert switch_of(client.get("/").content.decode()) == [LANGUAGES[lang] for lang in ("ja", "easy", "en")]
