"""What a reader meets when something is refused or fails, in every language and at both widths: what happened, what to do
now, nothing of what was typed.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, Response, expect

from madoguchi.engines.forms.api import Draft
from madoguchi.kernel import clock
from madoguchi.kernel.throttle import TRIES
from madoguchi.rooms.portal.views import browse
from tests.browser.checks import in_words
from tests.browser.conftest import PHONE
from tests.browser.houses import House, fill_step, receipt_of, script_of, step_of, walk

pytestmark = [pytest.mark.django_db(transaction=True)]

LANGUAGES = {
    "ja": re.compile("[ぁ-ん]{2,}.*。"),
    "easy": re.compile("[ぁ-ん]+ [ぁ-ん一-龥]+"),
    "en": re.compile(r"^[A-Z][^ぁ-んァ-ヶ一-龥]+$"),
}
"""What tells that a sentence is in the language: kana and a full stop; words set apart; no Japanese character."""


def said(page: Page, status: int, answer: Response | None, name: str, lang: str) -> None:
    """Check status, language, heading, words and the way on; look at the page at both widths."""
    assert answer is not None
    assert answer.status == status, (answer.url, answer.status)
    expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "en" else "ja")
    expect(page.locator("h1")).to_have_count(1)
    for line in page.locator(".wd-error-page > p:not(.wd-actions):not(.wd-small)").all_inner_texts():
        assert LANGUAGES[lang].search(line), (lang, line)
    expect(page.locator('.wd-error-page a[href="/"]')).to_be_visible()
    in_words(page, f"error-{name}-{lang}", lang)


REFUSED = {
    "404": ("/no-such-page/", 404),
    "no-procedure": ("/procedures/no_such/", 404),
    "no-news": ("/news/no-such/", 404),
    "no-page": ("/pages/no-such/", 404),
    "no-draft": ("/apply/01900000-0000-7000-8000-000000000000/", 404),
    "no-case": ("/status/R08-0012345-7/", 404),
    "405": ("/apply/start/tenshutsu/", 405),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_refused_is_said(suginami_house: House, lang: str) -> None:
    page = suginami_house.open_page()
    for name, (address, status) in REFUSED.items():
        said(page, status, page.goto(f"{address}?lang={lang}"), name, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_of_the_system_is_said(suginami_house: House, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    def fault(*_: Any, **__: Any) -> None:
        raise RuntimeError("杉並花子 03-0000-9999")

    monkeypatch.setattr(browse.cards, "service_cards", fault)
    page = suginami_house.open_page()
    answer = page.goto(f"/services/?lang={lang}")
    said(page, 500, answer, "500", lang)
    for secret in ("花子", "03-0000-9999", "RuntimeError", "Traceback"):
        assert secret not in page.content()
    expect(page.locator(".wd-brand__ward")).not_to_be_empty()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_that_lay_open_too_long_is_not_accepted(suginami_house: House, lang: str) -> None:
    page = suginami_house.open_page()
    page.goto(f"/apply/resume/?lang={lang}")
    page.context.clear_cookies(name="csrftoken")
    page.locator("#code").fill("K7QM-3XTP-9W2H")
    with page.expect_navigation() as navigation:
        page.locator(".wd-form button[type=submit]").click()
    said(page, 403, navigation.value, "csrf", lang)
    assert "K7QM" not in page.content()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_too_much_sent_at_once_is_refused(suginami_house: House, lang: str) -> None:
    page = suginami_house.open_page()
    page.goto(f"/apply/resume/?lang={lang}")
    form = page.locator("form.wd-form")
    page.locator("#code").fill("x" * 1_100_000)
    with page.expect_navigation() as navigation:
        form.locator("button[type=submit]").click()
    said(page, 400, navigation.value, "too-large", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_code_tried_too_often_is_slowed_down(suginami_house: House, lang: str) -> None:
    cache.clear()
    cache.set("throttle.portal.resume.127.0.0.1", TRIES, 900)
    page = suginami_house.open_page(viewport=PHONE)
    page.goto(f"/apply/resume/?lang={lang}")
    page.locator("#code").fill("K7QM-3XTP-9W2H")
    page.locator(".wd-form button[type=submit]").click()
    expect(page.locator("#code-error")).to_contain_text({"ja": "15分", "easy": "15分", "en": "15 minutes"}[lang])
    in_words(page, f"error-too-often-{lang}", lang)
    cache.clear()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_that_has_expired_is_explained(suginami_house: House, lang: str) -> None:
    page, script = suginami_house.open_page(), script_of("tenshutsu")
    page.goto(f"/procedures/tenshutsu/?lang={lang}")
    page.locator(".wd-apply button").click()
    fill_step(page, script.step(step_of(page)), script.answers)
    draft_id = page.url.partition("/apply/")[2].partition("/")[0]
    page.locator('button[name="_save"]').click()
    code = page.locator(".wd-receipt__number").inner_text().strip()
    Draft.objects.filter(pk=draft_id).update(expires_at=clock.now())
    said(page, 404, page.goto(f"/apply/{draft_id}/"), "expired", lang)
    assert script.answers["phone"] not in page.content()
    page.goto("/apply/resume/")
    page.locator("#code").fill(code)
    page.locator(".wd-form button[type=submit]").click()
    expect(page.locator("#code-error")).to_contain_text(LANGUAGES[lang])
    in_words(page, f"error-expired-code-{lang}", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_that_does_not_fit_is_explained(suginami_house: House, lang: str) -> None:
    page = suginami_house.open_page(viewport=PHONE)
    for name, number in {"form": "12345", "slip": "R08-0012345-8", "unknown": "R08-0012345-7"}.items():
        page.goto(f"/status/?lang={lang}")
        page.locator("#number").fill(number)
        page.locator("#code").fill("K7QM-3XTP-9W2H")
        page.locator(".wd-form button[type=submit]").click()
        expect(page.locator("#find-error")).to_contain_text(LANGUAGES[lang])
        expect(page.locator("#number")).to_have_value(number)
        in_words(page, f"error-number-{name}-{lang}", lang)


def test_a_withdrawn_application_cannot_be_withdrawn_again(suginami_house: House) -> None:
    page = suginami_house.open_page()
    page.goto("/procedures/inu_shibo/")
    page.locator(".wd-apply button").click()
    walk(page, script_of("inu_shibo"))
    page.get_by_role("button", name="この内容で申請する").click()
    number = receipt_of(page).number
    other = page.context.new_page()
    other.goto(f"/status/{number}/withdraw/")
    page.goto(f"/status/{number}/withdraw/")
    page.get_by_role("button", name="取り下げる", exact=True).click()
    other.get_by_role("button", name="取り下げる", exact=True).click()
    expect(other).to_have_url(re.compile(f"/status/{number}/$"))
    expect(other.get_by_role("main")).to_contain_text("取り下げ")
