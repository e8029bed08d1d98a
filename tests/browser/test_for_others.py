"""For somebody else in the browser: a delegation from giving to revoking, a clerk who asks, a signed application."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings

from madoguchi.engines.identity.models import StaffPost
from tests.browser.checks import looked_at, shots
from tests.browser.houses import House
from tests.rooms.portal.test_together import LEFT
from tests.rooms.portal.test_together_for_others import COVERED, answer
from tests.support.delegations import appoint, resident
from tests.support.journeys import definition_of, fill, fill_parts, start, valid_example
from tests.support.staff import signed_in

pytestmark = [pytest.mark.django_db(transaction=True)]
PROCEDURE = "koho_haifu"


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


def test_an_interview_for_somebody_else(suginami_house: House) -> None:
    """The representative's result names what is not covered; the clerk's pages ask aloud and want the confirmation."""
    hanako, taro = resident("見本 花子"), resident("見本 次郎")
    given = appoint(hanako, taro, *COVERED)
    page = sit_down(suginami_house, taro)
    page.goto("/life/birth/")
    page.locator(".portal-interview button").first.click()
    looked_at(page, "together-for-whom")
    result = answer(taro, str(taro.post("/together/start/birth/", {"for": given.ref})["Location"]))
    page.goto(result)
    assert "この代理の範囲に、この手続は入っていません。" in page.locator("main").inner_text()
    looked_at(page, "together-for-other-result")

    account = StaffPost.objects.filter(role_id="clerk").select_related("account")[0].account
    client = signed_in(account)
    result = answer(client, str(client.post("/staff/entry/together/birth/start/", {"channel": "counter"})["Location"]))
    clerk = sit_down(suginami_house, client)
    clerk.goto(result)
    looked_at(clerk, "clerk-together-result")
    clerk.get_by_role("button", name="この手続で進む").click()
    looked_at(clerk, "clerk-together-more")
    summary = fill_parts(client, urlsplit(clerk.url).path, LEFT)
    clerk.goto(summary)
    looked_at(clerk, "clerk-together-summary")
    clerk.locator("#paper").select_option("driving_licence")
    clerk.locator("label[for=confirmed-read]").click()
    clerk.get_by_role("button", name="まとめて申請する").click()
    looked_at(clerk, "clerk-together-done")


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
