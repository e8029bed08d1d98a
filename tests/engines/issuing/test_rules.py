"""The pure decisions of issuing: state, number, last day, which documents go with a case, how texts are filled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from madoguchi.engines.issuing.rules import (
    document_number,
    fill,
    last_day,
    matching,
    missing_inputs,
    says_something,
    state_of,
)
from madoguchi.engines.issuing.schema import DocumentTemplate, IssuingFile

DAY = dt.date(2026, 11, 4)


def template(**keys: Any) -> DocumentTemplate:
    base = {"id": "t", "title": "決定通知書", "kind": "letter", "workflows": ["benefit"], "outcomes": ["approved"]}
    if "procedures" in keys:
        base.pop("workflows")
    return DocumentTemplate.model_validate({**base, "issuer": "mayor", "body": ["x"], **keys})


@pytest.mark.parametrize(
    ("kinds", "expires_on", "state"),
    [
        ({"issued"}, None, "valid"),
        ({"issued"}, DAY, "valid"),
        ({"issued"}, DAY - dt.timedelta(days=1), "expired"),
        ({"issued", "replaced"}, DAY - dt.timedelta(days=1), "replaced"),
        ({"issued", "replaced", "revoked"}, None, "revoked"),
    ],
)
def test_the_state_follows_from_the_events_and_the_day(kinds: set[str], expires_on: dt.date | None, state: str) -> None:
    assert state_of(kinds, expires_on=expires_on, today=DAY) == state


def test_a_number_names_year_sign_and_serial() -> None:
    assert document_number("{year}{sign}第{serial}号", fiscal_year=2026, sign="杉保児", serial=12) == "8杉保児第12号"


def test_the_first_day_counts_as_a_day_of_validity() -> None:
    assert last_day(DAY, 1) == DAY
    assert last_day(DAY, 90) == dt.date(2027, 2, 1)
    assert last_day(DAY, None) is None


def test_what_names_the_procedure_stands_before_the_workflows_own_of_its_kind() -> None:
    general, own = template(id="general"), template(id="own", procedures=["p"])
    permit = template(id="permit", kind="certificate")
    found = matching([general, own, permit], procedure="p", workflow="benefit", outcome="approved")
    assert [item.id for item in found] == ["own", "permit"]
    assert matching([general], procedure="q", workflow="benefit", outcome="refused") == []
    assert matching([general], procedure="q", workflow="benefit", outcome="") == []


def test_a_text_is_filled_and_never_shows_a_brace() -> None:
    assert fill("{applicant}　様（{answer.place}）", {"applicant": "見本　花子"}) == "見本　花子　様（―）"


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    period = "{input.from_on}から{input.until_on}まで"
    assert not says_something(period, {"input.from_on": "", "input.until_on": ""})
    assert says_something(period, {"input.from_on": "令和8年11月4日", "input.until_on": ""})
    assert says_something("この通知の日から", {})


def test_a_document_that_needs_a_clerk_is_never_issued_by_itself() -> None:
    inputs = [{"id": "amount", "label": "額", "type": "yen"}]
    with pytest.raises(ValidationError, match="auto"):
        template(auto=True, inputs=inputs)
    assert [item.id for item in missing_inputs(template(inputs=inputs).inputs, {"amount": " "})] == ["amount"]


@pytest.mark.parametrize("form", ["第{serial}号", "{year}{sign}{serial}{x}", "{year}{sign}{serial}{serial}"])
def test_a_form_of_numbers_that_would_break_is_refused(form: str) -> None:
    issuers = [{"id": "mayor", "name": "区長"}]
    with pytest.raises(ValidationError, match="number_format"):
        IssuingFile.model_validate({"number_format": form, "default_sign": "総", "issuers": issuers})
