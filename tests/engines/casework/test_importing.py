"""Cases taken in with their history: the same as if they had been handled here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from madoguchi.engines.casework.definitions import current_version_id
from madoguchi.engines.casework.happenings import on_transition
from madoguchi.engines.casework.models import Case, CaseNote
from madoguchi.engines.casework.services import (
    Applicant,
    PastCase,
    PastCorrection,
    PastEvent,
    ProcedureFacts,
    import_cases,
    rebuild_projection,
)
from madoguchi.engines.casework.status import find_status
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.ids import new_short_code, parse_receipt_number


def past(procedure: ProcedureFacts, at: datetime, **keys: Any) -> PastCase:
    return PastCase(
        submission_id=None,
        procedure=procedure,
        workflow_version_id=current_version_id("small"),
        applicant=Applicant(name="葛\U000e0100城 花子", kana="カツラギ ハナコ"),
        channel="counter",
        received_at=at,
        lookup_secret=keys.pop("lookup_secret", new_short_code()),
        **keys,
    )


@pytest.fixture
def history(at: datetime) -> list[PastEvent]:
    clerk = ("staff:7", "窓口 一郎")
    later = [at + timedelta(days=n) for n in range(1, 6)]
    return [
        PastEvent("assigned", at, *clerk, payload={"assignee_ref": "staff:7", "assignee_name": "窓口 一郎"}),
        PastEvent("advanced", later[0], *clerk, transition="begin"),
        PastEvent("noted", later[0], *clerk, note="電話で確認"),
        PastEvent("correction_requested", later[1], *clerk, transition="ask", payload={"fields": ["town"]}),
        PastEvent("correction_answered", later[3], "guest:anonymous", transition="answer"),
        PastEvent("advanced", later[4], "staff:8", "係長 花子", transition="approve"),
    ]


@pytest.mark.usefixtures("published")
def test_a_history_becomes_a_case_equal_to_its_replay(
    procedure: ProcedureFacts, history: list[PastEvent], at: datetime, calendar: OfficeCalendar
) -> None:
    asked = PastCorrection(
        ["town"],
        "",
        "直してください",
        at.date() + timedelta(days=9),
        history[3].at,
        "staff:7",
        answered_at=history[4].at,
    )
    (case,) = import_cases([past(procedure, at, events=history, corrections=[asked])], calendar=calendar)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.outcome, stored.assignee_name) == ("approved", "approved", "窓口 一郎")
    assert stored.decided_at == stored.closed_at == history[-1].at
    assert stored.event_count == stored.events.count() == len(history) + 1
    assert [event.from_state for event in stored.events.order_by("seq") if event.to_state] == [
        "", "received", "review", "correction", "review",
    ]  # fmt: skip
    assert stored.applicant_folded == "葛城花子"
    note = CaseNote.objects.get(case=stored)
    assert stored.events.get(kind="noted").payload == {"note": note.pk}
    assert stored.corrections.get().answered_at == history[4].at
    assert rebuild_projection(stored, calendar=calendar) is False


@pytest.mark.usefixtures("published")
def test_numbers_follow_the_order_and_secrets_open(
    procedure: ProcedureFacts, at: datetime, calendar: OfficeCalendar
) -> None:
    secret = new_short_code()
    many = [past(procedure, at + timedelta(minutes=n)) for n in range(20)] + [past(procedure, at, lookup_secret=secret)]
    cases = import_cases(many, calendar=calendar)
    numbers = [Case.objects.get(pk=case.pk).number for case in cases]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 21
    assert all(parse_receipt_number(number) == number for number in numbers)
    assert find_status(numbers[-1], secret) is not None
    assert find_status(numbers[0], secret) is None


@pytest.mark.usefixtures("published")
def test_nobody_is_told_of_the_past(
    procedure: ProcedureFacts, history: list[PastEvent], at: datetime, calendar: OfficeCalendar
) -> None:
    told: list[Any] = []
    on_transition.register("test.importing", told.append)
    import_cases([past(procedure, at, events=history)], calendar=calendar)
    assert told == []


@pytest.mark.usefixtures("published")
def test_an_arrow_the_workflow_does_not_have(procedure: ProcedureFacts, at: datetime, calendar: OfficeCalendar) -> None:
    with pytest.raises(KeyError):
        import_cases(
            [past(procedure, at, events=[PastEvent("advanced", at, "staff:7", transition="fly")])], calendar=calendar
        )
    assert not Case.objects.exists()
