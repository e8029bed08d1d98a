"""The portal's daily work. Owns names and times; what is done, ``services`` decides."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

from .correction_files import remove_left_files
from .reminders import (
    remind_of_corrections,
    remind_of_documents,
    remind_of_drafts,
    remind_of_originals,
    remind_of_payments,
)


@job("portal.remind_corrections", queue="notices", retry=3, cron="5 0 * * *")
def remind_corrections(*, timestamp: int) -> None:
    """Remind residents of corrections and posted papers that are due soon, every morning at 9:05 in Japan."""
    remind_of_corrections(at=clock.now())
    remind_of_originals(at=clock.now())


@job("portal.remind_payments", queue="notices", retry=3, cron="10 0 * * *")
def remind_payments(*, timestamp: int) -> None:
    """Remind residents of payments that are due soon, every morning at 9:10 in Japan."""
    remind_of_payments(at=clock.now())


@job("portal.remind_documents", queue="notices", retry=3, cron="20 0 * * *")
def remind_documents(*, timestamp: int) -> None:
    """Remind residents of documents that expire or wait at a desk, every open morning at 9:20 in Japan."""
    remind_of_documents(at=clock.now())


@job("portal.remind_drafts", queue="notices", retry=3, cron="15 0 * * *")
def remind_drafts(*, timestamp: int) -> None:
    """Tell of drafts that will be deleted soon, every morning at 9:15 in Japan."""
    remind_of_drafts(at=clock.now())


@job("portal.remove_left_files", queue="files", retry=3, cron="50 18 * * *")
def remove_left(*, timestamp: int) -> None:
    """Delete the files of corrections that were closed before they were sent, every night at 3:50 in Japan."""
    remove_left_files()
