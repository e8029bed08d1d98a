"""A resident in front of the real pages: posts an example's answers step by step, as a browser without scripts would.

Only names that stand on the page are posted, so a page that forgot a question fails the walk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from madoguchi.engines.forms.api import Example, FormDefinition, FormVersion
from madoguchi.engines.forms.schema import FieldDef, Step
from madoguchi.rooms.catalogue.api import form_of, get_interview, get_procedure, interviews

from .files import BY_TYPE

NAMES = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
ERRORS = re.compile(r'class="wd-errors__list".*?</ul>', re.DOTALL)


@dataclass(frozen=True)
class Receipt:
    """What the last page of an application shows."""

    number: str
    code: str


def definition_of(procedure_id: str) -> FormDefinition:
    """Return the newest definition of a procedure's form."""
    form_id = form_of(get_procedure(procedure_id))
    return FormDefinition.model_validate(FormVersion.objects.filter(form_id=form_id).latest("version").definition)


def valid_example(definition: FormDefinition, example_id: str = "") -> Example:
    """Return an example by id, or the first valid one."""
    return next(item for item in definition.examples if (item.id == example_id if example_id else item.expect.valid))


def posted(field: FieldDef, name: str, value: Any) -> dict[str, Any]:
    """Return the HTML names and values by which a browser would send an answer."""
    if value is None:
        return {}
    if field.type in {"date", "year_month"}:
        return dict(zip((f"{name}.y", f"{name}.m", f"{name}.d"), value.split("-"), strict=False))
    if field.type == "yes_no":
        return {name: "1" if value else "0"}
    if field.type == "consent":
        return {name: "1"} if value else {}
    if field.type == "file":
        return {name: [SimpleUploadedFile(each["name"], BY_TYPE[each["type"]], each["type"]) for each in value]}
    if isinstance(value, dict):
        return {f"{name}.{part}": text for part, text in value.items()}
    return {name: value}


def step_answers(step: Step, answers: dict[str, Any]) -> dict[str, Any]:
    """Return everything a step would post, repeating groups left out."""
    post: dict[str, Any] = {}
    for field in step.fields:
        for each in [field] if field.type != "group" else [] if field.repeat else field.fields or []:
            post |= posted(each, each.id, answers.get(each.id))
    return post


def start(client: Client, procedure_id: str) -> str:
    """Start an application and return the address of its first step."""
    response = client.post(f"/apply/start/{procedure_id}/")
    assert response.status_code == 302, response.status_code
    return str(response["Location"])


def fill(client: Client, url: str, definition: FormDefinition, example: Example, *, stop_before: str = "") -> str:
    """Answer every step of the example and return the address of the summary (or of the step *stop_before*)."""
    steps = {step.id: step for step in definition.steps}
    for _ in range(len(steps) * 2 + 2):
        url = arrive(client, url)
        step_id = re.search(r"/step/([^/]+)/", url)
        if step_id is None or step_id[1] == stop_before:
            return url
        url = complete_step(client, url, steps[step_id[1]], example.answers)
    raise AssertionError(f"the walk never reached the summary: {url}")


def arrive(client: Client, url: str) -> str:
    """Follow redirects as a browser does and return the address of the page they end at."""
    for _ in range(5):
        response = client.get(url)
        if response.status_code != 302:
            return url
        url = str(response["Location"])
    raise AssertionError(f"redirects without end: {url}")


def complete_step(client: Client, url: str, step: Step, answers: dict[str, Any]) -> str:
    """Answer one step, its rows included; return where it leads."""
    groups = [field for field in step.fields if field.repeat is not None and answers.get(field.id)]
    wanted = step_answers(step, answers)
    page = client.get(url)
    for _ in range(5):
        assert page.status_code == 200, (url, page.status_code, page.get("Location"))
        html = page.content.decode()
        opened = next((group for group in groups if f'name="_row_add" value="{group.id}"' in html), None)
        if opened is not None:
            groups.remove(opened)
            _add_rows(client, url, opened, answers[opened.id], wanted)
        there = set(NAMES.findall(html))
        response = client.post(url, _only(wanted, there))
        if response.status_code == 302:
            return str(response["Location"])
        wanted = {name: value for name, value in wanted.items() if not (name in there and _is_upload(value))}
        page = response
    raise AssertionError(f"{url}: {ERRORS.findall(page.content.decode())}")


def _is_upload(value: Any) -> bool:
    """Tell whether a posted value is a file: kept at the first post, not sent twice."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], SimpleUploadedFile)


def _add_rows(client: Client, url: str, field: FieldDef, rows: list[dict[str, Any]], wanted: dict[str, Any]) -> None:
    """Add and save each row; as in a browser, the rest of the page is sent along."""
    others = {name: value for name, value in wanted.items() if not _is_upload(value)}
    there: set[str] = set(NAMES.findall(client.get(url).content.decode()))
    for index, row in enumerate(rows):
        response = client.post(url, {**_only(others, there), "_row_add": field.id})
        assert response.status_code == 302, ERRORS.findall(response.content.decode())
        page = client.get(str(response["Location"]))
        for _ in range(4):
            there = set(NAMES.findall(page.content.decode()))
            post = {**_only(others, there), "_row_save": f"{field.id}:{index}", f"{field.id}.open": index}
            for child in field.fields or []:
                post |= _only(posted(child, f"{field.id}.{index}.{child.id}", row.get(child.id)), there)
            page = client.post(url, post)
            if page.status_code == 302:
                break
        else:
            raise AssertionError(f"row {index} of {field.id}: {ERRORS.findall(page.content.decode())}")


def _only(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def submit(client: Client, summary_url: str) -> Receipt:
    """Hand in and return what the receipt shows."""
    page = client.get(summary_url)
    assert page.status_code == 200, (summary_url, page.status_code)
    if (sign_url := summary_url.replace("/summary/", "/sign/")) in page.content.decode():
        return _sign_and_submit(client, summary_url, sign_url)
    return _hand_in(client, summary_url)


def _sign_and_submit(client: Client, summary_url: str, sign_url: str) -> Receipt:
    """Sign with the demo's good card and hand in."""
    with override_settings(DEMO=True):
        signed = client.post(sign_url, {"_demo": "good"})
        assert signed.status_code == 302, signed.content.decode()
        return _hand_in(client, summary_url)


def _hand_in(client: Client, summary_url: str) -> Receipt:
    response = client.post(summary_url, {"_submit": "1"})
    assert response.status_code == 302
    assert response["Location"].endswith("/done/"), response["Location"]
    return read_receipt(client.get(response["Location"]).content.decode())


def read_receipt(html: str) -> Receipt:
    """Read number and code off the receipt page."""
    number = re.search(r"data-receipt-number>([^<]+)<", html)
    code = re.search(r"data-lookup-code>([^<]+)<", html)
    assert number, html[:500]
    assert code
    return Receipt(number[1], code[1])


def begin_interview(client: Client, interview_id: str, example_id: str) -> str:
    """Answer an interview as its example does and return where it leads."""
    interview = get_interview(interview_id)
    example = next(one for one in interview.as_form(with_examples=True).examples if one.id == example_id)
    started = client.post(f"/together/start/{interview_id}/")
    assert started.status_code == 302, started.status_code
    return fill(client, str(started["Location"]), interview.as_form(), example)


def fill_parts(client: Client, url: str, answers: dict[str, Any]) -> str:
    """Answer what each form still asks, by id of the question; return the address of the summary."""
    for _ in range(20):
        url = arrive(client, url)
        found = re.search(r"/more/([^/]+)/", url)
        if found is None:
            return url
        steps = definition_of(str(get_interview_row(url, found[1]))).steps
        step = steps[0].model_copy(update={"fields": [field for one in steps for field in one.fields]})
        url = complete_step(client, url, step, answers)
    raise AssertionError(f"the walk never reached the summary: {url}")


def get_interview_row(url: str, key: str) -> str:
    """Return the procedure that a page of an interview asks for."""
    for interview in interviews().values():
        for row in interview.rows:
            if row.key == key and row.procedure:
                return row.procedure
    raise AssertionError(f"{url}: no row {key}")
