"""What may become of a payment and a refund, and what a charge's rows add up to. Pure: no Django, no clock, no I/O.

``PAYMENT_STEPS`` and ``REFUND_STEPS`` are the whole of the state machines: what is not in them changes nothing, and is kept
as an event that did not count. That makes late, doubled and reordered notifications harmless:

- money that arrived counts, whatever was thought before (refused, cancelled, expired → paid);
- nothing takes a paid payment back but a refund;
- a refund that the provider refused may turn out to be done; one that failed at the provider (返金の失敗、組戻し) came back for
  good, even after it was called done, and in whatever order that is learnt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

PaymentState = Literal["started", "authorised", "paid", "refused", "cancelled", "expired"]
PaymentKind = Literal["authorise", "pay", "refuse", "cancel", "expire"]
RefundState = Literal["asked", "sent", "done", "refused", "failed"]
RefundKind = Literal["send", "done", "refuse", "fail"]

PAYMENT_STEPS: Final[dict[tuple[str, str], str]] = {
    ("started", "authorise"): "authorised",
    ("started", "pay"): "paid",
    ("started", "refuse"): "refused",
    ("started", "cancel"): "cancelled",
    ("started", "expire"): "expired",
    ("authorised", "pay"): "paid",
    ("authorised", "refuse"): "refused",
    ("authorised", "cancel"): "cancelled",
    ("authorised", "expire"): "expired",
    ("refused", "pay"): "paid",
    ("cancelled", "pay"): "paid",
    ("expired", "pay"): "paid",
}
REFUND_STEPS: Final[dict[tuple[str, str], str]] = {
    ("asked", "send"): "sent",
    ("asked", "done"): "done",
    ("asked", "refuse"): "refused",
    ("sent", "done"): "done",
    ("sent", "refuse"): "refused",
    ("refused", "done"): "done",
    ("asked", "fail"): "failed",
    ("sent", "fail"): "failed",
    ("done", "fail"): "failed",
    ("refused", "fail"): "failed",
}
PAYMENT_LABELS: Final[dict[str, str]] = {
    "started": "手続中",
    "authorised": "承認済み（確定前）",
    "paid": "収納済み",
    "refused": "承認されず",
    "cancelled": "取消し",
    "expired": "期限切れ",
}
REFUND_LABELS: Final[dict[str, str]] = {
    "asked": "還付の手続中",
    "sent": "事業者へ依頼済み",
    "done": "還付済み",
    "refused": "還付できず",
    "failed": "還付が戻った",
}
TRANSFER_LABELS: Final[dict[str, str]] = {"asked": "振込の予定", "done": "振込済み", "failed": "振込不能"}
"""The same states where the money goes back to a bank account (口座振込)."""
REFUND_EVENT_LABELS: Final[dict[str, str]] = {
    "send": "依頼",
    "done": "還付",
    "refuse": "断り",
    "fail": "失敗（戻り）",
}
EVENT_LABELS: Final[dict[str, str]] = {
    "authorise": "承認",
    "pay": "収納",
    "refuse": "承認されず",
    "cancel": "取消し",
    "expire": "期限切れ",
}
SOURCE_LABELS: Final[dict[str, str]] = {
    "webhook": "事業者の通知",
    "look_up": "こちらからの照会",
    "answer": "事業者の返事",
    "desk": "窓口",
    "settlement": "精算データ",
}
CASH: Final = "cash"
"""The provider that is none: money over the counter."""
NOT_GIVEN: Final = frozenset({"refused", "failed"})
"""States of a refund whose money did not go back, or came back."""
OPEN_STATES: Final = frozenset({"started", "authorised"})


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as the sums need it: integer yen, its state, and what is being or was given back."""

    amount_yen: int
    state: str
    refunds: tuple[tuple[int, str], ...] = ()

    @property
    def kept_yen(self) -> int:
        """Return what the office holds of it: paid less what was given back."""
        return self.amount_yen - sum(yen for yen, state in self.refunds if state == "done") if self.is_paid else 0

    @property
    def refundable_yen(self) -> int:
        """Return what may still be given back: paid less every refund that did not fail."""
        return (
            self.amount_yen - sum(yen for yen, state in self.refunds if state not in NOT_GIVEN) if self.is_paid else 0
        )

    @property
    def is_paid(self) -> bool:
        """Tell whether the money arrived."""
        return self.state == "paid"


@dataclass(frozen=True, slots=True)
class Balance:
    """What a charge's rows add up to, in integer yen."""

    total_yen: int
    kept_yen: int
    promised_yen: int
    """Held, less refunds on their way."""

    @property
    def outstanding_yen(self) -> int:
        """Return what is still to be paid."""
        return max(0, self.total_yen - self.promised_yen)

    @property
    def excess_yen(self) -> int:
        """Return what is to be given back (過誤納) and is not on its way back yet."""
        return max(0, self.promised_yen - self.total_yen)

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is owed either way."""
        return self.outstanding_yen == 0 and self.kept_yen == self.total_yen


def balance(lines_yen: Iterable[int], payments: Iterable[Paid]) -> Balance:
    """Add up a charge: its lines, and its payments with their refunds."""
    paid = list(payments)
    return Balance(sum(lines_yen), sum(item.kept_yen for item in paid), sum(item.refundable_yen for item in paid))


def share_refund(excess_yen: int, refundable_yen: Sequence[int]) -> list[int]:
    """Share an excess over payments, the newest first; returns yen per payment, in the same order.

    Raises ValueError when more is to be given back than is there.
    """
    rest, shares = excess_yen, []
    for available in refundable_yen:
        take = min(rest, max(0, available))
        shares.append(take)
        rest -= take
    if rest:
        raise ValueError("more is to be given back than was paid")
    return shares


def share_out(amount_yen: int, lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Share an amount over lines of (whose, yen), the earliest first; what is over goes to whose line is the last.

    A line that takes away is taken off the latest lines of the same one first. The shares add up to the amount, whatever
    it is; a share of nothing is left out.
    """
    owed: list[tuple[str, int]] = []
    last = ""
    for whose, yen in lines:
        last = whose
        for i in range(len(owed) - 1, -1, -1) if yen < 0 else ():
            if owed[i][0] == whose:
                taken = min(owed[i][1], -yen)
                owed[i] = (whose, owed[i][1] - taken)
                yen += taken
        if yen > 0:
            owed.append((whose, yen))
    rest, shares = amount_yen, dict.fromkeys((whose for whose, _ in owed), 0)
    for whose, yen in owed:
        take = min(rest, yen)
        shares[whose] += take
        rest -= take
    if rest:
        shares[last] = shares.get(last, 0) + rest
    return {whose: yen for whose, yen in shares.items() if yen}


def share_of_next(amount_yen: int, before_yen: int, lines: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Share an amount that came on top of *before_yen*: what the whole is shared out to, less what was before."""
    earlier = share_out(before_yen, lines)
    later = share_out(before_yen + amount_yen, lines)
    return {whose: yen - earlier.get(whose, 0) for whose, yen in later.items() if yen != earlier.get(whose, 0)}


def next_payment_state(state: str, kind: str) -> str | None:
    """Return the state after an event, or None when the event changes nothing."""
    return PAYMENT_STEPS.get((state, kind))


def next_refund_state(state: str, kind: str) -> str | None:
    """Return the state after an event, or None when the event changes nothing."""
    return REFUND_STEPS.get((state, kind))


def reduced_yen(unit_yen: int, quantity: int, percent_off: int) -> int:
    """Return the amount of a line in yen after a reduction; fractions of a yen are dropped (端数切捨て)."""
    return unit_yen * quantity * (100 - percent_off) // 100
