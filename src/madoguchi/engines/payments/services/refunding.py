"""Giving back what is too much (過誤納還付). A refund is only ever the excess of a charge: nothing is given back by a free amount."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from madoguchi.kernel import jobs
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.ids import uuid7

from .. import rules
from ..models import Charge, ChargeLine, Payment, Refund, RefundEvent
from ..providers.base import ProviderUnreachable, Report, providers
from .applying import apply_refund_report, ask_again
from .charging import lock_charge, paid_of, waiting_refunds

REFUND_KEY: Final = "refund-"
"""Before the refund's own number: what we call it at a provider."""
REFUND_REASONS: Final[dict[str, str]] = {"overpaid": "過誤納", "reduction": "減額の更正"}


@transaction.atomic
def reduce_charge(
    charge: Charge, *, amount_yen: int, reason: str, basis: str, actor: Actor, at: datetime, case_number: str = ""
) -> Charge:
    """Take *amount_yen* off a charge (更正) by a further line, and give back what is then too much.

    Of a charge for several cases, *case_number* says whose lines are reduced. Raises InvalidInput when it is not between
    1 yen and the total (of that case), or names no case of the charge.
    """
    locked = lock_charge(charge)
    every = list(locked.lines.all())
    lines = [line for line in every if line.case_number == case_number]
    if not lines:
        raise InvalidInput(
            "どの申請の分を減額するかを選んでください。", code="payments.whose", mend="受付番号を選んでください。"
        )
    total = sum(line.amount_yen for line in lines)
    if not 1 <= amount_yen <= total:
        raise InvalidInput(
            f"減額は1円から{total:,}円までの額にしてください。",
            code="payments.reduction",
            mend="額を確かめてください。",
        )
    if not reason.strip():
        raise InvalidInput("減額の理由を入力してください。", code="payments.reason")
    ChargeLine.objects.create(
        charge=locked,
        seq=len(every) + 1,
        case_number=case_number,
        section=lines[0].section,
        title=f"減額：{reason.strip()}"[:200],
        account=lines[0].account,
        unit_yen=-amount_yen,
        quantity=1,
        exemption_source=basis[:200],
        amount_yen=-amount_yen,
        added_at=at,
        added_by=actor.ref,
    )
    record(
        actor=actor,
        action="payments.reduce",
        subject=f"charge:{locked.id}",
        payload={"case": case_number or locked.case_number, "yen": amount_yen},
        at=at,
    )
    return_excess(locked, reason="reduction", actor=actor, at=at, case_number=case_number)
    return locked


def return_excess(charge: Charge, *, reason: str, actor: Actor, at: datetime, case_number: str = "") -> list[Refund]:
    """Decide on refunds of what is newly too much and queue them: what can go back by itself before cash, the newest first.

    What a failed refund left is not tried again by itself: it waits for a person. *case_number*: whose lines of a charge for
    several cases were reduced. The caller holds the lock.
    """
    payments, excess = paid_and_excess(charge)
    yen = excess - sum(item.amount_yen for item in waiting_refunds(payments))
    if yen <= 0:
        return []
    payments.sort(key=lambda item: item.provider == rules.CASH)
    made = decide_refunds(payments, yen, reason=reason, case_number=case_number, actor=actor, at=at)
    for refund in made:
        _queue(refund)
    return made


def decide_again(refund: Refund, *, actor: Actor, at: datetime) -> list[Refund]:
    """Decide anew on what a failed refund left to be given back, out of the same payment first.

    The caller holds the lock and sends what is returned. Raises Conflict when it did not fail, was decided on anew before, or
    nothing is too much any more.
    """
    payments, excess = paid_and_excess(refund.payment.charge)
    if excess == 0 or refund.pk not in {item.pk for item in waiting_refunds(payments)}:
        raise Conflict("この還付は、まだ終わっていないか、済んでいます。", code="payments.refund_open")
    payments.sort(key=lambda item: (item.pk != refund.payment_id, item.provider == rules.CASH))
    return decide_refunds(
        payments, min(excess, refund.amount_yen), reason=refund.reason, case_number=refund.case_number, follows=refund,
        actor=actor, at=at,
    )  # fmt: skip


def paid_and_excess(charge: Charge) -> tuple[list[Payment], int]:
    """Return the payments of a charge that arrived, the newest first, and what of them is too much, in yen."""
    payments = list(charge.payments.filter(state="paid").prefetch_related("refunds").order_by("-paid_at", "-id"))
    lines = charge.lines.values_list("amount_yen", flat=True)
    return payments, rules.balance(lines, [paid_of(item) for item in payments]).excess_yen


def decide_refunds(
    payments: Sequence[Payment], yen: int, *, reason: str, case_number: str, actor: Actor, at: datetime,
    follows: Refund | None = None,
) -> list[Refund]:  # fmt: skip
    """Write refunds of *yen* out of payments in this order, each with its audit record."""
    made = []
    shares = rules.share_refund(yen, [paid_of(item).refundable_yen for item in payments])
    for payment, share in zip(payments, shares, strict=True):
        if share == 0:
            continue
        refund = Refund.objects.create(
            id=uuid7(), payment=payment, amount_yen=share, reason=reason, case_number=case_number, asked_at=at,
            asked_by=actor.ref, follows=follows,
        )  # fmt: skip
        made.append(refund)
        record(
            actor=actor,
            action="payments.refund",
            subject=f"refund:{refund.id}",
            payload={"case": case_number or payment.charge.case_number, "yen": share, "reason": reason},
            at=at,
        )
    return made


def _queue(refund: Refund) -> None:
    if refund.payment.provider != rules.CASH:
        jobs.enqueue("payments.refund", refund_id=str(refund.pk))


@transaction.atomic
def send_refund(refund_id: UUID | str, *, at: datetime, tries: int = 0) -> None:
    """Ask the provider to give money back (job ``payments.refund``); asked twice with the same key, it gives it once."""
    refund = locked_refund(refund_id)
    payment = refund.payment
    if refund.state not in ("asked", "sent") or payment.provider_ref is None or hasattr(refund, "transfer"):
        return
    try:
        report = providers.get(payment.provider).refund(
            payment.provider_ref, amount_yen=refund.amount_yen, key=f"{REFUND_KEY}{refund.pk}"
        )
    except ProviderUnreachable:
        ask_again("payments.refund", tries, at=at, refund_id=str(refund.pk))
        return
    if refund.state == "asked":
        RefundEvent.objects.create(
            refund=refund, seq=refund.events.count() + 1, kind="send", at=at, source="answer", detail={}
        )
        refund.state, refund.provider_ref = "sent", refund.provider_ref or report.ref or None
        refund.save(update_fields=["state", "provider_ref"])
    if report.kind != "refund_sent":
        apply_refund_report(refund, report, source="answer", at=at)


def locked_refund(refund_id: UUID | str) -> Refund:
    """Return a refund read again under the lock of its charge."""
    refund = Refund.objects.select_related("payment__charge", "transfer").get(pk=refund_id)
    lock_charge(refund.payment.charge)
    refund.refresh_from_db(fields=["state", "done_at", "provider_ref"])
    return refund


def waits_at_desk(refund: Refund) -> bool:
    """Tell whether the cash of a refund waits to be handed over."""
    return refund.payment.provider == rules.CASH and refund.state == "asked" and not hasattr(refund, "transfer")


@transaction.atomic
def hand_cash_back(refund: Refund, *, actor: Actor, at: datetime) -> Refund:
    """Note that the cash of a refund was handed over at the desk. Raises Conflict when it is none of cash or is done."""
    actor.demand("payments.cash")
    locked = locked_refund(refund.pk)
    if not waits_at_desk(locked):
        raise Conflict("この還付は、窓口では扱えません。", code="payments.no_cash_refund")
    report = Report(f"cash:{locked.pk}", "refund_done", str(locked.pk), locked.amount_yen, at)
    apply_refund_report(locked, report, source="desk", at=at)
    record(
        actor=actor,
        action="payments.cash_back",
        subject=f"refund:{locked.pk}",
        payload={"yen": locked.amount_yen},
        at=at,
    )
    return locked


@transaction.atomic
def try_refund_again(refund: Refund, *, actor: Actor, at: datetime) -> list[Refund]:
    """Give back once more, the way it was paid, what a failed refund left. Raises Conflict (see ``decide_again``), NotAllowed."""
    if not actor.may("payments.cash"):
        actor.demand("payments.settle")
    made = decide_again(locked_refund(refund.pk), actor=actor, at=at)
    for item in made:
        _queue(item)
    return made
