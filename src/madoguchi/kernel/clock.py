"""The wall clock of the office.

Owns the current time. Only views, jobs and commands ask here; rules, services and selectors receive `at`, so that a
decision can be replayed to the same answer.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Return the present moment as an aware datetime in Japan standard time."""
    return datetime.now(TOKYO)


def today() -> date:
    """Return the present day in Japan."""
    return now().date()


def local(moment: datetime) -> datetime:
    """Convert an aware moment to Japan standard time."""
    return moment.astimezone(TOKYO)
