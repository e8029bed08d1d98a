"""The desk's figures: what is counted in which month, year and section."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from madoguchi.engines.casework.api import Case
from madoguchi.kernel import municipality
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.indicators import Answer, Filters, Line, indicators
from madoguchi.rooms.desk import figure_rows, figures
from madoguchi.rooms.indicators.scope import filters_of

from .conftest import AT, TODAY, moment

pytestmark = pytest.mark.django_db


def answer(name: str, *, as_of: date = TODAY, department: str = "", year: int | None = None) -> Answer:
    return indicators.get(name).query(as_of, filters_of(department, year))


def values(found: Answer, line: Line) -> dict[str, float | int | None]:
    return {column.id: figure.value for column, figure in zip(found.columns, line.figures, strict=True)}


def headlines(found: Answer) -> dict[str, float | int | None]:
    return {str(each.label): each.figure.value for each in found.headlines}


def test_office_days_in_the_database_equal_the_calendar(keep: Callable[..., Case]) -> None:
    start = datetime(2026, 4, 27, 9, 0, tzinfo=TOKYO)
    for days in range(0, 120, 3):
        keep(start, decided_at=start + timedelta(days=days))
    calendar = municipality.current().calendar
    for case in figures.with_decided_on(figures.with_office_days(Case.objects.all(), TODAY)):
        assert case.days == calendar.office_days_between(case.received_on, case.decided_on)


def test_days_outside_the_calendar_are_left_out_of_both(keep: Callable[..., Case]) -> None:
    keep(datetime(2001, 5, 7, 9, 0, tzinfo=TOKYO), decided_at=moment(5, 11))
    found = answer("days_to_decision")
    assert headlines(found)["決定した件数"] == 0
    assert figure_rows.day_rows(TODAY, Filters(), "-", "").total == 0


def test_a_month_and_a_year_begin_at_midnight_in_japan(keep: Callable[..., Case]) -> None:
    keep(datetime(2026, 3, 31, 23, 59, tzinfo=TOKYO))
    keep(datetime(2026, 4, 1, 0, 0, tzinfo=TOKYO))
    keep(datetime(2026, 4, 30, 23, 59, tzinfo=TOKYO), channel="counter")
    found = answer("applications_by_channel")
    assert values(found, found.lines[0]) == {"online": 1, "counter": 1, "all": 2, "share": 50.0}
    assert [line.labels[0] for line in found.lines] == [f"{month}月" for month in range(4, 12)]
    before = answer("applications_by_channel", year=2025)
    assert len(before.lines) == 12
    assert values(before, before.lines[-1])["all"] == 1


@pytest.mark.usefixtures("history")
def test_days_to_a_decision() -> None:
    found = answer("days_to_decision")
    # The sample town is closed on Wednesdays and open on Saturdays.
    assert headlines(found) == {"決定した件数": 4, "中央値": 1, "平均": 10.0, "9割が決まるまで": 35}
    assert [values(found, line)["cases"] for line in found.lines] == [1, 1, 0, 1, 0, 0, 0, 0, 1]
    assert found.sample


@pytest.mark.usefixtures("history")
def test_promises_kept_missed_and_never_made() -> None:
    found = answer("on_time_share")
    assert found.total is not None
    assert values(found, found.total) == {"decided": 4, "kept": 2, "missed": 1, "unset": 1, "share": 66.7}
    april = values(found, found.lines[0])
    assert (april["kept"], april["missed"], april["share"]) == (1, 1, 50.0)
    # 1 and 2 days ahead are no delay; the paused case waits for the resident.
    assert headlines(found)["約束日を過ぎて処理中"] == 4


@pytest.mark.usefixtures("history")
def test_sections_are_told_apart() -> None:
    found = answer("decisions_by_section")
    by_name = {line.labels[0]: values(found, line) for line in found.lines}
    assert set(by_name) == {"住民課", "福祉課"}
    assert by_name["福祉課"]["unset"] == 1
    assert by_name["住民課"]["share"] == 50.0
    assert [line.labels[0] for line in answer("decisions_by_section", department="fukushi").lines] == ["福祉課"]
    assert len(answer("decisions_by_section", department="jumin_bu").lines) == 2
    assert not answer("decisions_by_section", department="somu_bu").lines


@pytest.mark.usefixtures("history")
def test_open_cases_by_age_and_as_of_a_day() -> None:
    found = answer("open_cases")
    assert found.total is not None
    assert [figure.value for figure in found.total.figures] == [1, 1, 1, 2, 1, 6]
    earlier = answer("open_cases", as_of=date(2026, 5, 20))
    assert headlines(earlier)["処理中の案件"] == 1


def test_an_empty_office_has_empty_answers(town: None) -> None:
    for name in ("applications_by_channel", "days_to_decision", "on_time_share", "decisions_by_section", "open_cases"):
        found = answer(name)
        assert not found.sample
        assert all(figure.value in {0, None} for line in found.lines for figure in line.figures)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("applications_by_channel", 1),
        ("days_to_decision", 2),
        ("on_time_share", 2),
        ("decisions_by_section", 2),
        ("open_cases", 1),
    ],
)
def test_an_answer_costs_few_statements(
    name: str, statements: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(name)
    with django_assert_num_queries(statements):
        answer(name)


def test_rows_come_a_page_at_a_time(
    keep: Callable[..., Case],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(figure_rows, "PAGE", 2)
    numbers = [keep(AT).number for _ in range(5)]
    figure_rows.channel_rows(TODAY, Filters(), ":", "")
    seen, after = [], ""
    for _ in range(3):
        with django_assert_num_queries(2):
            page = figure_rows.channel_rows(TODAY, Filters(), ":", after)
        assert page.total == 5
        seen += [row.cells[0] for row in page.rows]
        after = page.cursor
    assert after == ""
    assert sorted(seen) == sorted(numbers)


def test_percentiles_are_days_that_occurred() -> None:
    assert figures.percentile({1: 1, 9: 1}, 50) == 1
    assert figures.percentile({1: 1, 2: 8, 30: 1}, 90) == 2
    assert figures.percentile({}, 50) is None
    assert figures.mean({-1: 1, 3: 1}) == 1.5
    assert figures.in_band({-1: 1, 0: 2}, (0, 0)) == 3
