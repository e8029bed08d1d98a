"""The delivery job. Owns when the queue tries again; what a try does is ``services.deliver_notice``."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

from .rules import MAX_ATTEMPTS
from .services import deliver_notice


class DeliveryFailed(Exception):
    """Tells the queue to try again; the attempt itself is written already."""


@job("notices.deliver", queue="notices", retry=MAX_ATTEMPTS)
def deliver(*, notice_id: str) -> None:
    """Mail one notice. Raises DeliveryFailed after a passing fault, so that the queue waits longer and tries again."""
    if not deliver_notice(notice_id, at=clock.now()):
        raise DeliveryFailed(notice_id)
