"""Pages about staff in a browser: an administrator raises rights, finds a person, is asked for a reason."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.checks import looked_at
from tests.browser.houses import PASSWORD, House, press


def test_an_administrator_looks_after_staff(town_house: House) -> None:
    page = town_house.open_page()
    town_house.sign_in(page, "admin")
    page.goto("/staff/elevation/")
    if page.get_by_label("パスワード").count():
        page.get_by_label("パスワード").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
    page.get_by_label("理由").fill("職員の異動に伴うアカウントの整理のため")
    page.get_by_role("button", name="30分間昇格する").click()
    page.get_by_role("link", name="職員", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("職員")
    looked_at(page, "people-list")
    page.goto("/staff/people/jumin/")
    looked_at(page, "people-one")
    press(page, page.get_by_role("button", name="アカウントを停止する"))
    expect(page.locator("#reason-error")).to_be_visible()
    looked_at(page, "people-fault")
