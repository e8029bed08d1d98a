"""The portal's daily work. Owns names and times; what is done, ``services`` decides."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

from .services import remind_of_corrections


@job("portal.remind_corrections", queue="notices", retry=3, cron="5 0 * * *")
def remind_corrections(*, timestamp: int) -> None:
    """Remind residents of corrections that are due soon, every morning at 9:05 in Japan."""
    remind_of_corrections(at=clock.now())
