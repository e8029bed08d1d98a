"""A document on the screens: the desk issues it, the resident receives it, anybody checks it."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.engines.casework.api import Case, advance
from madoguchi.engines.issuing.api import IssuedDocument, check_code
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import Actor
from tests.browser.checks import in_words, looked_at
from tests.browser.houses import House
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example

pytestmark = [pytest.mark.django_db(transaction=True)]
CLERK = Actor("staff", "1", "職員", frozenset({"clerk", "section_chief"}), frozenset({"jumin"}))


def accepted() -> Receipt:
    """Hand in an application for a dog and lead its case to the end."""
    client, form = Client(), definition_of("inu_toroku")
    receipt = submit(client, fill(client, start(client, "inu_toroku"), form, valid_example(form)))
    case = Case.objects.get(number=receipt.number)
    for step in ("check", "record", "accept"):
        case = advance(case, step, actor=CLERK, at=clock.now(), calendar=municipality.current().calendar)
    return receipt


def test_a_document_from_the_desk_to_whoever_checks_it(town_house: House) -> None:
    receipt, staff = accepted(), town_house.open_page()
    town_house.sign_in(staff, "jumin")
    staff.goto(f"/desk/cases/{receipt.number}/")
    staff.get_by_role("link", name="犬の登録証明書を交付する").click()
    staff.get_by_role("button", name="交付する", exact=True).click()
    expect(staff.get_by_role("alert")).to_contain_text("登録番号（鑑札の番号）を入力してください")
    looked_at(staff, "document-issue")
    staff.get_by_label("登録番号（鑑札の番号）").fill("R8-0012")
    staff.get_by_role("button", name="交付する", exact=True).click()
    expect(staff.get_by_role("heading", name="交付文書")).to_be_visible()
    looked_at(staff, "document-case")
    document = IssuedDocument.objects.get(case_number=receipt.number)

    resident = town_house.open_page()
    resident.goto("/status/")
    resident.get_by_label("受付番号").fill(receipt.number)
    resident.get_by_label("照会コード").fill(receipt.code)
    resident.get_by_role("button", name="状況を見る").or_(resident.get_by_role("button", name="確かめる")).first.click()
    resident.get_by_role("link", name="犬の登録証明書").click()
    looked_at(resident, "document-ways")
    resident.get_by_role("button", name="窓口での受取りを申し込む").click()
    expect(resident.locator("[data-pickup-code]")).to_be_visible()
    looked_at(resident, "document-pickup")
    staff.goto("/desk/deliveries/")
    looked_at(staff, "document-deliveries")
    _checked(town_house.open_page(), document)


def _checked(anybody: Page, document: IssuedDocument) -> None:
    anybody.goto("/verify/")
    anybody.get_by_role("button", name="確かめる").click()
    looked_at(anybody, "document-verify")
    anybody.get_by_role("textbox", name="文書番号").fill(document.number)
    anybody.get_by_role("textbox", name="確認コード").fill(check_code(document.id))
    anybody.get_by_role("button", name="確かめる").click()
    expect(anybody.get_by_role("heading", name="真正な文書です（有効）")).to_be_visible()
    for lang in ("ja", "en", "ko"):
        anybody.goto(f"{anybody.url.partition('?')[0]}?lang={lang}")
        in_words(anybody, f"document-verified-{lang}", lang)
