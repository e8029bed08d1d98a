"""Every kind of page in every language: axe without a violation at 320 and 1280 px, no sideways scrolling, the right
language, a title of its own; a picture of each to look at.
"""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from madoguchi.kernel.jobs import run_pending
from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.kernel.ui.language import HTML_LANG
from tests.browser.checks import in_words, looked_at
from tests.browser.houses import House, receipt_of, script_of, walk

pytestmark = [pytest.mark.django_db(transaction=True)]

PUBLIC = {
    "home": "/",
    "search": "/search/?q=引っ越し",
    "search-nothing": "/search/?q=zzzz",
    "search-empty": "/search/",
    "procedures": "/procedures/?online=partial",
    "procedure": "/procedures/tenshutsu/",
    "procedure-fees": "/procedures/juminhyo_utsushi/",
    "life-list": "/life/",
    "life": "/life/pets/",
    "departments": "/departments/",
    "department": "/departments/kankyo/",
    "services": "/services/",
    "news-list": "/news/",
    "about": "/pages/about/",
    "help": "/pages/help/",
    "accessibility": "/pages/accessibility/",
    "privacy": "/pages/privacy/",
    "resume": "/apply/resume/",
    "find-status": "/status/",
    "signin": "/signin/",
    "signin-sent": "/signin/sent/",
    "indicators": "/indicators/",
}
SHORT = ("home", "procedure", "find-status", "signin")
"""Pages looked at in Chinese and Korean too; the others are the same but for words."""
FORMS = ("nyusatsu_shikaku", "kaigo_kogaku", "koen_senyo")
"""Forms that together have every kind of question except the Latin name, which the journey of ``test_spine`` has."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_pages(suginami_house: House, lang: str) -> None:
    page = suginami_house.open_page()
    titles: dict[str, str] = {}
    pages = {name: PUBLIC[name] for name in SHORT} if lang in {"zh", "ko"} else PUBLIC
    for name, address in pages.items():
        page.goto(address + ("&" if "?" in address else "?") + f"lang={lang}")
        expect(page.locator("html")).to_have_attribute("lang", HTML_LANG[lang])
        expect(page.locator("h1")).to_have_count(1)
        in_words(page, f"page-{name}-{lang}", lang)
        titles.setdefault(page.title(), name)
    shared = set(pages) - set(titles.values())
    assert shared <= {"search-nothing", "search-empty"}, f"titles used twice: {shared}"


def test_pages_of_one_thing(suginami_house: House) -> None:
    page = suginami_house.open_page()
    page.goto("/news/")
    page.get_by_role("main").get_by_role("link").last.click()
    looked_at(page, "page-news")
    for name, procedure in {"generic": "rinji_gomi", "out-of-scope": "passport"}.items():
        page.goto(f"/procedures/{procedure}/")
        looked_at(page, f"page-procedure-{name}")
    answer = page.goto("/procedures/no_such/")
    assert answer is not None
    assert answer.status == 404
    looked_at(page, "page-404")
    page.goto("/signin/")
    page.get_by_label("メールアドレス").fill("hanako")
    page.get_by_role("button", name="リンクを送る").click()
    expect(page.locator("#error-summary")).to_be_visible()
    looked_at(page, "page-signin-error")


def test_pages_of_a_signed_in_resident(town_house: House) -> None:
    page = town_house.open_page()
    page.goto("/signin/")
    page.get_by_label("メールアドレス").fill("hanako@example.jp")
    page.get_by_role("button", name="リンクを送る").click()
    expect(page.locator("h1")).to_have_text("メールを確認してください")
    run_pending()
    page.goto(re.findall(r"/signin/link/\S+", str(mail.outbox[-1].body))[0])
    looked_at(page, "page-signin-confirm")
    page.get_by_role("button", name="サインインする").click()
    looked_at(page, "page-mypage-empty")
    page.goto("/procedures/juminhyo/")
    page.locator(".wd-apply button").click()
    walk(page, script_of("juminhyo"))
    page.goto("/mypage/")
    looked_at(page, "page-mypage-draft")
    page.locator('main a[href^="/apply/"]').first.click()
    page.get_by_role("button", name="この内容で申請する").click()
    number = receipt_of(page).number
    page.goto("/mypage/")
    expect(page.get_by_role("main")).to_contain_text(number)
    looked_at(page, "page-mypage")
    page.locator('a[href*="/mypage/messages/"]').first.click()
    looked_at(page, "page-message")
    page.goto(f"/status/{number}/withdraw/")
    looked_at(page, "page-withdraw")


STAFF = {
    "kumin-chief": {
        "queue": "/desk/",
        "search": "/desk/search/?q=杉並",
        "workflows": "/desk/workflows/",
        "account": "/staff/account/",
        "internal": "/staff/procedures/",
        "indicators": "/staff/indicators/",
        "indicator": "/staff/indicators/open_cases/",
    },
    "admin": {"elevation": "/staff/elevation/", "passkeys": "/staff/account/passkeys/"},
}


@pytest.mark.parametrize("login", STAFF)
def test_staff_pages(suginami_house: House, login: str) -> None:
    page = suginami_house.open_page()
    suginami_house.sign_in(page, login, look=lambda name: looked_at(page, f"staff-{name}"))
    titles: dict[str, str] = {}
    for name, address in STAFF[login].items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, (address, answer.status)
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        looked_at(page, f"staff-{name}")
        titles.setdefault(page.title(), name)
    assert len(titles) == len(STAFF[login]), titles


def test_a_page_that_is_not_for_me(suginami_house: House) -> None:
    page = suginami_house.open_page()
    suginami_house.sign_in(page, "auditor")
    answer = page.goto("/staff/elevation/")
    assert answer is not None
    assert answer.status == 403
    looked_at(page, "page-403")


@pytest.mark.parametrize("procedure", FORMS)
def test_steps_of_a_form(suginami_house: House, procedure: str) -> None:
    """Every step of forms that together have every kind of question; then the summary and the saved draft."""
    page = suginami_house.open_page()
    page.goto(f"/procedures/{procedure}/")
    page.locator(".wd-apply button").click()
    seen: set[str] = set()

    def look(shown: Page, step_id: str) -> None:
        if step_id not in seen:
            seen.add(step_id)
            looked_at(shown, f"step-{procedure}-{step_id}")

    walk(page, script_of(procedure), each=look)
    looked_at(page, f"summary-{procedure}")
    page.get_by_role("button", name="保存して中断する").click()
    expect(page.locator("h1")).to_have_text("入力した内容を保存しました")
    looked_at(page, f"saved-{procedure}")
