"""Who is it: a guest signs in at the running provider to hand in, on a phone without JavaScript and by keyboard; the clerk
sees the proof. A member of staff signs in by passkey.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import looked_at
from tests.browser.conftest import PHONE
from tests.browser.houses import House, receipt_of, script_of, walk
from tests.support.outside import running_provider

pytestmark = [pytest.mark.django_db(transaction=True)]
FORM = "juminhyo_utsushi"


@pytest.fixture
def provider() -> Iterator[str]:
    with running_provider() as address:
        yield address


def _press(page: Page, name: str) -> None:
    """Reach a link or button by keyboard alone and press it."""
    for _ in range(80):
        here = page.evaluate("() => document.activeElement.innerText || ''")
        if name in here and page.evaluate("() => ['A', 'BUTTON'].includes(document.activeElement.tagName)"):
            before = page.url
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: url != before)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {name}")


def _look(house: House, page: Page, *names: tuple[str, str]) -> None:
    """Look at pages with the same cookies in a window with JavaScript, which axe needs; '' is the page shown now."""
    twin = house.open_page(storage_state=page.context.storage_state())
    for name, address in names:
        twin.goto(address or page.url)
        looked_at(twin, name)
    twin.context.close()


def test_a_guest_shows_who_they_are_when_handing_in(suginami_house: House, provider: str) -> None:
    house = suginami_house
    page = house.open_page(viewport=PHONE, javascript=False)
    page.goto(f"/procedures/{FORM}/")
    expect(page.locator("main")).to_contain_text("申請を送るときに、サインインして")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    walk(page, script_of(FORM))
    expect(page.locator("#gate")).to_contain_text("まだ、本人であることを示すサインインをしていません")
    expect(page.get_by_role("button", name="この内容で申請する")).to_have_count(0)
    _look(house, page, ("gate", ""))
    _press(page, "マイナンバーカードでサインイン")
    expect(page).to_have_url(re.compile(re.escape(provider)))
    _look(house, page, ("provider-consent", ""))
    _press(page, "同意しない")
    expect(page.locator("h1")).to_have_text("サインインを取りやめました")
    _press(page, "もう一度サインインする")
    _press(page, "同意して進む")
    expect(page).to_have_url(re.compile("/summary/$"))
    _press(page, "この内容で申請する")
    receipt = receipt_of(page)
    page.goto(f"/procedures/{FORM}/")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    expect(page.locator("main")).to_contain_text("この内容を入れられます")
    offer = page.url
    _look(
        house, page, ("sign-in-methods", "/mypage/signin/"), ("profile", "/mypage/profile/"), ("prefill-offer", offer)
    )
    page.get_by_role("button", name="この内容を使う").click()
    expect(page.locator("main")).to_contain_text("前の申請（")
    _look(house, page, ("prefill-used", offer))

    clerk = house.open_page()
    house.sign_in(clerk, "kumin")
    clerk.goto(f"/desk/cases/{receipt.number}/")
    expect(clerk.locator("main")).to_contain_text("身元確認 3／当人認証 3")
    looked_at(clerk, "case-identity")


def test_a_member_of_staff_signs_in_by_passkey(suginami_house: House, provider: str) -> None:
    house = suginami_house
    page = house.open_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    house.sign_in(page, "kodomo")
    page.goto("/staff/account/passkeys/add/")
    page.get_by_label(re.compile("名前")).first.fill("試験の鍵")
    page.locator("#mfa_webauthn_add, button[type=submit]", has_text=re.compile("登録")).first.click()
    page.wait_for_url(re.compile("/staff/account/(?!passkeys/add)"))
    page.get_by_role("button", name="サインアウト").first.click()
    page.goto("/staff/signin/")
    looked_at(page, "staff-signin-providers")
    page.get_by_role("button", name="パスキーでサインイン").click()
    page.wait_for_url(re.compile("/(desk|staff)/(?!signin)"))
    page.goto("/desk/")
    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_url(re.compile("/desk/"))
