"""Every figure opens the very rows it was counted from, whatever the filters."""

from __future__ import annotations

from itertools import product

import pytest

from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.indicators import Answer, Figure, Filters, Indicator, indicators, named
from madoguchi.rooms.indicators.scope import filters_of

from .conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history")]
ADDED_UP = {"online_use", "online_use_by_department", "yearly_counts"}
"""Their figures are sums over their rows, not numbers of rows."""


def counted(answer: Answer) -> list[tuple[str, Figure]]:
    """Return the figures that count something (件), each with a name for the message."""
    lines = [*answer.lines, *([answer.total] if answer.total else [])]
    found = [
        (f"{line.labels[0]} {column.label}", figure)
        for line in lines
        for column, figure in zip(answer.columns, line.figures, strict=True)
        if str(column.unit) == "件"
    ]
    return found + [(str(each.label), each.figure) for each in answer.headlines if str(each.unit) == "件"]


def test_a_count_equals_the_number_of_its_rows() -> None:
    names = [key for key in indicators if key not in ADDED_UP]
    for name, department, year in product(names, ("", "jumin_bu", "jumin"), (None, 2025)):
        item, filters = indicators.get(name), filters_of(department, year)
        for what, figure in counted(item.query(TODAY, filters)):
            rows = item.rows(TODAY, filters, figure.key, "")
            assert rows.total == figure.value, (name, department, year, what, figure)
            assert len(rows.rows) == min(rows.total, 100)


def test_a_sum_equals_the_sum_over_its_rows() -> None:
    for item in (indicators.get("online_use"), indicators.get("online_use_by_department")):
        check_sums(item)


def check_sums(item: Indicator) -> None:
    """Compare every line's total and online figures with the cells of its rows."""
    for line in item.query(TODAY, Filters()).lines:
        total, online = line.figures[:2]
        rows = item.rows(TODAY, Filters(), total.key, "").rows
        assert sum(int(row.cells[2]) for row in rows) == total.value
        assert sum(int(row.cells[3]) for row in rows) == online.value


def test_an_unknown_key_is_not_found() -> None:
    for item, key in product(
        indicators.all(), ("", "x", "2026:nonsense:", "9999-99:kept", "jumin:1-2-3", "２０２６:all:")
    ):
        if (item.id, key) == ("decisions_by_section", "9999-99:kept"):
            continue  # a section that the folder no longer names may still have cases
        with pytest.raises(NotFound):
            item.rows(TODAY, Filters(), key, "")


def test_every_indicator_has_its_words() -> None:
    for item in indicators.all():
        assert named(item.title).has("ja")
        if item.scope == "public":
            assert named(item.title).has("en")
            assert named(item.title).has("easy")
            assert named(item.description).has("easy")
