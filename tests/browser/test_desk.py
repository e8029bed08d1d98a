"""The desk in a real browser: axe, reflow, keys, and the way from the queue to a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.engines.casework.api import Case, OpenedCase
from madoguchi.kernel.clock import now
from tests.browser.checks import looked_at
from tests.rooms.desk.conftest import guest, hand_in, procedure_id, sit_down, town  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def cases(hand_in: Callable[..., OpenedCase]) -> list[Case]:  # noqa: F811
    people = [("杉野 花子", "スギノ ハナコ"), ("髙橋 梅", "タカハシ ウメ"), ("見本 太郎", "ミホン タロウ")]
    return [
        hand_in(at=now() - timedelta(days=days), name=name, kana=kana).case
        for days, (name, kana) in zip((40, 3, 1), people, strict=True)
    ]


@pytest.fixture
def desk(sit_down: Callable[[str], Client], page: Page, live_server: object) -> Iterator[Page]:  # noqa: F811
    client = sit_down("jumin")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": str(live_server)}])
    return page


def test_every_page_of_the_desk_is_accessible(desk: Page, cases: list[Case]) -> None:
    number = cases[0].number
    pages = {
        "queue": "/desk/",
        "search": "/desk/search/",
        "case": f"/desk/cases/{number}/",
        "correction": f"/desk/cases/{number}/correction/",
        "step": f"/desk/cases/{number}/step/withdraw/",
        "transfer": f"/desk/cases/{number}/transfer/",
        "workflows": "/desk/workflows/",
    }
    for name, address in pages.items():
        desk.goto(address)
        looked_at(desk, f"desk-{name}")


def test_the_queue_is_worked_by_keys_alone(desk: Page, cases: list[Case]) -> None:
    desk.goto("/desk/")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.locator("[data-tick-count]")).to_have_text("1")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    expect(desk.locator('tr[aria-current="true"]')).to_contain_text(cases[1].number)
    desk.keyboard.press("Enter")
    expect(desk.locator(".wd-number")).to_have_text(cases[1].number)
    desk.keyboard.press("s")
    expect(desk.locator(".wd-banner").first).to_contain_text("行いました")
    desk.keyboard.press("m")
    expect(desk.locator(".wd-banner").first).to_contain_text("担当を見本 太郎にしました")
    desk.keyboard.press("h")
    expect(desk.locator("h1")).to_contain_text("補正を求める")


def test_a_correction_is_previewed_and_sent(desk: Page, cases: list[Case]) -> None:
    desk.goto(f"/desk/cases/{cases[0].number}/correction/")
    desk.locator('input[name="fields"]').first.check(force=True)
    desk.get_by_label("理由のひな形").select_option(index=1)
    desk.get_by_role("button", name="区民に見える内容を確かめる").click()
    expect(desk.locator("[data-preview]")).to_be_visible()
    looked_at(desk, "desk-correction-preview")
    desk.get_by_role("button", name="この内容で送る").click()
    expect(desk.locator(".wd-banner").first).to_contain_text("補正を依頼しました")
    looked_at(desk, "desk-case-waiting")
