"""Pure rules: receipt day, promised date, projection of histories."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.casework.rules import (
    Happening,
    Pause,
    changed_answers,
    is_overdue,
    may_take,
    missing_requirements,
    pauses_of,
    project,
    promise,
    received_day,
)
from madoguchi.engines.casework.schema import WorkflowDefinition
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.clock import TOKYO

from .conftest import WORKFLOW

CALENDAR = OfficeCalendar(closed_dates={date(2026, 11, 3): "文化の日", date(2026, 11, 23): "勤労感謝の日"})
DEFINITION = WorkflowDefinition.model_validate(WORKFLOW)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def opening(day: date = date(2026, 11, 2), standard_days: int | None = 5) -> Happening:
    at = datetime(day.year, day.month, day.day, 10, tzinfo=TOKYO)
    payload = {"section": "kumin", "received_on": day.isoformat(), "standard_days": standard_days}
    return Happening("opened", at, "received", payload=payload)


def move(state: str, days_later: int, outcome: str = "") -> Happening:
    return Happening("advanced", opening().at + timedelta(days=days_later), state, outcome)


def test_received_on_a_closed_day_counts_from_the_next_open_one() -> None:
    assert received_day(datetime(2026, 11, 2, 23, 0, tzinfo=TOKYO), calendar=CALENDAR) == date(2026, 11, 2)
    assert received_day(datetime(2026, 11, 3, 9, 0, tzinfo=TOKYO), calendar=CALENDAR) == date(2026, 11, 4)
    assert received_day(datetime(2026, 11, 7, 9, 0, tzinfo=TOKYO), calendar=CALENDAR) == date(2026, 11, 9)


def test_the_promise_skips_weekends_and_holidays() -> None:
    # From Monday 2 November: Wed 4, Thu 5, Fri 6, Mon 9, Tue 10 (the 3rd is a holiday).
    assert promise(received_on=date(2026, 11, 2), standard_days=5, pauses=[], calendar=CALENDAR) == date(2026, 11, 10)
    assert promise(received_on=date(2026, 11, 2), standard_days=None, pauses=[], calendar=CALENDAR) is None


def test_a_pause_lengthens_the_promise_by_its_office_days() -> None:
    pause = Pause(date(2026, 11, 5), date(2026, 11, 10))  # Fri 6, Mon 9, Tue 10
    assert promise(received_on=date(2026, 11, 2), standard_days=5, pauses=[pause], calendar=CALENDAR) == date(
        2026, 11, 13
    )


@given(
    start=days,
    standard=st.integers(0, 120),
    lengths=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5),
)
def test_the_promise_is_an_open_day_and_never_earlier_with_pauses(
    start: date, standard: int, lengths: list[tuple[int, int]]
) -> None:
    start = CALENDAR.next_open(start)
    pauses, day = [], start
    for gap, length in lengths:
        begin = day + timedelta(days=gap)
        day = begin + timedelta(days=length)
        pauses.append(Pause(begin, day))
    plain = promise(received_on=start, standard_days=standard, pauses=[], calendar=CALENDAR)
    longer = promise(received_on=start, standard_days=standard, pauses=pauses, calendar=CALENDAR)
    assert plain is not None
    assert longer is not None
    assert CALENDAR.is_open(longer)
    assert longer >= plain
    waited = sum(CALENDAR.office_days_between(item.start, item.end) for item in pauses if item.end)
    assert CALENDAR.office_days_between(start, longer) == standard + waited


def test_pauses_follow_the_clock_of_the_states() -> None:
    history = [opening(), move("review", 1), move("correction", 2), move("review", 8), move("correction", 9)]
    found = pauses_of(history, definition=DEFINITION)
    assert found == [Pause(date(2026, 11, 4), date(2026, 11, 10)), Pause(date(2026, 11, 11))]


def test_a_reopened_case_is_undecided_again() -> None:
    decided = [opening(), move("review", 1), move("approved", 4, "approved")]
    shape = project(decided, definition=DEFINITION, calendar=CALENDAR)
    assert (shape.outcome, shape.state_kind, shape.closed_at) == ("approved", "done", decided[-1].at)
    shape = project([*decided, move("review", 10)], definition=DEFINITION, calendar=CALENDAR)
    assert (shape.outcome, shape.decided_at, shape.closed_at) == ("", None, None)


def test_a_transfer_clears_the_assignee() -> None:
    at = opening().at
    history = [
        opening(),
        Happening("assigned", at, payload={"assignee_ref": "staff:7", "assignee_name": "窓口"}),
        Happening("transferred", at, payload={"to_section": "kazei"}),
    ]
    shape = project(history, definition=DEFINITION, calendar=CALENDAR)
    assert (shape.section, shape.assignee_ref, shape.event_count) == ("kazei", "", 3)


def test_who_may_take_a_step() -> None:
    answer, begin = DEFINITION.by_transition["answer"], DEFINITION.by_transition["begin"]
    assert may_take(answer, kind="guest", roles=())
    assert not may_take(answer, kind="staff", roles=("clerk",))
    assert may_take(begin, kind="staff", roles=("clerk",))
    assert not may_take(begin, kind="system", roles=())


def test_missing_requirements_keep_their_order() -> None:
    ask = DEFINITION.by_transition["ask"]
    assert missing_requirements(ask, {"reason": "x"}) == ["fields", "due"]


def test_only_changed_answers_are_listed() -> None:
    changed = changed_answers({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4})
    assert changed == [{"field": "b", "before": 2, "after": 3}, {"field": "c", "before": None, "after": 4}]


def test_overdue_only_while_the_clock_runs() -> None:
    due = date(2026, 11, 10)
    assert is_overdue(promised_on=due, clock="running", today=date(2026, 11, 11))
    assert not is_overdue(promised_on=due, clock="running", today=due)
    assert not is_overdue(promised_on=due, clock="paused", today=date(2026, 12, 1))
