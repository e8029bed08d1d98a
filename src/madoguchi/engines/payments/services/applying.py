"""What a provider says, applied: the one place where the state of a payment or a refund moves.

Runs inside the caller's transaction, which holds the lock of the charge.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from madoguchi.kernel import jobs
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.audit import record
from madoguchi.kernel.registry import Registry

from .. import rules
from ..models import Payment, PaymentEvent, Refund, RefundEvent
from ..providers.base import Report

log = structlog.get_logger(__name__)

MOST_TRIES: Final = 8

PaidListener = Callable[[Payment, datetime], None]
RefundListener = Callable[[Refund, datetime], None]
on_paid: Final[Registry[PaidListener]] = Registry("収納の受け手")
on_refunded: Final[Registry[RefundListener]] = Registry("還付の受け手")
on_refund_returned: Final[Registry[RefundListener]] = Registry("戻った還付の受け手")
"""Called in the transaction in which the money was learnt of: they may write rows and enqueue, not call outside."""


def apply_report(payment: Payment, report: Report, *, source: str, at: datetime) -> bool:
    """Move a payment by what its provider says and tell whether it changed. The amount said must be the amount asked."""
    fresh = Payment.objects.select_for_update().get(pk=payment.pk)
    wrong = report.contradicts(fresh.amount_yen)
    state = None if wrong else rules.next_payment_state(fresh.state, report.kind)
    detail: dict[str, object] = {"message": report.message_id, **dict(report.detail)}
    if wrong:
        detail["said_yen"] = report.amount_yen
    PaymentEvent.objects.create(
        payment=fresh,
        seq=fresh.events.count() + 1,
        kind=report.kind,
        at=at,
        source=source,
        counted=state is not None,
        detail=detail,
    )
    if state is None:
        if wrong:
            log.warning("payments.amount_mismatch", payment=str(fresh.pk))
        return False
    fresh.state, fresh.paid_at = state, report.happened_at if state == "paid" else None
    fresh.also_ref = fresh.also_ref or report.also or None
    fresh.save(update_fields=["state", "paid_at", "also_ref"])
    payment.state, payment.paid_at = fresh.state, fresh.paid_at
    if state == "authorised":
        jobs.enqueue("payments.collect", payment_id=str(fresh.pk))
    record(
        actor=SYSTEM,
        action=f"payments.{report.kind}",
        subject=f"payment:{fresh.pk}",
        payload={"case": fresh.charge.case_number, "yen": fresh.amount_yen, "source": source},
        at=at,
    )
    if state == "paid":
        for listener in on_paid.all():
            listener(fresh, at)
    return True


def ask_again(job: str, tries: int, *, at: datetime, **arguments: str) -> None:
    """Queue a call that got no answer once more, after a longer and longer wait; after the last try do nothing."""
    wait = jobs.wait_seconds(tries, MOST_TRIES)
    if wait is not None:
        jobs.enqueue(job, not_before=at + timedelta(seconds=wait), tries=tries + 1, **arguments)


def apply_refund_report(refund: Refund, report: Report, *, source: str, at: datetime) -> bool:
    """Move a refund by what its provider (or a desk) says and tell whether it changed."""
    fresh = Refund.objects.select_for_update().select_related("payment__charge").get(pk=refund.pk)
    kind = report.kind.removeprefix("refund_").replace("sent", "send")
    wrong = report.contradicts(fresh.amount_yen)
    state = None if wrong else rules.next_refund_state(fresh.state, kind)
    RefundEvent.objects.create(
        refund=fresh,
        seq=fresh.events.count() + 1,
        kind=kind,
        at=at,
        source=source,
        counted=state is not None,
        detail={
            "message": report.message_id,
            **dict(report.detail),
            **({"said_yen": report.amount_yen} if wrong else {}),
        },
    )
    was_done = fresh.state == "done"
    fresh.provider_ref = fresh.provider_ref or report.ref or None
    if state is not None:
        fresh.state, fresh.done_at = state, report.happened_at if state == "done" else None
    fresh.save(update_fields=["provider_ref", "state", "done_at"])
    if state is None:
        return False
    record(
        actor=SYSTEM,
        action=f"payments.refund_{kind}",
        subject=f"refund:{fresh.pk}",
        payload={"case": fresh.payment.charge.case_number, "yen": fresh.amount_yen, "source": source},
        at=at,
    )
    listeners = on_refunded if state == "done" else on_refund_returned if was_done else None
    for listener in listeners.all() if listeners else ():
        listener(fresh, at)
    return True
