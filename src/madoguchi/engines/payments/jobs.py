"""Jobs of the payments engine: collect, refund, catch up, and the local provider's notifications."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job

CATCH_UP_AFTER = timedelta(minutes=10)
CATCH_UP_UNTIL = timedelta(days=3)


@job("payments.collect", queue="payments", retry=8)
def collect(payment_id: str, tries: int = 0) -> None:
    """Confirm or give up an approved payment."""
    from .services import collect_payment

    collect_payment(payment_id, at=clock.now(), tries=tries)


@job("payments.refund", queue="payments", retry=8)
def refund(refund_id: str, tries: int = 0) -> None:
    """Ask a provider to give money back."""
    from .services import send_refund

    send_refund(refund_id, at=clock.now(), tries=tries)


@job("payments.catch_up", queue="payments", cron="*/5 * * * *")
def catch_up(timestamp: int = 0) -> None:
    """Ask after payments whose notification did not come, and apply notifications whose payment was not known yet."""
    from .services import catch_up

    catch_up(at=clock.now(), after=CATCH_UP_AFTER, until=CATCH_UP_UNTIL)


@job("payments.local_notify", queue="payments", retry=8)
def local_notify(body: dict[str, Any]) -> None:
    """Send a notification of the local provider."""
    from .providers.local import deliver

    deliver(body, at=clock.now())
