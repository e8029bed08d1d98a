"""The spine on Suginami's folder: 「引っ越し」 → 転出届 → receipt → correction → decision → mail."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.journeys import complete_step, definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft, Submission

from .journey import apply_as_guest, look_up, send_mail, whole_journey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]


def test_from_search_to_decision() -> None:
    case = whole_journey("引っ越し", "tenshutsu", {"phone": "03-0000-9876"})
    assert case.procedure_title == "転出届"
    assert case.contact_email, "the example gives a mail address"
    subjects = send_mail()
    assert len(subjects) >= 3, "received, correction asked, correction received or decided"


def test_every_form_of_the_folder_can_be_handed_in(subtests: pytest.Subtests) -> None:
    """A valid example of each form walks through the real pages to a receipt."""
    from madoguchi.rooms.catalogue.api import list_procedures

    own = [item for item in list_procedures() if item.form and item.in_scope]
    general = next(item for item in list_procedures() if not item.form and item.in_scope)
    for procedure in [*own, general]:
        with subtests.test(procedure.id):
            receipt = apply_as_guest(Client(), procedure.id)
            case = Case.objects.select_related("submission").get(number=receipt.number)
            assert case.procedure_id == procedure.id
            assert case.submission is not None


def test_the_code_is_needed_with_the_number() -> None:
    receipt = apply_as_guest(Client(), "tenshutsu")
    wrong = Client().post("/status/", {"number": receipt.number, "code": "0000-0000-0000"})
    assert wrong.status_code == 200
    assert Client().get(f"/status/{receipt.number}/").status_code == 404
    look_up(receipt)


def test_a_second_click_gives_the_same_receipt() -> None:
    client = Client()
    definition = definition_of("tenshutsu")
    summary = fill(client, start(client, "tenshutsu"), definition, valid_example(definition))
    first = submit(client, summary)
    again = client.post(summary, {"_submit": "1"})
    assert again.status_code == 302
    assert first.number in client.get(again["Location"]).content.decode()
    assert Submission.objects.count() == Case.objects.count() == 1


def test_a_draft_is_resumed_elsewhere_by_its_code() -> None:
    client = Client()
    definition = definition_of("tenshutsu")
    url = start(client, "tenshutsu")
    url = complete_step(client, url, definition.steps[0], valid_example(definition).answers)
    saved = client.post(url, {"_save": "1"})
    assert saved["Location"].endswith("/saved/")
    page = client.get(saved["Location"]).content.decode()
    code = re.search(r"\b([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\b", page)
    assert code
    elsewhere = Client()
    assert elsewhere.get(url).status_code == 404
    opened = elsewhere.post("/apply/resume/", {"code": code[1].lower()})
    assert opened.status_code == 302
    assert elsewhere.get(opened["Location"])["Location"] == url


def test_nobody_else_opens_a_draft_or_a_receipt() -> None:
    client = Client()
    url = start(client, "tenshutsu")
    draft = url.split("/")[2]
    for address in (
        url,
        f"/apply/{draft}/",
        f"/apply/{draft}/summary/",
        f"/apply/{draft}/done/",
        f"/apply/{draft}/saved/",
    ):
        assert Client().get(address).status_code == 404
    assert Client().post(f"/apply/{draft}/summary/", {"_submit": "1"}).status_code == 404
    assert Draft.objects.count() == 1


def test_procedures_of_other_authorities_cannot_be_started() -> None:
    from madoguchi.rooms.catalogue.api import list_procedures

    foreign = next(item for item in list_procedures() if not item.in_scope)
    assert Client().post(f"/apply/start/{foreign.id}/").status_code == 404
    assert Client().get(f"/procedures/{foreign.id}/").status_code == 200


def test_the_statements_a_page_costs() -> None:
    """The ways the bench measures: a step shown 1, a step saved 2, handed in 5, 2 more with a letter, 1 more when an
    original is awaited by post (the certificate of moving out).
    """
    definition = definition_of("tenshutsu")
    apply_as_guest(Client(), "tenshutsu")  # caches warm
    client = Client()
    url = start(client, "tenshutsu")
    with CaptureQueriesContext(connection) as shown:
        client.get(url)
    assert len(shown) == 1
    with CaptureQueriesContext(connection) as saved:
        complete_step_once(client, url, definition)
    assert len(saved) == 2
    summary = fill(client, client.get(url.rsplit("step", 1)[0])["Location"], definition, valid_example(definition))
    with CaptureQueriesContext(connection) as handed_in:
        assert client.post(summary, {"_submit": "1"}).status_code == 302
    seldom = ("SAVEPOINT", "casework_workflowversion")  # which workflow is in force is asked again every few seconds
    statements = [query["sql"] for query in handed_in if not any(word in query["sql"] for word in seldom)]
    assert len(statements) <= 8, "\n".join(item[:160] for item in statements)
    assert sum("casework_expectedoriginal" in item for item in statements) == 1


def complete_step_once(client: Client, url: str, definition: object) -> None:
    """Post a first step that is complete at once."""
    from tests.support.journeys import step_answers

    answers = valid_example(definition).answers  # type: ignore[arg-type]
    response = client.post(url, step_answers(definition.steps[0], answers))  # type: ignore[attr-defined]
    assert response.status_code == 302


def test_languages_of_the_frame() -> None:
    client = Client()
    for lang, word in (("en", "Apply"), ("easy", "ください"), ("ja", "手続")):
        page = client.get("/procedures/tenshutsu/", {"lang": lang})
        assert page.status_code == 200
        assert word in page.content.decode()
