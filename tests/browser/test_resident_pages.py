"""What a resident sees beyond the first visit, in every language: my page with drafts, cases and messages, correcting,
withdrawing, answering the office, resuming by code, files, rows of a group, typing slips in a search.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from madoguchi.engines.casework.api import Case, advance
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.jobs import run_pending
from tests.browser.checks import in_words, looked_at
from tests.browser.conftest import PHONE
from tests.browser.houses import House, fill_step, press, press_next, receipt_of, script_of, step_of, walk
from tests.rooms.portal.journey import ask_for, chief_of
from tests.support.files import EXE, JPEG, PDF

pytestmark = [pytest.mark.django_db(transaction=True)]

LANGUAGES = {"ja": "日本語", "easy": "やさしい日本語", "en": "English"}
HTML_LANG = {"ja": "ja", "easy": "ja", "en": "en"}


def in_each_language(page: Page, address: str, name: str, *, also: Callable[[Page, str], None] | None = None) -> None:
    """Open an address and switch the language in the header, as a reader does; end in Japanese.

    The Japanese page is looked at in both widths, the others, which differ in their words only, in the narrow one.
    """
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, (address, answer.status)
    for lang in ("easy", "en", "ja"):
        page.get_by_role("navigation", name=re.compile("言語|ことば|Language")).get_by_role(
            "link", name=LANGUAGES[lang], exact=True
        ).click()
        expect(page.locator("html")).to_have_attribute("lang", HTML_LANG[lang])
        expect(page.locator(".wd-lang [aria-current]")).to_have_text(LANGUAGES[lang])
        assert page.url.partition("?")[0].endswith(address.partition("?")[0]), page.url
        expect(page.locator("h1")).to_have_count(1)
        if also is not None:
            also(page, lang)
        in_words(page, f"resident-{name}-{lang}", lang)


def sign_in(page: Page, mailbox: str) -> None:
    """Sign in by the mailed link."""
    page.goto("/signin/")
    page.get_by_label("メールアドレス").fill(mailbox)
    page.get_by_role("button", name="リンクを送る").click()
    expect(page.locator("h1")).to_have_text("メールを確認してください")
    run_pending()
    letter = next(one for one in reversed(mail.outbox) if one.to == [mailbox])
    page.goto(re.findall(r"/signin/link/\S+", str(letter.body))[0])
    page.get_by_role("button", name="サインインする").click()
    expect(page.locator('button[type="submit"]', has_text="サインアウト").first).to_be_attached()


def start(page: Page, procedure: str) -> None:
    """Start an application from the procedure's page."""
    page.goto(f"/procedures/{procedure}/")
    page.locator(".wd-apply button").click()
    expect(page).to_have_url(re.compile("/step/"))


def hand_in(page: Page, procedure: str, example: str = "") -> Case:
    """Apply for a procedure by hand and return the case."""
    start(page, procedure)
    walk(page, script_of(procedure, example))
    page.get_by_role("button", name="この内容で申請する").click()
    return Case.objects.get(number=receipt_of(page).number)


def test_my_page_of_a_busy_resident(suginami_house: House) -> None:
    page = suginami_house.open_page()
    sign_in(page, "busy@example.jp")
    waiting = hand_in(page, "tenshutsu", "whole_family")
    withdrawn = hand_in(page, "inu_shibo")
    start(page, "kaigo_kogaku")
    ask_for(waiting, ["phone"])
    run_pending()

    def everything_is_there(shown: Page, lang: str) -> None:
        main = shown.get_by_role("main")
        expect(main).to_contain_text(waiting.number)
        expect(main.locator('.wd-chip[data-kind="waiting"]')).to_have_count(1)
        expect(main.locator('a[href*="/apply/"]')).to_have_count(1)
        assert main.locator('a[href*="/mypage/messages/"]').count() >= 3

    in_each_language(page, "/mypage/", "mypage", also=everything_is_there)
    message = str(page.locator('a[href*="/mypage/messages/"]').first.get_attribute("href"))
    in_each_language(page, message, "message")
    in_each_language(page, f"/status/{waiting.number}/", "status-asked")
    in_each_language(page, f"/status/{waiting.number}/correct/", "correct")
    page.locator("#phone").fill("")
    page.get_by_role("button", name="直した内容を送る").click()
    expect(page.locator("#error-summary")).to_contain_text("電話番号")
    looked_at(page, "resident-correct-error")
    page.locator("#phone").fill("0312345678")
    page.get_by_role("button", name="直した内容を送る").click()
    expect(page).to_have_url(re.compile(f"/status/{waiting.number}/$"))
    expect(page.get_by_role("link", name="内容を直す")).to_have_count(0)
    in_each_language(page, f"/status/{withdrawn.number}/withdraw/", "withdraw")
    page.get_by_label("取り下げる理由").fill("見つかったため")
    page.get_by_role("button", name="取り下げる", exact=True).click()
    in_each_language(page, f"/status/{withdrawn.number}/", "status-withdrawn")
    page.goto("/mypage/")
    page.get_by_role("link", name="続きを入力する").click()
    expect(page).to_have_url(re.compile("/apply/.*/step/who/$"))


def test_the_office_waits_for_the_resident(suginami_house: House) -> None:
    page = suginami_house.open_page()
    case = hand_in(page, "doro_senyo")
    way: list[tuple[str, dict[str, Any]]] = [
        ("check", {}),
        ("plan_inspection", {"note": "11月9日"}),
        ("ask_improvement", {"reason": "標識がない", "due_on": "2026-11-20"}),
    ]
    for step, payload in way:
        calendar, chief = municipality.current().calendar, chief_of(case.section)
        case = advance(case, step, actor=chief, at=clock.now(), calendar=calendar, payload=payload)
    in_each_language(page, f"/status/{case.number}/", "status-waiting")
    in_each_language(page, f"/status/{case.number}/step/improved/", "own-step")
    page.get_by_label("担当課に伝えること").fill("標識を立てました。")
    page.get_by_role("button", name="送る", exact=True).click()
    expect(page).to_have_url(re.compile(f"/status/{case.number}/$"))


WRONG_CODE = {
    "ja": "再開コードに打ち間違いがあります",
    "easy": "コードに まちがいが あります",
    "en": "There is a slip in the code",
}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_draft_is_resumed_by_its_code(suginami_house: House, javascript: bool) -> None:
    page = suginami_house.open_page(javascript=javascript, viewport=PHONE)
    start(page, "inu_shibo")
    script = script_of("inu_shibo")
    fill_step(page, script.step(step_of(page)), script.answers)
    page.get_by_role("button", name="保存して中断する").click()
    code = page.locator(".wd-receipt__number").inner_text().strip()
    other = suginami_house.open_page(javascript=javascript, viewport=PHONE)

    def wrong(shown: Page, lang: str) -> None:
        swapped = code[:-1] + ("2" if code[-1] != "2" else "3")
        shown.locator("#code").fill(swapped)
        shown.locator(".wd-form button[type=submit]").click()
        expect(shown.locator("#code-error")).to_contain_text(WRONG_CODE[lang])
        expect(shown.locator("#code")).to_have_value(swapped)

    if javascript:
        in_each_language(other, "/apply/resume/", "resume-wrong", also=wrong)
    other.goto("/apply/resume/")
    other.get_by_label("再開コード").fill(code.lower().replace("-", " "))
    other.get_by_role("button", name="続きを開く").click()
    expect(other).to_have_url(re.compile("/step/|/summary/"))
    family = script.answers["applicant"]["family"] if "applicant" in script.answers else ""
    if family and step_of(other) == script.definition.steps[0].id:
        expect(other.locator("#applicant-family")).to_have_value(family)


def test_a_file_is_added_refused_and_removed(suginami_house: House) -> None:
    page, script = suginami_house.open_page(), script_of("juminhyo_utsushi")
    start(page, "juminhyo_utsushi")
    for _ in range(8):
        if step_of(page) == "confirm_papers":
            break
        fill_step(page, script.step(step_of(page)), script.answers)
        press_next(page)
    chooser = page.locator("#id_file-file")
    refused = page.locator('.wd-upload__row[data-state="refused"]')
    for name, content, words in (
        ("licence.jpg", EXE, "「licence.jpg」は受け付けられませんでした"),
        ("large.pdf", PDF + bytes(11_000_000), "MB"),
    ):
        chooser.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content})
        expect(refused.last).to_contain_text(words)
    looked_at(page, "resident-file-refused")
    chooser.set_input_files({"name": "licence.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    expect(page.locator("#id_file-kept")).to_be_visible()
    here = page.url.partition("localhost")[2].partition("/")[2]
    in_each_language(page, f"/{here}", "file-kept")
    press(page, page.locator('button[name="_remove_file"]'))
    expect(page.locator("#id_file-kept")).to_have_count(0)


def test_rows_are_edited_one_at_a_time(suginami_house: House) -> None:
    page, script = suginami_house.open_page(), script_of("juminhyo_utsushi", "foreign_some")
    start(page, "juminhyo_utsushi")
    fill_step(page, script.step("who"), script.answers)
    press_next(page)
    for one in ("kind-current", "range-some"):
        with page.expect_response("**/autosave/"):
            page.locator(f"label[for={one}]").click()
    expect(page.locator('button[name="_row_add"]')).to_be_visible()
    press(page, page.locator('button[name="_row_add"]'))
    in_each_language(page, "/" + page.url.partition("localhost")[2].partition("/")[2], "row-open")
    press(page, page.locator('button[name="_row_save"]'))
    expect(page.locator("#error-summary")).to_be_visible()
    looked_at(page, "resident-row-error")
    page.locator("#people-0-person_name-family").fill("杉並")
    page.locator("#people-0-person_name-given").fill("花子")
    page.locator("#people-0-person_name-family_kana").fill("スギナミ")
    page.locator("#people-0-person_name-given_kana").fill("ハナコ")
    for part, text in zip("ymd", ("1987", "8", "1"), strict=True):
        page.locator(f"#people-0-person_birth_on-{part}").fill(text)
    press(page, page.locator('button[name="_row_save"]'))
    expect(page.locator(".wd-rows__item")).to_contain_text("杉並")
    looked_at(page, "resident-row-kept")
    press(page, page.locator('button[name="_row_edit"]'))
    expect(page.locator("#people-0-person_name-given")).to_have_value("花子")
    looked_at(page, "resident-row-edit")
    press(page, page.locator('button[name="_row_cancel"]'))
    press(page, page.locator('button[name="_row_remove"]'))
    expect(page.locator(".wd-rows__item")).to_have_count(0)


BROWSED = {
    "search-slip": "/search/?q=住民表",
    "procedure-ja-only": "/procedures/tennyu/",
    "yearly": "/indicators/yearly_counts/?department=kumin",
}


def test_browsing_in_each_language(suginami_house: House) -> None:
    page = suginami_house.open_page()
    for name, address in BROWSED.items():
        in_each_language(page, address, name)
    page.goto("/news/")
    for item in page.get_by_role("main").get_by_role("link").all():
        answer = page.request.get(str(item.get_attribute("href")))
        assert answer.ok
    newest = str(page.get_by_role("main").get_by_role("link").first.get_attribute("href"))
    in_each_language(page, newest, "news")


@pytest.mark.parametrize("words", ["住民表", "ｼﾞｭｳﾐﾝﾋｮｳ", "じゅうみんひょお"])
def test_a_slip_in_a_search_is_forgiven(suginami_house: House, words: str) -> None:
    page = suginami_house.open_page(viewport=PHONE, javascript=False)
    page.goto("/")
    page.get_by_label("どの手続をおさがしですか").fill(words)
    page.get_by_role("button", name="検索", exact=True).click()
    expect(page.locator(".wd-results__item").first).to_contain_text("住民票の写し")


def test_the_language_switch_needs_no_script(suginami_house: House) -> None:
    page = suginami_house.open_page(viewport=PHONE, javascript=False)
    page.goto("/search/?q=引っ越し")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#search-q")).to_have_value("引っ越し")
    expect(page.locator(".wd-results__item").first).to_contain_text("Moving")
