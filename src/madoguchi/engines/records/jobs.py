"""The engine's work in the queue: the night's erasing, building exports, removing old ones. Owns names and times only."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job


@job("records.run_retention", queue="records", retry=2, cron="40 18 * * *")
def run_retention(*, timestamp: int) -> None:
    """Erase what may go today, every night at 3:40 in Japan."""
    from .services import run_retention as run

    run(as_of=clock.today(), at=clock.now())


@job("records.build_export", queue="records", retry=3)
def build_export(*, export_id: str) -> None:
    """Make the file of an export."""
    from .exporting import build_export as build

    build(export_id, at=clock.now())


@job("records.remove_exports", queue="records", retry=2, cron="20 * * * *")
def remove_exports(*, timestamp: int) -> None:
    """Remove the files of expired exports, every hour."""
    from .exporting import remove_expired_exports

    remove_expired_exports(at=clock.now())
