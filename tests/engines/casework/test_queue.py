"""The queue: filters, order, keyset paging, search."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.engines.casework.models import Case
from madoguchi.engines.casework.queue import QueueFilter, beside, count_queue, list_cases, search_cases
from madoguchi.engines.casework.services import Applicant, ProcedureFacts, advance, open_case
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
KUMIN = frozenset({"kumin"})
TODAY, DUE_BY = date(2026, 11, 12), date(2026, 11, 16)
NAMES = [("渡邊 次郎", "ワタナベ ジロウ"), ("渡辺 春", "ワタナベ ハル"), ("高井戸 梅", "タカイド ウメ")]


@pytest.fixture
def many(published: Any, procedure: ProcedureFacts, clerk: Actor, at: datetime, calendar: OfficeCalendar) -> list[Case]:
    return [
        open_case(
            submission=None,
            procedure=procedure,
            applicant=Applicant(*NAMES[index % 3]),
            actor=clerk,
            channel="online" if index % 2 else "counter",
            at=at + timedelta(days=index // 2),
            calendar=calendar,
        ).case
        for index in range(12)
    ]


def walk(what: QueueFilter, size: int) -> list[str]:
    numbers, after = [], ""
    while True:
        page = list_cases(what, today=TODAY, due_by=DUE_BY, after=after, size=size)
        numbers += [case.number for case in page.cases]
        after = page.next_cursor
        if not after:
            return numbers


@pytest.mark.parametrize("order", ["oldest", "newest", "due"])
@pytest.mark.parametrize("size", [1, 5, 12, 50])
def test_pages_together_are_the_whole_list_once(many: list[Case], order: Any, size: int) -> None:
    numbers = walk(QueueFilter(sections=KUMIN, order=order), size)
    assert sorted(numbers) == sorted(case.number for case in many)
    assert len(numbers) == len(set(numbers))


def test_back_leads_to_the_page_before(many: list[Case]) -> None:
    what = QueueFilter(sections=KUMIN)
    first = list_cases(what, today=TODAY, due_by=DUE_BY, size=5)
    second = list_cases(what, today=TODAY, due_by=DUE_BY, size=5, after=first.next_cursor)
    back = list_cases(what, today=TODAY, due_by=DUE_BY, size=5, before=second.previous_cursor)
    assert [case.pk for case in back.cases] == [case.pk for case in first.cases]
    assert (first.previous_cursor, back.previous_cursor) == ("", "")


def test_only_the_given_sections_are_seen(many: list[Case]) -> None:
    assert walk(QueueFilter(sections=frozenset({"kazei"})), 5) == []
    assert walk(QueueFilter(sections=frozenset()), 5) == []
    assert len(walk(QueueFilter(sections=None), 5)) == 12


def test_headings_agree_with_their_lists(many: list[Case], chief: Actor, calendar: OfficeCalendar) -> None:
    advance(many[0], "withdraw", actor=chief, at=many[-1].received_at, calendar=calendar, payload={"reason": "x"})
    counts = count_queue(KUMIN, today=TODAY, due_by=DUE_BY)
    for show in ("open", "waiting", "overdue", "due_soon"):
        assert counts[show] == len(walk(QueueFilter(sections=KUMIN, show=show), 5)), show  # type: ignore[arg-type]
    assert counts["overdue"] > 0
    assert walk(QueueFilter(sections=KUMIN, show="done"), 5) == [many[0].number]


def test_filters_narrow(many: list[Case]) -> None:
    assert len(walk(QueueFilter(sections=KUMIN, channel="online"), 5)) == 6
    assert len(walk(QueueFilter(sections=KUMIN, assignee="none"), 5)) == 12
    assert walk(QueueFilter(sections=KUMIN, assignee="staff:7"), 5) == []
    assert walk(QueueFilter(sections=KUMIN, procedure="other"), 5) == []


@pytest.mark.parametrize(
    ("text", "count"), [("渡辺", 8), ("わたなべ", 8), ("ワタナベ ハル", 4), ("高井戸梅", 4), ("辺", 0)]
)
def test_search_by_name_folds_variants_and_kana(many: list[Case], text: str, count: int) -> None:
    assert len(search_cases(text, KUMIN, today=TODAY)) == count


def test_search_by_number_reads_what_people_type(many: list[Case]) -> None:
    number = many[3].number
    serial = number.split("-")[1]
    for text in (number, number.lower(), number.replace("-", ""), str(int(serial))):
        assert [case.number for case in search_cases(text, KUMIN, today=TODAY)] == [number]


def test_search_by_serial_in_the_first_years_of_the_numbers(db: None) -> None:
    assert search_cases("12", KUMIN, today=date(2021, 5, 1)) == []


def test_neighbours_in_the_list(many: list[Case]) -> None:
    what = QueueFilter(sections=KUMIN)
    assert beside(many[0], what, today=TODAY, due_by=DUE_BY) == ("", many[1].number)
    assert beside(many[5], what, today=TODAY, due_by=DUE_BY) == (many[4].number, many[6].number)


def test_a_bad_cursor_is_refused(many: list[Case]) -> None:
    with pytest.raises(InvalidInput):
        list_cases(QueueFilter(sections=KUMIN), today=TODAY, due_by=DUE_BY, after="x~y")
