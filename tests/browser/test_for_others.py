"""For somebody else in the browser: a delegation from giving to revoking, a clerk who asks, a signed application."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, override_settings

from madoguchi.engines.identity.models import Account, StaffPost
from tests.browser.checks import looked_at, shots
from tests.browser.houses import House
from tests.support.journeys import definition_of, fill, start, valid_example
from tests.support.staff import signed_in

pytestmark = [pytest.mark.django_db(transaction=True)]
PROCEDURE = "koho_haifu"


def resident(name: str) -> Client:
    """Return a signed-in resident's client."""
    account, _ = Account.objects.get_or_create(
        kind="resident", login=f"{name}@example.jp", defaults={"email": f"{name}@example.jp", "name": name}
    )
    client = Client()
    client.force_login(account, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    return client


def sit_down(house: House, client: Client, **options: object) -> object:
    """Open a page with the session of a client."""
    page = house.open_page(**options)
    cookies = [
        {"name": each.key, "value": each.value, "domain": "localhost", "path": "/"} for each in client.cookies.values()
    ]
    page.context.add_cookies(cookies)
    return page


def test_given_accepted_seen_and_revoked(suginami_house: House) -> None:
    hanako = sit_down(suginami_house, resident("見本 花子"))
    hanako.goto("/mypage/delegations/give/")
    looked_at(hanako, "delegation-give")
    hanako.locator("label[for=kind-voluntary]").click()
    hanako.locator("#procedures-1").select_option(PROCEDURE)
    for part, value in (("y", "2027"), ("m", "3"), ("d", "31")):
        hanako.locator(f"#valid_to-{part}").fill(value)
    hanako.get_by_role("button", name="招待コードを作る").click()
    code = hanako.locator("[data-invitation-code]").inner_text()
    shots(hanako, "delegation-offered")
    taro = sit_down(suginami_house, resident("見本 太郎"))
    taro.goto("/mypage/delegations/accept/")
    taro.locator("#code").fill(code)
    taro.get_by_role("button", name="内容を確かめる").click()
    looked_at(taro, "delegation-accept")
    taro.get_by_role("button", name="引き受ける").click()
    taro.goto(f"/procedures/{PROCEDURE}/")
    taro.locator(".wd-apply button").click()
    looked_at(taro, "for-whom")
    taro.locator("label[for=for-1]").click()
    taro.get_by_role("button", name="次へ進む").click()
    looked_at(taro, "acting-step")
    hanako.goto("/mypage/delegations/")
    looked_at(hanako, "delegations")
    hanako.get_by_role("button", name="この代理を取り消す").click()
    assert "取り消されました" in hanako.locator("main").inner_text()
    taro.reload()
    assert "今は使えません" in taro.locator("main").inner_text()


def test_a_clerk_begins_by_phone_and_the_resident_finishes_on_the_web(suginami_house: House) -> None:
    account = StaffPost.objects.filter(role_id="clerk").select_related("account")[0].account
    clerk = sit_down(suginami_house, signed_in(account))
    clerk.goto("/staff/entry/?q=広報")
    looked_at(clerk, "clerk")
    clerk.get_by_role("button", name="電話で始める").first.click()
    looked_at(clerk, "clerk-step")
    clerk.get_by_role("button", name="保存").first.click()
    looked_at(clerk, "clerk-saved")
    code = clerk.locator(".wd-receipt__number").inner_text()
    home = suginami_house.open_page()
    home.goto(f"/apply/resume/#{code}")
    assert home.locator("#code").input_value() == code
    assert "#" not in home.url
    home.get_by_role("button").filter(has_text="開く").click()
    assert "/step/" in home.url
    clerk.reload()
    assert "開けません" in clerk.locator("main").inner_text()


def test_a_signature_is_taken_or_refused_in_words(suginami_house: House) -> None:
    client, definition = Client(), definition_of("inkan_shomei")
    with override_settings(DEMO=True):
        assert settings.DEMO
        summary = fill(client, start(client, "inkan_shomei"), definition, valid_example(definition))
        page = sit_down(suginami_house, client, javascript=False)
        page.goto(summary)
        page.get_by_role("link", name="電子署名をつける").click()
        page.get_by_role("button", name="失効したカードで署名する").click()
        assert "失効しています" in page.locator("main").inner_text()
        page.get_by_role("button", name="有効なカードで署名する").click()
        assert "電子署名を確かめました" in page.locator("main").inner_text()
