"""Everything by keyboard alone: an application from the home page to the receipt, and a clerk who decides a case.

Nothing is clicked or filled by the tool: Tab to reach, type, arrows or Space to choose, Enter to press. What is reached
must also be seen: it lies within the window.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from madoguchi.engines.identity.api import demo_totp_code
from madoguchi.engines.payments.api import charges_of_case, take_cash
from madoguchi.kernel import clock
from madoguchi.kernel.access import SYSTEM
from tests.browser.houses import PASSWORD, House, receipt_of
from tests.support.files import JPEG

pytestmark = [pytest.mark.django_db(transaction=True)]


def reach(page: Page, target: Locator, *, at_most: int = 90) -> None:
    """Press Tab until the target has the focus and is in view."""
    expect(target).to_have_count(1)
    for _ in range(at_most):
        if target.evaluate("node => node === document.activeElement"):
            expect(target).to_be_in_viewport()
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {target}")


def press(page: Page, target: Locator) -> None:
    """Reach a link or a button and press Enter."""
    reach(page, target)
    page.keyboard.press("Enter")


def write(page: Page, selector: str, text: str) -> None:
    """Reach a box and type."""
    reach(page, page.locator(selector))
    page.keyboard.type(text)


def choose(page: Page, name: str, value: str) -> None:
    """Reach a group of radio buttons and move to one by the arrow keys, or tick a box by Space."""
    wanted = page.locator(f'input[name="{name}"][value="{value}"]')
    if wanted.get_attribute("type") == "checkbox":
        reach(page, wanted)
        page.keyboard.press("Space")
    else:
        reach(page, page.locator(f'input[name="{name}"]').first)
        page.keyboard.press("Space")
        for _ in range(12):
            if wanted.is_checked():
                break
            page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def test_an_application_and_a_decision(town_house: House) -> None:
    page = town_house.open_page()
    page.goto("/")
    write(page, "#q, input[name=q]", "住民票")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("main").locator('a[href="/procedures/juminhyo/"]'))
    press(page, page.locator(".wd-apply button"))
    _answer_the_form(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("答えの確認")
    press(page, page.get_by_role("button", name="この内容で申請する"))
    expect(page.get_by_role("heading", level=1)).to_have_text("申請を受け付けました")
    number = receipt_of(page).number
    for view in charges_of_case(number):
        take_cash(view.charge, tendered_yen=view.balance.outstanding_yen, actor=SYSTEM, at=clock.now())
    clerk = town_house.open_page()
    clerk.goto("/staff/signin/")
    write(clerk, "#id_login", "jumin")
    write(clerk, "#id_password", PASSWORD)
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#id_code")).to_be_visible()
    write(clerk, "#id_code", demo_totp_code(at=clock.now()))
    clerk.keyboard.press("Enter")
    press(clerk, clerk.get_by_role("link", name=number))
    for action in ("確認を始める", "交付を準備する", "交付する"):
        press(clerk, clerk.get_by_role("button", name=action))
        expect(clerk.locator(".wd-banner").first).to_contain_text(f"「{action}」を行いました")


def _answer_the_form(page: Page) -> None:
    """Answer the three steps of the town's form for a resident's record."""
    # listened for from the start: the browser must have been told to hand over its file window before a key opens it
    licence = {"name": "licence.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    page.on("filechooser", lambda chooser: chooser.set_files(licence))
    expect(page.get_by_role("heading", level=1)).to_contain_text("申請者")
    _write_all(
        page, "full_name", {"family": "見本", "given": "一郎", "family_kana": "ミホン", "given_kana": "イチロウ"}
    )
    _write_all(page, "born_on", {"y": "1980", "m": "2", "d": "3"})
    home = {"postal_code": "9990001", "prefecture": "東京都", "city": "サンプル町", "town": "中央", "block": "1-2-3"}
    _write_all(page, "home", home)
    write(page, "#tel", "09012345678")
    choose(page, "standing", "inside")
    _next(page, "必要な住民票")
    choose(page, "scope", "household")
    choose(page, "extras", "relation")
    write(page, "#sheets", "2")
    choose(page, "exempt", "ordinary")
    _next(page, "受け取り")
    choose(page, "receive_by", "mail")
    reach(page, page.locator("#identity_file-file"))
    page.keyboard.press("Enter")
    expect(page.locator("#identity_file-files li")).to_contain_text("licence.jpg")  # sent at once, piece by piece
    choose(page, "pledge", "1")
    _next(page, "答えの確認")


def _write_all(page: Page, name: str, parts: dict[str, Any]) -> None:
    for part, text in parts.items():
        write(page, f"#{name}-{part}", text)


def _next(page: Page, title: str) -> None:
    """Press Enter on the button that leads on; the new page's heading takes the focus."""
    press(page, page.locator(".wd-form__next"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(title)
