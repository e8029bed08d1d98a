"""個人番号: wherever it was typed, the clear number is in no row, no log and on no page."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test import Client
from tests.support.journeys import arrive, definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft
from madoguchi.rooms.catalogue.api import Procedure, list_procedures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
NUMBER, WRONG = "702918463504", "702918463505"
"""A number that stands in no example, and one with a wrong check digit."""


def asking() -> tuple[Procedure, str, str]:
    """Return a procedure whose first example types a 個人番号, with the step and the question."""
    for procedure in list_procedures():
        if not procedure.form or not procedure.in_scope:
            continue
        definition = definition_of(procedure.id)
        for step in definition.steps:
            for field in step.fields:
                if field.type == "my_number" and field.id in valid_example(definition).answers:
                    return procedure, step.id, field.id
    raise AssertionError("no form asks for a 個人番号")


def everything_stored() -> str:
    """Return every row of every table as text, without the examples of the folder."""
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_the_clear_number_is_nowhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    procedure, step_id, field_id = asking()
    definition = definition_of(procedure.id)
    example = valid_example(definition)
    client = Client()
    pages: list[str] = []
    with caplog.at_level(logging.DEBUG):
        url = fill(client, start(client, procedure.id), definition, example, stop_before=step_id)
        client.post(f"{url}autosave/", {field_id: WRONG})
        pages.append(client.post(url, {field_id: WRONG}).content.decode())
        pages.append(client.post(url, {field_id: f"７０２９-{NUMBER[4:]}", "unknown": NUMBER}).content.decode())
        typed = example.model_copy(update={"answers": {**example.answers, field_id: f"７０２９-{NUMBER[4:]}"}})
        summary = arrive(client, fill(client, url, definition, typed))
        pages += [client.get(address).content.decode() for address in (url, summary)]
        receipt = submit(client, summary)
        pages += [
            client.get(address).content.decode()
            for address in (f"/status/{receipt.number}/", summary.replace("summary", "done"))
        ]
        case = Case.objects.select_related("submission").get(number=receipt.number)
    assert case.submission is not None
    assert set(case.submission.answers[field_id]) == {"sealed", "fits"}
    assert set(Draft.objects.get().answers[field_id]) == {"sealed", "fits"}
    logs = caplog.text + "".join(capfd.readouterr())
    for clear in (NUMBER, WRONG, f"７０２９-{NUMBER[4:]}", NUMBER[4:]):
        assert all(clear not in page for page in pages)
        assert clear not in everything_stored()
        assert clear not in logs
    assert "●●●●●●●●●●●●" in "".join(pages)
