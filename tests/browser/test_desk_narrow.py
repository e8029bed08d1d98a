"""The desk on a phone: what can be done stands right after the facts, filters are folded, everything can be reached."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.checks import looked_at
from tests.rooms.catalogue.conftest import staff, town  # noqa: F401 - fixtures
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def receipt(town: None) -> Receipt:  # noqa: F811
    resident, form = Client(), definition_of("juminhyo")
    return submit(resident, fill(resident, start(resident, "juminhyo"), form, valid_example(form, "whole_by_mail")))


@pytest.fixture
def desk(receipt: Receipt, staff, page: Page, live_server: object) -> Page:  # type: ignore[no-untyped-def]  # noqa: F811
    value = staff("jumin").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": str(live_server)}])
    page.set_viewport_size({"width": 320, "height": 640})
    return page


def test_the_actions_come_right_after_the_facts(desk: Page, receipt: Receipt) -> None:
    desk.goto(f"/desk/cases/{receipt.number}/")
    order = desk.locator("main h2").all_inner_texts()
    assert order[:3] == ["受付", "できること", "申請の内容"]
    top = {name: desk.locator(f"#{name}").bounding_box()["y"] for name in ("facts", "actions", "answers")}  # type: ignore[index]
    assert top["facts"] < top["actions"] < top["answers"]
    looked_at(desk, "desk-case")
    desk.set_viewport_size({"width": 1280, "height": 900})
    beside = {name: desk.locator(f"#{name}").bounding_box() for name in ("facts", "actions")}
    assert beside["actions"]["x"] > beside["facts"]["x"] + 400  # type: ignore[index]
    assert abs(beside["actions"]["y"] - beside["facts"]["y"]) < 40  # type: ignore[index]


def test_the_filters_are_folded_and_a_case_is_taken_on(desk: Page, receipt: Receipt) -> None:
    desk.goto("/desk/")
    expect(desk.locator("#state")).to_be_hidden()
    desk.get_by_text("絞り込みと並び").click()
    expect(desk.locator("#state")).to_be_visible()
    looked_at(desk, "desk-queue")
    desk.set_viewport_size({"width": 320, "height": 640})
    desk.goto("/desk/")
    for button in desk.locator("main button:visible, main .wd-button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 24, button.inner_text()
    desk.get_by_role("link", name=receipt.number).click()
    desk.get_by_role("button", name="自分が担当する").click()
    expect(desk.locator("main")).to_contain_text("住民課／")
