"""Photos on a phone: several at once, over a line that breaks, on a page that is reloaded; and without scripts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import CHUNK_BYTES
from tests.browser.checks import looked_at
from tests.browser.conftest import PHONE
from tests.browser.houses import House, fill_step, press_next, script_of, step_of
from tests.rooms.portal.journey import ask_for
from tests.support.files import JPEG, picture
from tests.support.journeys import definition_of, fill, start, submit, valid_example

pytestmark = [pytest.mark.django_db(transaction=True)]
KEPT = "#identity_file-files .wd-files__item"


def at_the_files(page: Page) -> None:
    script = script_of("juminhyo", "whole_by_mail")
    page.goto("/procedures/juminhyo/")
    page.get_by_role("button", name="オンラインで申請を始める").click()
    for _ in range(2):
        fill_step(page, script.step(step_of(page)), script.answers)
        press_next(page)


def test_two_photos_arrive_over_a_broken_line_and_a_reloaded_page(town_house: House) -> None:
    page = town_house.open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    at_the_files(page)
    expect(page.locator(".wd-upload__camera input")).to_have_attribute("capture", "environment")
    large = picture("PNG", (700, 700))
    large += bytes(
        CHUNK_BYTES * 2
    )  # three pieces; what follows a picture is cut off when it is written anew or kept as it is
    photos = [
        {"name": "front.png", "mimeType": "image/png", "buffer": large},
        {"name": "back.jpg", "mimeType": "image/jpeg", "buffer": JPEG},
    ]
    pieces: list[str] = []
    line = {"broken": True}

    def breaking(route: Route) -> None:
        if route.request.method == "PATCH" and line["broken"] and route.request.headers["upload-offset"] != "0":
            route.abort("connectionfailed")
            return
        if route.request.method == "PATCH":
            pieces.append(route.request.headers["upload-offset"])
        route.continue_()

    page.route("**/uploads/**", breaking)
    page.locator("#identity_file-file").set_input_files(photos)
    expect(page.locator(".wd-upload__row").first).to_contain_text("回線が切れました")
    looked_at(page, "files-waiting")
    line["broken"] = False
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator(KEPT)).to_have_count(2)
    assert pieces == ["0", str(CHUNK_BYTES), str(CHUNK_BYTES * 2), "0"], "no piece that arrived is sent again"
    expect(page.locator(f"{KEPT} img").first).to_be_visible()
    looked_at(page, "files-kept")

    page.locator(f"{KEPT} button").first.click()
    expect(page.locator(KEPT)).to_have_count(1)
    line["broken"] = True
    page.locator("#identity_file-file").set_input_files([{**photos[0], "name": "again.png"}])
    expect(page.locator(".wd-upload__row").first).to_contain_text("回線が切れました")
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator("mdg-files")).to_contain_text("まで届いています")


def asked_to_mend(page: Page) -> str:
    """Hand in, be asked for a better file and open the page of the correction; return the receipt number."""
    client, definition = Client(), definition_of("juminhyo")
    receipt = submit(client, fill(client, start(client, "juminhyo"), definition, valid_example(definition)))
    ask_for(Case.objects.get(number=receipt.number), ["identity_file"])
    page.goto("/status/")
    page.get_by_label("受付番号").fill(receipt.number)
    page.get_by_label("照会コード").fill(receipt.code)
    page.get_by_role("button", name="確かめる", exact=True).click()
    page.get_by_role("link", name="内容を直す").click()
    page.wait_for_url("**/correct/")
    page.wait_for_load_state()
    return receipt.number


def test_a_corrected_photo_arrives_over_a_broken_line_and_by_drag(town_house: House) -> None:
    page = town_house.open_page()
    number = asked_to_mend(page)
    line = {"broken": True}
    page.route("**/uploads/**", lambda route: route.abort("connectionfailed") if line["broken"] else route.continue_())
    page.locator("#identity_file-file").set_input_files({"name": "new.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    expect(page.locator(".wd-upload__row").first).to_contain_text("回線が切れました")
    line["broken"] = False
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator(KEPT).filter(has_text="new.jpg")).to_have_count(1)
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["%PDF-1.4 no"], "dropped.txt", {type: "text/plain"}));
            const on = document.querySelector("mdg-files");
            on.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer}));
        }"""
    )
    expect(page.locator(".wd-upload__row[data-state=refused]")).to_contain_text("dropped.txt")
    looked_at(page, "correct-files")
    page.reload()
    page.get_by_role("button", name="直した内容を送る").last.click()
    expect(page).to_have_url(re.compile(f"/status/{number}/$"))


def test_several_files_are_sent_with_the_page_without_scripts(town_house: House) -> None:
    page = town_house.open_page(javascript=False)
    at_the_files(page)
    both = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": JPEG} for n in (1, 2)]
    page.locator("#identity_file-file").set_input_files(both)
    page.locator(".wd-form__next").click()
    expect(page.locator(KEPT)).to_have_count(2)
