"""People in a house: a resident who fills in a form by hand, and a clerk who signs in.

Owns how each kind of question is answered on the page: only what a person sees and can press is used, never a request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from madoguchi.engines.forms.api import FormDefinition
from madoguchi.engines.forms.schema import FieldDef, Step
from madoguchi.engines.identity.api import demo_totp_code, seed_demo_staff
from madoguchi.kernel import clock
from tests.support.files import BY_TYPE
from tests.support.journeys import Receipt, definition_of, valid_example

PASSWORD = "madoguchi-demo-2026"


@dataclass
class House:
    """A running house: its folder, and ``open_page`` for a browser window in it."""

    folder: Path
    open_page: Callable[..., Page]

    def equip(self) -> None:
        """Give the demo staff their published secrets."""
        seed_demo_staff(demo=True, at=clock.now())

    def sign_in(self, page: Page, login: str, *, look: Callable[[str], None] = lambda name: None) -> None:
        """Sign a member of staff in with password and code, by hand; *look* sees both pages."""
        cache.clear()
        page.goto("/staff/signin/")
        look("signin")
        page.get_by_label("ログインID").fill(login)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="サインイン", exact=True).click()
        expect(page.get_by_label("確認コード")).to_be_visible()
        look("second-step")
        page.get_by_label("確認コード").fill(demo_totp_code(at=clock.now()))
        page.get_by_role("button", name="サインイン", exact=True).click()
        expect(page.locator('button[type="submit"]', has_text="サインアウト").first).to_be_attached()
        page.wait_for_load_state()


@dataclass
class Script:
    """What a resident will answer: a form and the answers of one of its examples."""

    definition: FormDefinition
    answers: dict[str, Any]

    def step(self, step_id: str) -> Step:
        """Return a step of the form."""
        return next(step for step in self.definition.steps if step.id == step_id)


def script_of(procedure_id: str, example_id: str = "") -> Script:
    """Return the script of an example of a procedure's form (the first valid one unless named)."""
    definition = definition_of(procedure_id)
    return Script(definition, valid_example(definition, example_id).answers)


def step_of(page: Page) -> str:
    """Return the id of the step the page shows, '' on any other page."""
    return page.url.partition("/step/")[2].partition("/")[0]


def fill_step(page: Page, step: Step, answers: dict[str, Any]) -> None:
    """Answer every question of a step that can be seen, rows of repeating groups first."""
    for field in step.fields:
        if field.repeat is not None and page.locator(f"#{field.id}").count():
            there = page.locator(f"#{field.id} .wd-rows__item").count()
            for index, row in list(enumerate(answers.get(field.id) or []))[there:]:
                fill_row(page, field, index, row)
    for field in step.fields:
        if field.repeat is None:
            for each in field.fields or [field]:
                answer(page, each, each.id, answers.get(each.id))


def fill_row(page: Page, group: FieldDef, index: int, row: dict[str, Any]) -> None:
    """Add one row to a repeating group; a row that asks more after it was answered is answered on."""
    press(page, page.locator(f'button[name="_row_add"][value="{group.id}"]'))
    editor = page.locator(f'button[name="_row_save"][value="{group.id}:{index}"]')
    expect(editor).to_be_visible()
    for _ in range(3):
        for child in group.fields or []:
            answer(page, child, f"{group.id}-{index}-{child.id}", row.get(child.id))
        press(page, editor)
        if not editor.is_visible():
            break
    expect(editor).to_be_hidden()


def answer(page: Page, field: FieldDef, html_id: str, value: Any) -> None:
    """Answer one question if it is on the page and has an answer."""
    if value is None or not page.locator(f'[id^="{html_id}"]').count():
        return
    if field.type in {"date", "year_month"}:
        for part, text in zip(("y", "m", "d"), value.split("-"), strict=False):
            page.locator(f"#{html_id}-{part}").fill(text)
    elif field.type in {"yes_no", "choices", "choice"} and field.layout != "select":
        for one in value if isinstance(value, list) else [value]:
            _press(page, f"{html_id}-{int(one) if isinstance(one, bool) else one}")
    elif field.type in {"choice", "relationship"}:
        page.locator(f"#{html_id}").select_option(value)
    elif field.type == "consent":
        _press(page, html_id)
    elif field.type == "file":
        if not page.locator(f"#{html_id}-kept").count():
            files = [{"name": one["name"], "mimeType": one["type"], "buffer": BY_TYPE[one["type"]]} for one in value]
            page.locator(f"#{html_id}-file").set_input_files(files)
            if page.locator("mdg-files[data-url]:defined").count():  # sent at once, piece by piece
                expect(page.locator(f"#{html_id}-files li")).to_have_count(len(files))
    elif isinstance(value, dict):
        for part, text in value.items():
            control = page.locator(f"#{html_id}-{part}")
            control.select_option(text) if part == "kind" else control.fill(text)
    else:
        page.locator(f"#{html_id}").fill(str(value))


def _press(page: Page, html_id: str) -> None:
    """Tick what belongs to a label by pressing the label, as a person does."""
    if not page.locator(f"#{html_id}").is_checked():
        page.locator(f'label[for="{html_id}"]').click()


def press(page: Page, button: Locator) -> None:
    """Press a button of a form and wait until the page it leads to has taken the form's place."""
    button.evaluate("node => node.form.setAttribute('data-old', '')")
    button.click()
    expect(page.locator("form[data-old]")).to_have_count(0)
    page.wait_for_load_state()


def press_next(page: Page) -> None:
    """Press the button that leads on and wait for the answer."""
    press(page, page.locator(".wd-form__next"))


def walk(page: Page, script: Script, *, each: Callable[[Page, str], None] | None = None) -> None:
    """Answer every step from where the page stands until the summary; *each* looks at a step before it is left."""
    for _ in range(len(script.definition.steps) * 3):
        here = step_of(page)
        if not here:
            break
        fill_step(page, script.step(here), script.answers)
        if each is not None:
            each(page, here)
        press_next(page)
    expect(page).to_have_url(re.compile("/summary/$"))


def receipt_of(page: Page) -> Receipt:
    """Read number and code off the receipt page."""
    number = page.locator("[data-receipt-number]").inner_text().strip()
    return Receipt(number, page.locator("[data-lookup-code]").inner_text().strip())
