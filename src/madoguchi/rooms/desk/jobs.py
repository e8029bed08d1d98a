"""The desk's daily work. Owns names and times; what is done, ``telling`` decides."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

from .telling import tell_of_the_day


@job("desk.tell_of_the_day", queue="notices", retry=3, cron="30 23 * * *")
def morning(*, timestamp: int) -> None:
    """Tell staff what waits, every morning at 8:30 in Japan."""
    tell_of_the_day(at=clock.now())
