"""出産 on a phone in a real browser: one interview, what applies and why, one summary, five cases in three sections."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.engines.casework.api import Bundle
from madoguchi.engines.forms.schema import Step
from madoguchi.rooms.catalogue.api import get_interview
from tests.browser.checks import looked_at
from tests.browser.houses import House, Script, fill_step, press, press_next, receipt_of, step_of
from tests.rooms.portal.test_together import FIVE, LEFT
from tests.support.journeys import definition_of
from tests.support.outside import vouch

pytestmark = [pytest.mark.django_db(transaction=True)]


def ask(page: Page) -> None:
    """Answer the interview as its first example does."""
    interview = get_interview("birth")
    script = Script(interview.as_form(), interview.examples[0].answers)
    while here := step_of(page):
        fill_step(page, script.step(here), script.answers)
        press_next(page)
    expect(page).to_have_url(re.compile("/result/$"))


def answer_what_is_left(page: Page) -> None:
    """Answer what each form still asks until the summary."""
    while found := re.search(r"/more/([^/]+)/$", page.url):
        steps = definition_of(found[1]).steps
        fields = [field for step in steps for field in step.fields if field.id in LEFT]
        fill_step(page, Step(id="more", title={"ja": "残り"}, fields=fields), LEFT)
        press_next(page)
    expect(page).to_have_url(re.compile("/summary/$"))


def sign_in(page: Page, house: str) -> None:
    """Give the browser a resident's session that proves enough for child allowance."""
    client = Client()
    vouch(client)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": house,
            }
        ]
    )


def test_birth_on_a_phone_opens_five_cases_in_three_sections(suginami_house: House) -> None:
    page = suginami_house.open_page(viewport={"width": 320, "height": 640}, has_touch=True)
    page.goto("/life/birth/")
    page.get_by_role("button", name="まとめて手続する").click()
    ask(page)
    expect(page.locator("main")).to_contain_text("4つの課の6件の手続")
    looked_at(page, "together-result")
    press_next(page)
    looked_at(page, "together-more")
    answer_what_is_left(page)
    sign_in(page, page.url.partition("/together/")[0])
    page.reload()
    looked_at(page, "together-summary")
    press(page, page.get_by_role("button", name="5件をまとめて申請する"))
    looked_at(page, "together-done")
    receipt = receipt_of(page)
    bundle = Bundle.objects.get(number=receipt.number)
    cases = list(bundle.cases.order_by("id"))
    assert [case.procedure_id for case in cases] == FIVE
    assert len({case.section for case in cases}) == 3
    page.get_by_role("link", name="今の状況を確かめる").click()
    expect(page.locator(".wd-results__item")).to_have_count(5)
    looked_at(page, "together-status")
    page.get_by_role("link", name="子どもの医療証がほしい").click()
    expect(page.locator("main")).to_contain_text(cases[1].number)
