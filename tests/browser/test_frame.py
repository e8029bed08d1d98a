"""The frame, the components and the field templates in a real browser: axe, reflow, focus, keys, no JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.checks import axe, looked_at

pytestmark = [pytest.mark.urls("tests.browser.frame_urls"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("name", ["step", "fields", "summary", "parts"])
def test_residents_pages_are_accessible(page, name):
    page.goto(f"/sample/{name}/")
    looked_at(page, f"frame-{name}")


@pytest.mark.parametrize("lang", ["easy", "en"])
def test_other_languages_are_accessible(page, lang):
    page.goto(f"/sample/step/?lang={lang}")
    looked_at(page, f"frame-step-{lang}")


def test_staff_page_is_accessible(page):
    page.goto("/staff/sample/")
    looked_at(page, "frame-staff")


def test_error_page_is_accessible_and_says_what_to_do(page):
    response = page.goto("/no-such-page/")
    assert response.status == 404
    expect(page.locator("h1")).to_have_text("ページが見つかりません")
    looked_at(page, "frame-404")


def test_forced_colours_and_print_draw(page):
    page.emulate_media(forced_colors="active")
    page.goto("/sample/step/")
    axe(page)
    page.emulate_media(media="print", forced_colors="none")
    expect(page.locator(".wd-form__actions")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_language_is_kept_on_the_next_page(page):
    page.goto("/sample/step/")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/sample/summary/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_skip_link_leads_to_the_text(page):
    page.goto("/sample/step/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_error_takes_the_focus_and_links_to_its_field(page):
    page.goto("/sample/step/")
    page.get_by_label("日", exact=True).fill("")
    page.get_by_role("button", name="つぎへ進む").click()
    expect(page.locator("#error-summary")).to_be_focused()
    axe(page)
    page.locator("#error-summary a").click()
    expect(page.locator("#f_date")).to_be_focused()
    expect(page.locator(".wd-header")).to_have_count(1)


def test_going_on_changes_the_page_its_address_and_title(page):
    page.goto("/sample/step/")
    page.get_by_role("button", name="つぎへ進む").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.url.endswith("/sample/summary/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("引っ越しについて")


def test_form_works_without_javascript(plain_page):
    plain_page.goto("/sample/step/")
    plain_page.get_by_label("日", exact=True).fill("")
    plain_page.get_by_role("button", name="つぎへ進む").click()
    expect(plain_page.locator("#error-summary")).to_be_visible()
    plain_page.get_by_label("日", exact=True).fill("23")
    plain_page.get_by_role("button", name="つぎへ進む").click()
    assert plain_page.url.endswith("/sample/summary/")


def test_counter_counts_what_a_reader_sees(page):
    page.goto("/sample/step/")
    page.locator("#f_textarea").fill("葛󠄀城")
    expect(page.locator("#f_textarea-count")).to_have_text("残り398文字")
    page.locator("#f_textarea").fill("あ" * 401)
    expect(page.locator("#f_textarea-count")).to_have_text("1文字多すぎます")


def test_whole_option_is_a_target(phone):
    phone.goto("/sample/step/")
    option = phone.locator(".wd-option", has_text="世帯の一部")
    box = option.bounding_box()
    assert box["height"] >= 44
    option.tap(position={"x": box["width"] - 8, "y": box["height"] - 6})
    expect(phone.get_by_label("世帯の一部", exact=True)).to_be_checked()


def test_staff_menu_keys_and_ticks(page):
    page.goto("/staff/sample/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    switch = page.get_by_label("1文字のキーで操作する")
    switch.uncheck()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page.get_by_label("すべて選ぶ").check()
    expect(page.locator("[data-tick-count]")).to_have_text("2")
