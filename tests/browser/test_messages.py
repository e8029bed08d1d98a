"""A clerk asks and a resident answers from a phone; the marks of what is unread move on both sides."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.engines.casework.api import Case
from tests.browser.checks import looked_at
from tests.browser.conftest import PHONE
from tests.browser.houses import House
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example

pytestmark = [pytest.mark.django_db(transaction=True)]


def hand_in() -> Receipt:
    resident, form = Client(), definition_of("juminhyo")
    return submit(resident, fill(resident, start(resident, "juminhyo"), form, valid_example(form, "whole_by_mail")))


def find(page: Page, receipt: Receipt) -> None:
    page.goto("/status/")
    page.get_by_label("受付番号").fill(receipt.number)
    page.get_by_label("照会コード").fill(receipt.code)
    page.get_by_role("button", name="確かめる").click()


def test_a_clerk_asks_and_a_resident_answers_from_a_phone(town_house: House) -> None:
    receipt = hand_in()
    desk = town_house.open_page()
    town_house.sign_in(desk, "jumin")
    desk.goto(f"/desk/cases/{receipt.number}/")
    desk.get_by_label("返事のひな形").select_option(label="記入の内容を尋ねる")
    desk.get_by_role("button", name="文を入れる").click()
    expect(desk.get_by_label("申請者へのメッセージ")).to_contain_text("確かめたいことがあります")
    desk.get_by_label("申請者へのメッセージ").fill("証明書の提出先を教えてください。")
    desk.get_by_role("button", name="申請者に送る").click()
    expect(desk.locator(".wd-thread")).to_contain_text("まだ読まれていません")

    phone = town_house.open_page(viewport=PHONE, has_touch=True)
    find(phone, receipt)
    expect(phone.get_by_role("heading", name="担当課から新しいメッセージが1件あります")).to_be_visible()
    looked_at(phone, "messages-status")
    phone.get_by_label("担当課へのメッセージ").fill("勤め先に出します。")
    phone.get_by_role("button", name="メッセージを送る").click()
    expect(phone.locator(".wd-thread")).to_contain_text("担当課はまだ読んでいません")
    expect(phone.get_by_role("heading", name="新しいメッセージ")).to_have_count(0)

    desk.goto("/desk/?show=reply")
    expect(desk.locator("main")).to_contain_text("返事待ち（未読1件）")
    desk.goto(f"/desk/cases/{receipt.number}/")
    expect(desk.locator(".wd-thread")).to_contain_text("申請者が読みました")
    expect(desk.locator(".wd-thread")).to_contain_text("勤め先に出します。")
    looked_at(desk, "messages-desk")
    phone.reload()
    expect(phone.locator(".wd-thread")).to_contain_text("担当課が読みました")


def test_the_ways_of_a_guest_and_the_letters_of_the_staff(town_house: House) -> None:
    receipt = hand_in()
    Case.objects.filter(number=receipt.number).update(contact_email="hanako@example.jp")
    guest = town_house.open_page()
    find(guest, receipt)
    guest.get_by_role("link", name="お知らせの受け取り方を変える").click()
    guest.get_by_label("携帯電話の番号").fill("09012345678")
    guest.get_by_text("この番号でSMSのお知らせを受け取ることに同意します").click()
    guest.get_by_role("button", name="確認コードを送る").click()
    expect(guest.get_by_label("確認コード（6桁）")).to_be_visible()
    looked_at(guest, "messages-ways")
    desk = town_house.open_page()
    town_house.sign_in(desk, "jumin")
    desk.get_by_role("link", name="文面", exact=True).click()
    desk.get_by_role("link", name="補正のお願い").click()
    expect(desk.get_by_role("heading", name="한국어")).to_be_visible()
    looked_at(desk, "messages-letter")
