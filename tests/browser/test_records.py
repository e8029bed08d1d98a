"""The pages of keeping and erasing as people see them: a resident's own data, the staff's plan, holds and requests."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.checks import looked_at
from tests.browser.houses import House, script_of, walk
from tests.browser.test_resident_pages import sign_in

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_resident_sees_takes_and_asks_to_erase_and_staff_see_the_request(town_house: House) -> None:
    page = town_house.open_page()
    sign_in(page, "records@example.jp")
    page.goto("/procedures/juminhyo/")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    walk(page, script_of("juminhyo", "whole_by_mail"))
    page.get_by_role("button", name="この内容で申請する").click()
    expect(page.locator("[data-receipt-number]")).to_be_visible()
    page.goto("/mypage/data/")
    expect(page.get_by_role("main")).to_contain_text("手続が続いています")
    page.get_by_role("button", name="ファイルを作る").click()
    expect(page.get_by_role("status").last).to_contain_text("作っています")
    looked_at(page, "records-mine")
    page.locator("label[for=sure]").click()
    page.get_by_role("button", name="消去を求める").click()
    expect(page.get_by_role("main")).to_contain_text("受け付けました")

    staff = town_house.open_page()
    town_house.sign_in(staff, "jumin-chief")
    for address, name in (("/records/?ahead=365", "plan"), ("/records/holds/", "holds")):
        staff.goto(address)
        expect(staff.locator("h1")).to_have_count(1)
        looked_at(staff, f"records-{name}")
    staff.goto("/records/requests/")
    staff.locator("main tbody a").first.click()
    expect(staff.get_by_role("main")).to_contain_text("手続が続いています")
    looked_at(staff, "records-request")
