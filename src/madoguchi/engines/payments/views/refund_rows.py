"""The refunds of one charge as its page shows them: what happened, and what the reader may do next."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.kernel.access import Actor

from .. import services
from ..models import Refund, RefundEvent
from ..providers.base import providers
from ..rules import CASH, REFUND_EVENT_LABELS, REFUND_LABELS, SOURCE_LABELS, TRANSFER_LABELS
from ..selectors import ChargeView


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund, its state in words, what happened to it and what the reader may do: see the fields ``may_…``."""

    refund: Refund
    state: str
    reason: str
    events: list[tuple[RefundEvent, str, str]]
    left_yen: int
    """What it did not give back and still is too much, in yen."""
    may_hand_over: bool
    may_try_again: bool
    may_plan_transfer: bool
    may_end_transfer: bool
    may_return_transfer: bool


def refund_rows(view: ChargeView, *, actor: Actor) -> list[RefundRow]:
    """Return the refunds of a charge, oldest first."""
    waiting = {refund.pk: yen for refund, yen in view.waiting}
    return [_row(refund, waiting.get(refund.pk, 0), actor) for refund in view.refunds]


def _row(refund: Refund, left_yen: int, actor: Actor) -> RefundRow:
    cash, settles = actor.may("payments.cash"), actor.may("payments.settle")
    transfer, at_desk = hasattr(refund, "transfer"), services.waits_at_desk(refund)
    return RefundRow(
        refund=refund,
        state=(TRANSFER_LABELS if transfer else REFUND_LABELS)[refund.state],
        reason=services.REFUND_REASONS[refund.reason],
        events=[
            (item, REFUND_EVENT_LABELS[item.kind], SOURCE_LABELS[item.source])
            for item in sorted(refund.events.all(), key=lambda item: item.pk)
        ],
        left_yen=left_yen,
        may_hand_over=cash and at_desk,
        may_try_again=(cash or settles) and left_yen > 0 and _goes_back(refund.payment.provider),
        may_plan_transfer=settles and (left_yen > 0 or at_desk),
        may_end_transfer=settles and transfer and refund.state == "asked",
        may_return_transfer=settles and transfer and refund.state == "done",
    )


def _goes_back(provider_id: str) -> bool:
    return provider_id == CASH or (provider_id in providers and providers.get(provider_id).gives_back)
