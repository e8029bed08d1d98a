"""What the desk's indicators count: cases received, decided and open, as of a day.

Owns the selections that figures and row lists share, so that a list can never differ from its number, and their
counting in the database. Reads only columns that follow from events. A withdrawn application (取下げ) is not a decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from madoguchi.engines.casework.api import Case
from madoguchi.kernel.calendar import fiscal_year, fiscal_year_range
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.indicators import Filters

from .office_days import day_in_japan, office_days

UNDECIDED = ("", "withdrawn")
SAMPLES = Count("id", filter=Q(is_sample=True))
DAY_BANDS: tuple[tuple[int, int | None], ...] = (
    (0, 0), (1, 1), (2, 3), (4, 5), (6, 10), (11, 15), (16, 20), (21, 30), (31, None),
)  # fmt: skip
"""Office days to a decision, from–to; None is open at the end."""
AGE_BANDS: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 14), (15, 30), (31, 60), (61, None))
"""Calendar days since the 収受日."""


def period(as_of: date, filters: Filters) -> tuple[date, date]:
    """Return the first and the last day of the fiscal year asked for, not beyond *as_of*."""
    newest = fiscal_year(as_of)
    first, last = fiscal_year_range(min(filters.fiscal_year or newest, newest))
    return first, min(last, as_of)


def months(first: date, last: date) -> list[date]:
    """Return the first day of every month from *first* to *last*."""
    found = [first.replace(day=1)]
    while (following := (found[-1] + timedelta(days=32)).replace(day=1)) <= last:
        found.append(following)
    return found


def received(as_of: date, filters: Filters) -> QuerySet[Case]:
    """Return the cases received in the period."""
    first, last = period(as_of, filters)
    return _of_sections(filters).filter(
        received_at__gte=_start(first), received_at__lt=_start(last + timedelta(days=1))
    )


def decided(as_of: date, filters: Filters) -> QuerySet[Case]:
    """Return the cases decided in the period."""
    first, last = period(as_of, filters)
    rows = _of_sections(filters).exclude(outcome__in=UNDECIDED)
    return rows.filter(decided_at__gte=_start(first), decided_at__lt=_start(last + timedelta(days=1)))


def open_at(as_of: date, filters: Filters) -> QuerySet[Case]:
    """Return the cases that were open at the end of the day; their section is today's."""
    end = _start(as_of + timedelta(days=1))
    return _of_sections(filters).filter(Q(closed_at=None) | Q(closed_at__gte=end), received_at__lt=end)


def overdue_at(as_of: date, filters: Filters) -> QuerySet[Case]:
    """Return the open cases whose promised day had passed while the office's clock runs."""
    return open_at(as_of, filters).filter(promised_on__lt=as_of).exclude(clock="paused")


def of_month(rows: QuerySet[Case], column: str, month: date) -> QuerySet[Case]:
    """Keep the rows whose moment lies in a month."""
    following = (month + timedelta(days=32)).replace(day=1)
    return rows.filter(**{f"{column}__gte": _start(month), f"{column}__lt": _start(following)})


def of_age(rows: QuerySet[Case], as_of: date, band: tuple[int, int | None]) -> QuerySet[Case]:
    """Keep the rows whose 収受日 lies so many days back."""
    return rows.filter(_aged(as_of, band))


def with_office_days(rows: QuerySet[Any], as_of: date) -> QuerySet[Any]:
    """Add ``days``: the office days from the 収受日 to the decision."""
    return rows.annotate(days=office_days("received_on", day_in_japan("decided_at"), newest=as_of))


def on_time() -> Q:
    """Return the condition for a decision by the promised day."""
    return Q(promised_on__isnull=False, decided_on__lte=F("promised_on"))


def late() -> Q:
    """Return the condition for a decision after the promised day."""
    return Q(promised_on__isnull=False, decided_on__gt=F("promised_on"))


def with_decided_on(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add ``decided_on``, the day in Japan of the decision."""
    return rows.annotate(decided_on=day_in_japan("decided_at"))


def count_channels(as_of: date, filters: Filters) -> dict[tuple[date, str], tuple[int, int]]:
    """Return (cases, of these samples) by month and channel (one SQL statement)."""
    rows = received(as_of, filters).annotate(month=TruncMonth("received_at", tzinfo=TOKYO))
    found = rows.values_list("month", "channel").annotate(cases=Count("id"), samples=SAMPLES).order_by()
    return {(month.date(), channel): (cases, samples) for month, channel, cases, samples in found}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many decisions had a promised day, how many kept it, how many missed it, how many are samples."""

    decided: int
    kept: int
    missed: int
    samples: int


def count_promises(as_of: date, filters: Filters) -> dict[date, Kept]:
    """Return how promises were kept, by month of the decision (one SQL statement)."""
    rows = with_decided_on(decided(as_of, filters)).annotate(month=TruncMonth("decided_at", tzinfo=TOKYO))
    found = rows.values_list("month").annotate(**_promises()).order_by()
    return {month.date(): Kept(*counts) for month, *counts in found}


def count_promises_by_section(as_of: date, filters: Filters) -> dict[str, Kept]:
    """Return how promises were kept, by section (one SQL statement)."""
    found = with_decided_on(decided(as_of, filters)).values_list("section").annotate(**_promises()).order_by()
    return {section: Kept(*counts) for section, *counts in found}


def histogram(as_of: date, filters: Filters) -> dict[str, Counter[int]]:
    """Return the decisions by section and office days (one SQL statement)."""
    rows = with_office_days(decided(as_of, filters), as_of)
    found: dict[str, Counter[int]] = {}
    for section, days, cases in rows.values_list("section", "days").annotate(cases=Count("id")).order_by():
        if days is not None:
            found.setdefault(section, Counter())[days] += cases
    return found


def count_open(as_of: date, filters: Filters) -> dict[str, tuple[list[int], int]]:
    """Return the open cases by section: a number for each age band, and how many are samples (one SQL statement)."""
    bands = {f"band_{place}": Count("id", filter=_aged(as_of, band)) for place, band in enumerate(AGE_BANDS)}
    found = open_at(as_of, filters).values_list("section").annotate(samples=SAMPLES, **bands).order_by()
    return {section: (counts, samples) for section, samples, *counts in found}


def merged(counters: Iterable[Mapping[int, int]]) -> Counter[int]:
    """Add up histograms."""
    whole: Counter[int] = Counter()
    for each in counters:
        whole.update(each)
    return whole


def in_band(counter: Mapping[int, int], band: tuple[int, int | None]) -> int:
    """Return how many lie in a band; days before the 収受日 count as none."""
    low, high = band
    return sum(
        cases for days, cases in counter.items() if low <= max(days, 0) and (high is None or max(days, 0) <= high)
    )


def percentile(counter: Mapping[int, int], percent: int) -> int | None:
    """Return the smallest number of days within which *percent* of the cases were decided; None of nothing."""
    left = -(-sum(counter.values()) * percent // 100)
    for days in sorted(counter):
        left -= counter[days]
        if left <= 0:
            return max(days, 0)
    return None


def mean(counter: Mapping[int, int]) -> float | None:
    """Return the mean in days with one decimal; None of nothing."""
    cases = sum(counter.values())
    return round(sum(max(days, 0) * count for days, count in counter.items()) / cases, 1) if cases else None


def _promises() -> dict[str, Count]:
    return {
        "cases": Count("id"),
        "kept": Count("id", filter=on_time()),
        "missed": Count("id", filter=late()),
        "samples": SAMPLES,
    }


def _aged(as_of: date, band: tuple[int, int | None]) -> Q:
    low, high = band
    newest = Q(received_on__lte=as_of - timedelta(days=low)) if low else Q()
    return newest if high is None else newest & Q(received_on__gte=as_of - timedelta(days=high))


def _of_sections(filters: Filters) -> QuerySet[Case]:
    rows = Case.objects.all()
    return rows if filters.sections is None else rows.filter(section__in=sorted(filters.sections))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=TOKYO)
