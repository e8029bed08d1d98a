"""The public figures in a real browser: both widths, every language, a figure that opens its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO

from .checks import looked_at

FOLDER = Path(__file__).parents[2] / "municipalities" / "sample-town"


@pytest.fixture
def town(transactional_db: None) -> Iterator[None]:
    municipality.reset()
    municipality.load_folder(FOLDER, actor=SYSTEM, at=datetime(2026, 11, 4, 10, 0, tzinfo=TOKYO))
    yield
    municipality.reset()


@pytest.mark.parametrize("lang", ["ja", "easy", "en"])
def test_the_public_figures_are_accessible(town: None, page: Page, lang: str) -> None:
    page.goto(f"/indicators/?lang={lang}")
    looked_at(page, f"indicators-{lang}")


def test_a_figure_opens_its_procedures(town: None, plain_page: Page) -> None:
    plain_page.goto("/indicators/")
    figure = plain_page.locator(".wd-figure__value a").first
    figure.click()
    expect(plain_page.locator("h1")).to_contain_text("数えた手続")
    plain_page.locator("tbody th a").first.click()
    expect(plain_page).to_have_url(re.compile("/procedures/"))
