"""Counting office days inside the database, so that a million cases need not leave it.

Owns the SQL expressions. An array holds, for each day of a stretch, how many open days lie up to it; the office days
between two days are the difference of two of its items. Equal to ``OfficeCalendar.office_days_between`` (a test holds
them together). Days outside the stretch give NULL.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, F, Func, IntegerField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from madoguchi.kernel import municipality
from madoguchi.kernel.clock import TOKYO

YEARS_BACK = 8
"""How far back a day of receipt may lie before the newest day."""


class OpenDaysUpTo(Func):
    """The number of open days of the stretch up to a day."""

    output_field = IntegerField()

    def __init__(self, day: Combinable, *, first: date, ordinals: str) -> None:
        super().__init__(day, Value(ordinals), Value(first, output_field=DateField()))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Write ``(array)[day - first + 1]``."""
        day, ordinals, first = self.source_expressions
        day_sql, day_params = compiler.compile(day)
        array_sql, array_params = compiler.compile(ordinals)
        first_sql, first_params = compiler.compile(first)
        sql = f"(({array_sql})::int[])[{day_sql} - ({first_sql})::date + 1]"
        return sql, [*array_params, *day_params, *first_params]


def day_in_japan(column: str) -> TruncDate:
    """Return the day in Japan on which a moment lies."""
    return TruncDate(column, tzinfo=TOKYO)


def office_days(start: str, end: Combinable, *, newest: date) -> Combinable:
    """Return the open days after *start* (a date column) up to and including *end*, for days up to *newest*."""
    first, ordinals = _ordinals(newest)
    return OpenDaysUpTo(end, first=first, ordinals=ordinals) - OpenDaysUpTo(F(start), first=first, ordinals=ordinals)


@municipality.per_generation
def _ordinals(newest: date) -> tuple[date, str]:
    """Return the first day of the stretch and the open days up to each of its days, as a PostgreSQL array."""
    calendar = municipality.current().calendar
    first = date(newest.year - YEARS_BACK, 1, 1)
    numbers, count = [], 0
    for offset in range((newest - first).days + 1):
        count += calendar.is_open(first + timedelta(days=offset))
        numbers.append(count)
    return first, "{" + ",".join(map(str, numbers)) + "}"
