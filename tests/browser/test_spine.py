"""The whole journey: a resident finds a procedure and hands it in, a clerk has one answer corrected and decides, the mail
is written, the figure moves, the audit log holds. On a wide screen, on a phone, on a phone without JavaScript.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from madoguchi.kernel import audit, clock
from madoguchi.kernel.jobs import run_pending
from madoguchi.rooms.indicators.api import compute
from tests.browser.checks import looked_at, reflows
from tests.browser.conftest import PHONE, WIDE
from tests.browser.houses import House, Script, fill_step, press_next, receipt_of, script_of, step_of, walk
from tests.support.files import JPEG
from tests.support.journeys import Receipt

pytestmark = [pytest.mark.django_db(transaction=True)]

SEATS = {
    "wide": {"viewport": WIDE},
    "phone": {"viewport": PHONE, "has_touch": True},
    "phone-without-javascript": {"viewport": PHONE, "has_touch": True, "javascript": False},
}
MAILBOX = "hanako@example.jp"
CHANGED_PHONE = "09011112222"


@pytest.mark.parametrize("seat", SEATS)
def test_a_resident_moves_out(suginami_house: House, seat: str) -> None:
    house, options = suginami_house, SEATS[seat]
    page = house.open_page(**options, accept_downloads=True)
    before = _decided()
    _find(page, "引っ越し", "杉並区から引っ越すとき（転出届）")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    script = script_of("tenshutsu", "whole_family")
    _stumble(page, script)
    walk(page, script, each=lambda shown, _: reflows(shown))
    _change_an_answer(page)
    page.get_by_role("button", name="この内容で申請する").click()
    receipt = receipt_of(page)
    _look(page, "done")
    _keep_the_receipt(page, receipt)
    clerk = house.open_page(**options)
    _ask_for_a_correction(house, clerk, receipt)
    _correct(house.open_page(**options), receipt)
    _decide(clerk, receipt)
    _see_the_end(page, receipt)
    assert _decided() == before + 1
    report = audit.verify()
    assert report.ok, report.message


def test_a_resident_of_another_town_asks_for_a_record(town_house: House) -> None:
    page = town_house.open_page(viewport=PHONE, javascript=False)
    _find(page, "住民票", re.compile("住民票"))
    page.get_by_role("button", name="オンラインで申請を始める").click()
    walk(page, script_of("juminhyo", "whole_by_mail"), each=lambda shown, _: reflows(shown))
    expect(page.locator("main")).to_contain_text("600円")
    page.get_by_role("button", name="この内容で申請する").click()
    receipt = receipt_of(page)
    clerk = town_house.open_page(javascript=False)
    town_house.sign_in(clerk, "jumin")
    clerk.get_by_role("link", name=receipt.number).click()
    page.goto(f"/status/{receipt.number}/")
    page.get_by_role("link", name="支払いへ進む").click()
    page.locator("label", has_text="コード決済（試験用）").click()
    page.get_by_role("button", name="600円を支払う").click()
    page.get_by_role("button", name="支払う", exact=True).click()
    expect(page.locator("main")).to_contain_text("支払いは済んでいます")
    clerk.reload()
    for action in ("確認を始める", "交付を準備する", "交付する"):
        clerk.get_by_role("button", name=action).click()
        expect(clerk.locator(".wd-banner").first).to_contain_text("行いました")
    page.goto(f"/status/{receipt.number}/")
    expect(page.locator('.wd-timeline__item[data-state="done"]').first).to_be_visible()
    assert audit.verify().ok


def test_an_autosave_takes_nothing_typed_meanwhile(suginami_house: House) -> None:
    page = suginami_house.open_page()
    page.goto("/procedures/tenshutsu/")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    address = page.url
    page.route("**/autosave/", lambda route: (time.sleep(0.4), route.continue_()))
    page.locator("#applicant-family").fill("杉")
    with page.expect_request("**/autosave/"):
        page.locator("label[for=applicant_kind-agent]").click()
    page.locator("#applicant-family").focus()
    page.keyboard.press("End")
    page.keyboard.type("並")
    expect(page.locator("#agent_relation")).to_be_visible()
    expect(page.locator("#applicant-family")).to_be_focused()
    page.keyboard.type("川")
    expect(page.locator("#applicant-family")).to_have_value("杉並川")
    expect(page.locator("#applicant_kind-agent")).to_be_checked()
    assert page.url == address


def test_an_autosave_leaves_the_page_to_a_pressed_button(suginami_house: House) -> None:
    """Both answers are held back: the autosave's comes first and would bring further questions; the button's must count."""
    page, script = suginami_house.open_page(), script_of("kaigo_kogaku")
    page.goto("/procedures/kaigo_kogaku/")
    page.locator(".wd-apply button").click()
    for _ in range(4):
        page.wait_for_load_state()
        if step_of(page) == "usage":
            break
        fill_step(page, script.step(step_of(page)), script.answers)
        press_next(page)
    held: dict[str, Any] = {}
    page.route("**/autosave/", lambda route: held.setdefault("autosave", (route, route.fetch())))
    page.route("**/step/usage/", lambda route: held.setdefault("next", (route, route.fetch())))
    fill_step(page, script.step("usage"), script.answers)
    _until(page, lambda: "autosave" in held)
    form = page.locator("form.wd-form")
    form.evaluate("node => node.setAttribute('data-old', '')")
    page.locator(".wd-form__next").click()
    _until(page, lambda: "next" in held)
    route, answer = held["autosave"]
    with page.expect_response("**/autosave/"):
        route.fulfill(response=answer)
    page.wait_for_timeout(300)
    expect(page.locator("form[data-old]")).to_have_count(1)
    route, answer = held["next"]
    route.fulfill(response=answer)
    expect(page.locator("form[data-old]")).to_have_count(0)
    expect(page.locator("#error-summary")).to_contain_text("1件以上入力してください")


def _until(page: Page, done: Callable[[], bool]) -> None:
    """Let the browser go on until something is so, ten seconds at most."""
    for _ in range(200):
        if done():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


def test_an_autosave_keeps_a_sent_file(town_house: House) -> None:
    page = town_house.open_page()
    page.goto("/procedures/juminhyo/")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    script = script_of("juminhyo", "whole_by_mail")
    for _ in range(2):
        fill_step(page, script.step(step_of(page)), script.answers)
        press_next(page)
    chosen = page.locator("#identity_file-file")
    chosen.set_input_files({"name": "licence.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    expect(page.locator("#hall_on-y")).to_have_count(0)
    page.locator("label[for=receive_by-hall]").click()
    expect(page.locator("#hall_on-y")).to_be_visible()
    expect(page.locator("#identity_file-files")).to_contain_text("licence.jpg")


def _look(page: Page, name: str) -> None:
    """Check a page of the journey: in full on the wide screen (both widths), on the others that it needs no scrolling."""
    if page.viewport_size == WIDE:
        looked_at(page, f"spine-{name}")
    else:
        reflows(page)


def _find(page: Page, words: str, title: Any) -> None:
    """Go from the home page to a procedure by searching for it."""
    page.goto("/")
    page.get_by_label("どの手続をおさがしですか").fill(words)
    page.get_by_role("button", name="検索", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _stumble(page: Page, script: Script) -> None:
    """Leave the telephone number out; see the error, follow its link, find everything else still there."""
    step = script.step(step_of(page))
    fill_step(page, step, script.answers)
    page.locator("#phone").fill("")
    press_next(page)
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("電話番号")
    _look(page, "error")
    summary.get_by_role("link").first.click()
    expect(page.locator("#phone")).to_be_focused()
    expect(page.locator("#applicant-family")).to_have_value(script.answers["applicant"]["family"])
    expect(page.locator("#applicant-given_kana")).to_have_value(script.answers["applicant"]["given_kana"])
    expect(page.locator("#email")).to_have_value(MAILBOX)
    expect(page.locator("#applicant_kind-self")).to_be_checked()


def _change_an_answer(page: Page) -> None:
    """Follow a change link of the summary, mend one answer, come straight back."""
    expect(page.get_by_role("main")).to_contain_text("葵")
    _look(page, "summary")
    page.get_by_role("link", name=re.compile("変更する.*届出をする方")).click()
    page.locator("#phone").fill(CHANGED_PHONE)
    press_next(page)
    expect(page).to_have_url(re.compile("/summary/$"))
    expect(page.get_by_role("main")).to_contain_text(re.compile("090-?1111-?2222"))


def _keep_the_receipt(page: Page, receipt: Receipt) -> None:
    """Fetch the receipt as PDF by its link."""
    address = page.get_by_role("link", name="受付控えをPDFで保存する").get_attribute("href")
    answer = page.request.get(str(address))
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    assert receipt.number in answer.headers["content-disposition"]


def _ask_for_a_correction(house: House, page: Page, receipt: Receipt) -> None:
    """Sign in, open the case from the queue, begin, ask for the telephone number again."""
    house.sign_in(page, "kumin")
    reflows(page)
    page.get_by_role("link", name=receipt.number).click()
    expect(page.locator(".wd-number")).to_have_text(receipt.number)
    page.get_by_role("button", name="確認を始める").click()
    expect(page.locator(".wd-banner").first).to_contain_text("行いました")
    reflows(page)
    page.get_by_role("link", name="補正を求める").click()
    page.locator("label[for=tick-phone]").click()
    page.get_by_label("理由のひな形").select_option(index=2)
    assert page.get_by_label("期限").input_value() > clock.today().isoformat()
    page.get_by_role("button", name="区民に見える内容を確かめる").click()
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("昼間に連絡できる電話番号")
    reflows(page)
    page.get_by_role("button", name="この内容で送る").click()
    expect(page.locator(".wd-banner").first).to_contain_text("補正を依頼しました")


def _correct(page: Page, receipt: Receipt) -> None:
    """Find the case by number and code in a fresh browser; mend the one question that is asked."""
    run_pending()
    assert any(receipt.number in letter.body and letter.to == [MAILBOX] for letter in mail.outbox)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="状況を確かめる").click()
    page.get_by_label("受付番号").fill(receipt.number)
    page.get_by_label("照会コード").fill(receipt.code.lower())
    page.get_by_role("button", name="確かめる", exact=True).click()
    expect(page.get_by_role("heading", name="直していただきたいところがあります")).to_be_visible()
    _look(page, "asked")
    page.get_by_role("link", name="内容を直す").click()
    expect(page.locator(".wd-form .wd-field")).to_have_count(1)
    expect(page.locator("#phone")).to_have_value(CHANGED_PHONE)
    _look(page, "correct")
    page.locator("#phone").fill("0312345678")
    page.get_by_role("button", name="直した内容を送る").click()
    expect(page).to_have_url(re.compile(f"/status/{receipt.number}/$"))
    expect(page.get_by_role("link", name="内容を直す")).to_have_count(0)


def _decide(page: Page, receipt: Receipt) -> None:
    """See what the resident changed, then take the steps to the decision."""
    page.goto(f"/desk/cases/{receipt.number}/")
    page.get_by_role("link", name=re.compile("変わった項目を見る")).click()
    changed = page.locator("[data-changed]")
    expect(changed).to_have_count(1)
    expect(changed.locator("del")).to_contain_text(re.compile("090-?1111-?2222"))
    expect(changed.locator("ins")).to_contain_text(re.compile("03-?1234-?5678"))
    _look(page, "diff")
    page.get_by_role("link", name="案件に戻る").click()
    for action in ("記録に反映する", "完了にする"):
        page.get_by_role("button", name=action).click()
        expect(page.locator(".wd-banner").first).to_contain_text("行いました")
    _look(page, "case-decided")


def _see_the_end(page: Page, receipt: Receipt) -> None:
    """Read the mail of the decision and the status page."""
    seen = len(mail.outbox)
    run_pending()
    letters = [letter for letter in mail.outbox[seen:] if receipt.number in letter.body]
    assert letters, [letter.subject for letter in mail.outbox]
    assert letters[-1].to == [MAILBOX]
    page.goto(f"/status/{receipt.number}/")
    expect(page.get_by_role("main")).to_contain_text("届出の手続が終わりました。")
    _look(page, "status")


def _decided() -> float:
    """Return how many decisions the desk's figures count as of today."""
    figures = {item["id"]: item for item in compute(clock.today())}
    return float(sum(line["values"]["decided"] for line in figures["decisions_by_section"]["lines"]))
