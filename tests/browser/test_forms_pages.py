"""The staff's pages of the forms in a real browser: axe and reflow at both widths, and the way to a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.engines.forms.api import FormVersion
from tests.browser.checks import looked_at
from tests.rooms.catalogue.conftest import FORM, second_version, staff, town  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(staff: Callable[[str], Client], page: Page, live_server: object) -> Iterator[Page]:  # noqa: F811
    value = staff("jumin").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": str(live_server)}])
    return page


def test_the_pages_of_the_forms_are_accessible(desk: Page, second_version: FormVersion) -> None:  # noqa: F811
    pages = {
        "list": "/staff/forms/",
        "empty": "/staff/forms/?q=zzz",
        "form": f"/staff/forms/{FORM}/",
        "compare": f"/staff/forms/{FORM}/compare/",
        "wrong": f"/staff/forms/{FORM}/compare/?old=x",
    }
    for name, address in pages.items():
        desk.goto(address)
        looked_at(desk, f"forms-{name}")


def test_a_clerk_finds_what_changed(desk: Page, second_version: FormVersion) -> None:  # noqa: F811
    desk.goto("/staff/forms/")
    desk.get_by_role("searchbox").fill("住民票")
    desk.keyboard.press("Enter")
    desk.locator(".wd-forms__title a").first.click()
    desk.get_by_role("link", name="第1版との違い").click()
    expect(desk.locator("h1")).to_contain_text("第1版と第2版の違い")
    added = desk.locator('.wd-change[data-kind="added"]', has_text="連絡したいこと")
    expect(added).to_contain_text("追加")
    desk.get_by_label("前の版").select_option("2")
    desk.get_by_role("button", name="比べる").click()
    expect(desk.locator("main")).to_contain_text("同じ版を選んでいます")
