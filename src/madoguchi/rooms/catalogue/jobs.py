"""The catalogue's daily work: rows that follow the day. Owns no rule."""

from __future__ import annotations

from madoguchi.kernel.jobs import job


@job("catalogue.follow_dates", cron="1 15 * * *")
def follow_dates(timestamp: int) -> None:
    """Follow the versions whose day has come, one minute after midnight in Japan."""
    from madoguchi.rooms.catalogue.publishing import follow_dates as follow

    follow()
