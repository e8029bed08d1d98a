"""The jobs of delivery. Owns names, queue and times; what is done, ``services``, ``bounces`` and ``line_events`` decide."""

from __future__ import annotations

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

from .bounces import read_bounces
from .line_events import answer_event, forget_events
from .services import deliver_notice


@job("notices.deliver", queue="notices", retry=5)
def deliver(*, notice_id: str, channel: str = "") -> None:
    """Deliver one notice. The queue's own retries are for faults outside the ways of delivery, such as a lost database."""
    deliver_notice(notice_id, at=clock.now(), channel=channel)


@job("notices.read_bounces", queue="notices", retry=2, cron="*/10 * * * *")
def bounces(*, timestamp: int) -> None:
    """Read the mailbox of bounces every ten minutes, when one is named."""
    read_bounces(at=clock.now())


@job("notices.forget_events", queue="notices", retry=2, cron="40 18 * * *")
def forget(*, timestamp: int) -> None:
    """Forget, every night, what LINE told us more than 30 days ago and nonces that are over."""
    forget_events(at=clock.now())


@job("notices.answer_line", queue="notices", retry=2)
def answer_line(*, event: int) -> None:
    """Answer what somebody did in LINE."""
    answer_event(event, at=clock.now())
