"""The delivery job. Owns its name and queue; what a try does and when the next one is, ``services`` decides."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

from .services import deliver_notice


@job("notices.deliver", queue="notices", retry=5)
def deliver(*, notice_id: str) -> None:
    """Mail one notice. The queue's own retries are for faults outside the mail server, such as a lost database."""
    deliver_notice(notice_id, at=clock.now())
