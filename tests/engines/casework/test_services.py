"""Writes of casework against a real database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.engines.casework import definitions
from madoguchi.engines.casework.happenings import CaseHappening, on_transition
from madoguchi.engines.casework.models import Case, CaseEvent
from madoguchi.engines.casework.rules import changed_answers
from madoguchi.engines.casework.selectors import current_answers, same_applicant
from madoguchi.engines.casework.services import (
    Applicant,
    OpenedCase,
    ProcedureFacts,
    add_note,
    advance,
    answer_correction,
    assign,
    available_steps,
    bulk_advance,
    open_case,
    rebuild_projection,
    request_correction,
    transfer,
    withdraw,
)
from madoguchi.engines.casework.services.projecting import PROJECTION
from madoguchi.engines.casework.status import find_status
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed
from madoguchi.kernel.ids import parse_receipt_number, receipt_number

pytestmark = pytest.mark.django_db


def test_opening_gives_a_number_a_day_of_receipt_and_a_promise(opened: OpenedCase) -> None:
    case = Case.objects.get(number=opened.number)
    assert parse_receipt_number(opened.number) == opened.number
    assert opened.number.startswith("R08-")
    assert (case.received_on, case.promised_on) == (date(2026, 11, 2), date(2026, 11, 10))
    assert case.applicant_folded == "杉並花子"
    assert opened.lookup_secret not in repr(opened)


def test_opening_costs_three_statements(
    published: Any, procedure: ProcedureFacts, resident: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    definitions.current_version_id("small")
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        open_case(
            submission=None,
            procedure=procedure,
            applicant=Applicant(),
            actor=resident,
            channel="online",
            at=at,
            calendar=calendar,
        )
    assert len([row for row in queries if "SAVEPOINT" not in row["sql"]]) <= 3


@pytest.mark.parametrize(("year", "serial"), [(2026, 1), (2026, 12345), (2019, 9_999_999), (2031, 70_000)])
def test_the_database_writes_numbers_as_the_kernel_does(year: int, serial: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_receipt_number(%s, %s)", [year, serial])
        assert cursor.fetchone()[0] == receipt_number(year, serial)


def test_history_and_receipt_cannot_be_changed(opened: OpenedCase) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CaseEvent.objects.filter(case=opened.case).update(kind="other")
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        Case.objects.filter(pk=opened.case.pk).update(received_on=date(2020, 1, 1))


def test_a_case_goes_from_receipt_to_decision(
    opened: OpenedCase, clerk: Actor, chief: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    case = advance(opened.case, "begin", actor=clerk, at=at, calendar=calendar)
    assert case.state == "review"
    with pytest.raises(NotAllowed):
        advance(case, "approve", actor=clerk, at=at, calendar=calendar)
    case = advance(case, "approve", actor=chief, at=at + timedelta(days=3), calendar=calendar)
    assert (case.state_kind, case.outcome) == ("done", "approved")
    assert case.decided_at == at + timedelta(days=3)
    with pytest.raises(Conflict):
        advance(case, "begin", actor=clerk, at=at, calendar=calendar)


def test_another_sections_case_is_refused(opened: OpenedCase, at: datetime, calendar: OfficeCalendar) -> None:
    stranger = Actor(kind="staff", id="9", roles=frozenset({"clerk"}), sections=frozenset({"kazei"}))
    with pytest.raises(NotAllowed):
        advance(opened.case, "begin", actor=stranger, at=at, calendar=calendar)
    with pytest.raises(NotAllowed):
        request_correction(
            opened.case,
            fields=["town"],
            message="x",
            due_on=date(2026, 11, 12),
            actor=stranger,
            at=at,
            calendar=calendar,
        )


def test_a_stale_page_is_refused(opened: OpenedCase, clerk: Actor, at: datetime, calendar: OfficeCalendar) -> None:
    assign(opened.case, assignee_ref="staff:7", assignee_name="窓口", actor=clerk, at=at, calendar=calendar)
    with pytest.raises(Conflict) as caught:
        advance(opened.case, "begin", actor=clerk, at=at, calendar=calendar, seen=1)
    assert caught.value.code == "casework.changed"


def test_requirements_are_demanded(opened: OpenedCase, clerk: Actor, at: datetime, calendar: OfficeCalendar) -> None:
    with pytest.raises(InvalidInput, match="理由"):
        advance(opened.case, "withdraw", actor=clerk, at=at, calendar=calendar)


def test_a_correction_stops_the_clock_and_keeps_the_receipt(
    opened: OpenedCase, clerk: Actor, resident: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    case = opened.case
    request = request_correction(
        case,
        fields=["town"],
        message="文字が読めませんでした。",
        due_on=date(2026, 11, 20),
        actor=clerk,
        at=at + timedelta(days=2),
        calendar=calendar,
        reason_id="unclear",
    )
    case.refresh_from_db()
    assert (case.state, case.clock) == ("correction", "paused")
    with pytest.raises(InvalidInput):
        answer_correction(case, answers={"floor": "2"}, actor=resident, at=at + timedelta(days=3), calendar=calendar)
    answer_correction(case, answers={"town": "高円寺北"}, actor=resident, at=at + timedelta(days=7), calendar=calendar)
    case.refresh_from_db()
    request.refresh_from_db()
    assert case.state == "review"
    assert case.number == opened.number
    assert case.received_on == date(2026, 11, 2)
    assert case.promised_on == date(2026, 11, 13)  # three office days later: Thu 5, Fri 6, Mon 9
    assert request.changes == [{"field": "town", "before": "高円寺南", "after": "高円寺北"}]
    assert current_answers(case)["town"] == "高円寺北"
    assert case.submission.answers["town"] == "高円寺南"
    with pytest.raises(Conflict):
        answer_correction(case, answers={}, actor=resident, at=at + timedelta(days=8), calendar=calendar)


@pytest.mark.parametrize(
    ("fields", "message", "due_on"),
    [
        ([], "x", date(2026, 11, 12)),
        (["town"], " ", date(2026, 11, 12)),
        (["town"], "x", date(2026, 11, 2)),
        (["town"], "x", date(2026, 11, 7)),
    ],
)
def test_a_senseless_correction_is_refused(
    opened: OpenedCase,
    clerk: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    fields: list[str],
    message: str,
    due_on: date,
) -> None:
    with pytest.raises(InvalidInput):
        request_correction(
            opened.case, fields=fields, message=message, due_on=due_on, actor=clerk, at=at, calendar=calendar
        )


def test_withdrawing_closes_an_open_correction(
    opened: OpenedCase, clerk: Actor, resident: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    request = request_correction(
        opened.case, fields=["town"], message="x", due_on=date(2026, 11, 12), actor=clerk, at=at, calendar=calendar
    )
    case = withdraw(opened.case, actor=resident, at=at, calendar=calendar, reason="引っ越さない")
    request.refresh_from_db()
    assert case.outcome == "withdrawn"
    assert request.closed_at == at
    assert not request.is_open


def test_transfer_and_notes(opened: OpenedCase, clerk: Actor, at: datetime, calendar: OfficeCalendar) -> None:
    add_note(opened.case, body=" 電話で確認 ", actor=clerk, at=at, calendar=calendar)
    case = transfer(opened.case, section="kazei", reason="所管が違う", actor=clerk, at=at, calendar=calendar)
    assert case.section == "kazei"
    assert case.notes.get().body == "電話で確認"
    with pytest.raises(NotAllowed):
        add_note(case, body="もう一度", actor=clerk, at=at, calendar=calendar)


def test_bulk_lists_refusals_and_goes_on(
    opened: OpenedCase, procedure: ProcedureFacts, clerk: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    second = open_case(
        submission=None,
        procedure=procedure,
        applicant=Applicant(),
        actor=clerk,
        channel="counter",
        at=at,
        calendar=calendar,
    )
    advance(opened.case, "begin", actor=clerk, at=at, calendar=calendar)
    opened.case.refresh_from_db()
    result = bulk_advance([opened.case, second.case], "begin", actor=clerk, at=at, calendar=calendar)
    assert result.done == [second.number]
    assert [number for number, _ in result.refused] == [opened.number]


def test_listeners_hear_what_happened(opened: OpenedCase, clerk: Actor, at: datetime, calendar: OfficeCalendar) -> None:
    heard: list[CaseHappening] = []
    on_transition.register("test.listener", heard.append)
    request_correction(
        opened.case, fields=["town"], message="x", due_on=date(2026, 11, 12), actor=clerk, at=at, calendar=calendar
    )
    assert [(item.letter, item.event.kind) for item in heard] == [("correction_asked", "correction_requested")]


def test_the_secret_opens_the_status_and_nothing_else_does(opened: OpenedCase) -> None:
    found = find_status(opened.number.lower().replace("-", " "), opened.lookup_secret.lower())
    assert found is not None
    assert str(found.public) == "受け付けました"
    assert (found.stage, len(found.stage_titles)) == (1, 3)
    assert found.may_withdraw
    assert find_status(opened.number, "AAAA-AAAA-AAAA") is None
    assert find_status("R08-0000000-0", opened.lookup_secret) is None


def test_neighbours_share_the_applicant(
    opened: OpenedCase, procedure: ProcedureFacts, clerk: Actor, at: datetime, calendar: OfficeCalendar
) -> None:
    again = open_case(
        submission=None,
        procedure=procedure,
        applicant=Applicant(name="杉並　花子", kana="すぎなみ はなこ"),
        actor=clerk,
        channel="counter",
        at=at,
        calendar=calendar,
    )
    assert same_applicant(opened.case, sections=None) == [again.case]
    assert same_applicant(opened.case, sections=frozenset({"kazei"})) == []


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["begin", "ask", "answer", "approve", "reopen", "withdraw", "assign", "note"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_the_columns_equal_the_replay_of_any_history(
    published: Any,
    procedure: ProcedureFacts,
    chief: Actor,
    resident: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    actions: list[tuple[str, int]],
) -> None:
    case = open_case(
        submission=None,
        procedure=procedure,
        applicant=Applicant(),
        actor=resident,
        channel="online",
        at=at,
        calendar=calendar,
    ).case
    for action, days in actions:
        at += timedelta(days=days)
        try:
            _act(case, action, chief=chief, resident=resident, at=at, calendar=calendar)
        except DomainError:
            continue
    case.refresh_from_db()
    before = {name: getattr(case, name) for name in PROJECTION}
    assert rebuild_projection(case, calendar=calendar) is False
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in PROJECTION} == before
    assert case.event_count == case.events.count()


def _act(case: Case, action: str, *, chief: Actor, resident: Actor, at: datetime, calendar: OfficeCalendar) -> None:
    when: dict[str, Any] = {"at": at, "calendar": calendar}
    if action == "ask":
        due = calendar.add_office_days(at.date(), 5)
        request_correction(case, fields=["a"], message="x", due_on=due, actor=chief, **when)
    elif action == "answer":
        answer_correction(case, answers={"a": 1}, actor=resident, **when)
    elif action == "assign":
        assign(case, assignee_ref=f"staff:{at.day}", assignee_name="x", actor=chief, **when)
    elif action == "note":
        add_note(case, body="x", actor=chief, **when)
    else:
        advance(case, action, actor=chief, payload={"reason": "x"}, **when)


def test_available_steps_depend_on_role_and_state(opened: OpenedCase, clerk: Actor, resident: Actor) -> None:
    assert [item.id for item in available_steps(opened.case, actor=clerk)] == ["begin", "ask", "withdraw"]
    assert [item.id for item in available_steps(opened.case, actor=resident)] == ["withdraw"]


def test_publishing_twice_adds_nothing(published: Any, at: datetime) -> None:
    first = definitions.publish_workflow(published, at=at)
    changed = published.model_copy(update={"note": "改めた"})
    second = definitions.publish_workflow(changed, at=at)
    assert (first.version, second.version) == (1, 2)
    assert definitions.publish_workflow(changed, at=at).pk == second.pk
    assert definitions.current_version_id("small") == second.pk
    assert changed_answers({}, {}) == []
