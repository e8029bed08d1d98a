"""The form studio in a browser: a clerk makes a procedure of an Excel form, another approves it, a resident applies on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import looked_at, shots
from tests.browser.conftest import PHONE
from tests.browser.houses import House, Script, press, walk
from tests.support.journeys import definition_of
from tests.support.ryokuka import write_paper

pytestmark = [pytest.mark.django_db(transaction=True)]


def go(page: Page, name: str) -> None:
    """Follow a tab and wait for its page."""
    page.locator(".wd-tabs").get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".wd-tabs [aria-current]")).to_have_text(name)


def say(page: Page, question: str, answer: str) -> None:
    """Choose a question and an answer in the sentence of a condition, and save it."""
    page.locator("#field-0").select_option(label=question)
    page.locator("#value-0").select_option(label=answer)
    press(page, page.get_by_role("button", name="保存する", exact=True).last)


def build(page: Page, paper: Path) -> str:
    """Build the procedure from the paper form, by hand; return the address of the working copy."""
    page.goto("/staff/studio/")
    looked_at(page, "studio-home")
    page.get_by_role("link", name="紙の様式から作る").click()
    page.set_input_files("#file", paper)
    press(page, page.get_by_role("button", name="読み取る"))
    page.locator("label[for=a-applied_on]").click()
    looked_at(page, "studio-intake")
    page.get_by_label("ふりがな").fill("りょっかじょせいきん")
    press(page, page.get_by_role("button", name="受け入れた質問で写しを作る"))
    address = page.url
    go(page, "質問")
    looked_at(page, "studio-step")
    page.get_by_role("link", name=re.compile("緑化の面積")).click()
    expect(page.get_by_label("質問の文")).to_have_value(re.compile("緑化の面積"))
    looked_at(page, "studio-field")
    page.locator("section", has_text="この質問を表示する条件").get_by_role("link", name="条件を編集").click()
    say(page, "緑化の種類", "屋上緑化")
    expect(page.locator("main")).to_contain_text("『緑化の種類』が『屋上緑化』のときに表示")
    return address


def charge(page: Page) -> None:
    """Add a fee with a reduction, paid after review, and let the missing examples be made."""
    go(page, "手数料")
    page.locator("summary", has_text="新しい手数料を作る").click()
    page.get_by_label("手数料の名前").fill("緑化の現地確認手数料")
    page.get_by_label("額（円）").fill("3000")
    page.get_by_label("どんなとき").first.fill("住民税非課税世帯")
    page.get_by_label("何%減額").first.fill("50")
    press(page, page.get_by_role("button", name="作って追加する"))
    expect(page.locator("main")).to_contain_text("条件を決めてください")
    page.get_by_role("link", name=re.compile("条件を編集.*住民税非課税世帯")).click()
    say(page, "住民税非課税世帯", "はい")
    looked_at(page, "studio-fees")
    go(page, "基本")
    page.get_by_label("支払の時期").select_option("review")
    press(page, page.get_by_role("button", name="保存する", exact=True))
    press(page, page.get_by_role("button", name="足りない例を自動で作る"))
    go(page, "プレビュー")
    looked_at(page, "studio-preview")
    go(page, "翻訳")
    looked_at(page, "studio-texts")


def test_a_paper_form_becomes_a_procedure_that_a_resident_applies_for(town_house: House, tmp_path: Path) -> None:
    page = town_house.open_page()
    town_house.sign_in(page, "jumin")
    address = build(page, write_paper(tmp_path / "緑化助成金交付申請書.xlsx"))
    charge(page)
    go(page, "概要と検査")
    expect(page.locator("main")).to_contain_text("誤りはありません")
    press(page, page.get_by_role("button", name="承認を求める"))
    chief = town_house.open_page()
    town_house.sign_in(chief, "jumin-chief")
    chief.goto(address)
    looked_at(chief, "studio-approve")
    press(chief, chief.get_by_role("button", name="承認する"))
    press(chief, chief.get_by_role("button", name="公開する"))
    expect(chief.locator("main")).to_contain_text("から公開しています")
    definition = definition_of("greening_subsidy_grant")
    poor = next(item for item in definition.examples if item.expect.valid and item.expect.fee_yen == 1500)
    resident = town_house.open_page(viewport=PHONE)
    resident.goto("/search/?q=緑化")
    resident.get_by_role("link", name="緑化助成金交付申請").click()
    resident.get_by_role("button", name="オンラインで申請を始める").click()
    walk(resident, Script(definition, poor.answers))
    expect(resident.locator("main")).to_contain_text("1,500円")
    press(resident, resident.get_by_role("button", name="この内容で申請する"))
    expect(resident.locator("[data-receipt-number]")).to_be_visible()


def test_two_clerks_see_both_versions_without_scripts(town_house: House) -> None:
    pages = []
    for login in ("jumin", "jumin-chief"):
        page = town_house.open_page(javascript=False)
        town_house.sign_in(page, login)
        pages.append(page)
    one, two = pages
    one.goto("/staff/studio/procedures/inu_toroku/")
    starts = one.get_by_role("button", name="編集を始める")
    (starts if starts.count() else one.get_by_role("link", name="編集を続ける")).click()
    address = f"{one.url}parts/form/-/"
    for page in pages:
        page.goto(address)
    two.get_by_label("様式の名前").fill("犬の登録（二人目）")
    two.get_by_role("button", name="保存する", exact=True).click()
    one.get_by_label("様式の名前").fill("犬の登録（一人目）")
    one.get_by_label("はじめの説明").fill("一人目が書いた説明")
    one.get_by_role("button", name="保存する", exact=True).click()
    expect(one.locator("main")).to_contain_text("犬の登録（二人目）")
    shots(one, "studio-both")
    one.locator("label", has_text="犬の登録（一人目）").click()
    one.get_by_role("button", name="選んだ内容で保存する").click()
    one.goto(address)
    expect(one.get_by_label("様式の名前")).to_have_value("犬の登録（一人目）")
    expect(one.get_by_label("はじめの説明")).to_have_value("一人目が書いた説明")
