"""Counting office days inside the database, so that a million cases need not leave it.

Owns the SQL expressions. An array holds, for each day of a stretch, how many open days lie up to it; the office days
between two days are the difference of two of its items. Equal to ``OfficeCalendar.office_days_between`` (a test holds
them together). Days outside the stretch give NULL.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Aggregate, DateField, F, FloatField, Func, IntegerField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from madoguchi.kernel import municipality
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.clock import TOKYO

YEARS_BACK = 8
"""How far back a day of receipt may lie before the newest day."""


class OpenDaysUpTo(Func):
    """The number of open days of the stretch up to a day."""

    template = "(%(expressions)s)"
    arg_joiner = ", "
    output_field = IntegerField()

    def __init__(self, day: Combinable, *, first: date, ordinals: str) -> None:
        super().__init__(day, Value(ordinals), Value(first, output_field=DateField()))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Write ``(array)[day - first + 1]``."""
        day, ordinals, first = self.source_expressions
        day_sql, day_params = compiler.compile(day)
        array_sql, array_params = compiler.compile(ordinals)
        first_sql, first_params = compiler.compile(first)
        sql = f"(({array_sql})::int[])[{day_sql} - ({first_sql})::date + 1]"
        return sql, [*array_params, *day_params, *first_params]


class Percentile(Aggregate):
    """A percentile as a value that really occurred between two rows is never invented: the continuous one, in days."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"
    output_field = FloatField()

    def __init__(self, expression: str, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=fraction, **extra)


def day_in_japan(column: str) -> TruncDate:
    """Return the day in Japan on which a moment lies."""
    return TruncDate(column, tzinfo=TOKYO)


def office_days(start: str, end: Combinable, *, newest: date) -> Combinable:
    """Return the open days after *start* (a date column) up to and including *end*, for days up to *newest*."""
    ward = municipality.current()
    first, ordinals = _ordinals(ward.generation, newest, ward.calendar)
    return OpenDaysUpTo(end, first=first, ordinals=ordinals) - OpenDaysUpTo(F(start), first=first, ordinals=ordinals)


@lru_cache(maxsize=4)
def _ordinals(generation: int, newest: date, calendar: OfficeCalendar) -> tuple[date, str]:
    """Return the first day of the stretch and the open days up to each of its days, as a PostgreSQL array."""
    first = date(newest.year - YEARS_BACK, 1, 1)
    numbers, count = [], 0
    for offset in range((newest - first).days + 1):
        count += calendar.is_open(first + timedelta(days=offset))
        numbers.append(count)
    return first, "{" + ",".join(map(str, numbers)) + "}"
