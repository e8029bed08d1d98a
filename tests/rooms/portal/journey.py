"""The spine of the house as both municipalities walk it: search → apply → receipt → correction → decision → mail."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example
from tests.support.outside import vouch

from madoguchi.engines.casework.api import Case, advance, available_steps, request_correction
from madoguchi.engines.payments.api import charges_of_case, take_cash
from madoguchi.kernel import audit, clock, jobs, municipality
from madoguchi.kernel.access import Actor
from madoguchi.rooms.catalogue.api import get_procedure


def chief_of(section: str) -> Actor:
    """Return somebody who may take every step of a section's cases."""
    return Actor(
        "staff", "900", "検査 係長", roles=frozenset({"clerk", "section_chief"}), sections=frozenset({section})
    )


def find_procedure(client: Client, words: str, procedure_id: str) -> None:
    """Search in a citizen's words and open the procedure's page from the results."""
    found = client.get("/search/", {"q": words})
    assert found.status_code == 200
    address = f"/procedures/{procedure_id}/"
    assert address in found.content.decode()
    page = client.get(address)
    assert page.status_code == 200
    assert f"/apply/start/{procedure_id}/" in page.content.decode()


def apply_as_guest(client: Client, procedure_id: str) -> Receipt:
    """Walk a valid example through every step and hand it in, signed in at the end where the procedure asks for it."""
    definition = definition_of(procedure_id)
    summary = fill(client, start(client, procedure_id), definition, valid_example(definition))
    assert summary.endswith("/summary/"), summary
    if get_procedure(procedure_id).assurance.asks_sign_in:
        vouch(client)
    return submit(client, summary)


def look_up(receipt: Receipt) -> Client:
    """Open the status page in another browser by number and code, typed the way people type."""
    client = Client()
    typed = {"number": receipt.number.replace("-", "").lower(), "code": receipt.code.lower().replace("-", " ")}
    response = client.post("/status/", typed)
    assert response.status_code == 302
    assert response["Location"] == f"/status/{receipt.number}/"
    assert receipt.number in client.get(response["Location"]).content.decode()
    return client


def ask_for(case: Case, fields: list[str]) -> None:
    """Ask the resident to correct fields."""
    calendar, at = municipality.current().calendar, clock.now()
    due_on = calendar.add_office_days(at.date(), 10)
    request_correction(
        case,
        fields=fields,
        message="もう一度確かめてください。",
        due_on=due_on,
        actor=chief_of(case.section),
        at=at,
        calendar=calendar,
    )


def decide(case: Case) -> None:
    """Take the main arrow of the workflow until the case is done."""
    calendar = municipality.current().calendar
    for _ in range(8):
        case.refresh_from_db()
        if case.closed_at is not None:
            return
        steps = available_steps(case, actor=chief_of(case.section))
        step = next(item for item in steps if item.tone == "primary")
        for view in charges_of_case(case.number) if step.guard else ():
            take_cash(view.charge, tendered_yen=100_000, actor=chief_of(case.section), at=clock.now())
        advance(case, step.id, actor=chief_of(case.section), at=clock.now(), calendar=calendar)
    raise AssertionError("the case was never decided")


def send_mail() -> list[str]:
    """Run the waiting jobs and return the subjects of the mails written."""
    jobs.run_pending()
    return [message.subject for message in mail.outbox]


def whole_journey(words: str, procedure_id: str, corrected: dict[str, object]) -> Case:
    """Walk the spine; *corrected* are the posted values of the one question the office asks about."""
    client = Client()
    find_procedure(client, words, procedure_id)
    receipt = apply_as_guest(client, procedure_id)
    case = Case.objects.get(number=receipt.number)
    assert case.promised_on is not None
    before = dict(case.submission.answers)
    field = next(iter(corrected)).split(".")[0]

    ask_for(case, [field])
    elsewhere = look_up(receipt)
    page = elsewhere.get(f"/status/{receipt.number}/correct/").content.decode()
    asked = {name.split(".")[0] for name in re.findall(r'<(?:input|textarea|select)[^>]*?name="([a-z][^"]*)"', page)}
    assert asked - {"csrfmiddlewaretoken", "lang", "next"} == {field}
    assert elsewhere.post(f"/status/{receipt.number}/correct/", corrected).status_code == 302

    case = Case.objects.get(number=receipt.number)
    change = case.corrections.get().changes[0]
    assert change["field"] == field
    assert change["before"] == before[field]
    assert change["after"] != before[field]
    assert case.submission.answers == before, "the submission itself stays as it was sent"
    decide(case)
    assert case.outcome
    assert audit.verify().ok
    return case
