"""Charges of the past in bulk: for sample years and for what another system kept before. Owns the rows, not the story.

The caller says what happened; sums, states and events are written as the live services would have left them. One
transaction, a few statements for any number of charges, one audit record by the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncDate

from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.bulk import insert_rows
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.ids import uuid7

from .. import rules
from ..models import Charge, ChargeLine, DayClosing, ExemptionCheck, Payment, PaymentEvent, Refund, RefundEvent
from ..slip import SlipCode, write_code
from .charging import Line, line_row
from .exempting import needs_check

FEE_PERMILLE: Final = 32
KONBINI_FEE_YEN: Final = 60
_HEADS: Final = {
    "local": "取引番号,区分,金額,手数料,処理日",
    "konbini": "データ種別,バーコード,収納金額,手数料,収納日",
    "jpqr": "請求書番号,取引区分,決済金額,手数料,決済日",
}


@dataclass(frozen=True, slots=True)
class PastReduction:
    """An amount taken off later (更正), in yen, and why."""

    amount_yen: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastPayment:
    """What was paid at once by one way. ``ref`` '' lets cash be its own reference; ``paid_at`` None is still open.

    ``back`` is what was given back of it and when.
    """

    provider: str
    method: str
    ref: str
    amount_yen: int
    started_at: datetime
    paid_at: datetime | None = None
    back: tuple[int, datetime] | None = None

    @property
    def back_ref(self) -> str:
        """Return the provider's number of what was given back."""
        return f"{self.ref}-r"


@dataclass(frozen=True, slots=True)
class PastCharge:
    """A charge of the past with what was paid on it."""

    key: str
    case_number: str
    procedure_id: str
    section: str
    title: str
    lines: Sequence[Line]
    raised_at: datetime
    due_on: date | None
    by: str
    reduction: PastReduction | None = None
    payments: Sequence[PastPayment] = field(default_factory=tuple)
    is_sample: bool = False


@transaction.atomic
def import_charges(past: Sequence[PastCharge]) -> int:
    """Write charges with their lines, payments, refunds and events, and return how many payments were written."""
    charges = [_charge(item) for item in past]
    payments: list[Payment] = []
    refunds: list[Refund] = []
    for item, charge in zip(past, charges, strict=True):
        for each in item.payments:
            payments.append(_payment(each, charge))
            refunds += _refunds(each, payments[-1])
    insert_rows(charges)
    lines = [row for item, charge in zip(past, charges, strict=True) for row in _lines(item, charge)]
    insert_rows(lines)
    insert_rows([_checked(line) for line in lines if needs_check(line)])
    insert_rows(payments)
    insert_rows(refunds)
    insert_rows([row for payment in payments for row in _events(payment)])
    insert_rows(
        [
            RefundEvent(refund=item, seq=1, kind="done", at=item.done_at, source=_source(item.payment.provider))
            for item in refunds
            if item.done_at is not None
        ]
    )
    return len(payments)


@transaction.atomic
def import_closings(before: date, *, count: Callable[[str, date, int], tuple[int, str]], by: str) -> int:
    """Close every day before *before* on which a desk had cash, at a quarter past five, and return how many.

    *count* is asked for the counted yen and the reason of a difference ('' without one): section, day, yen by the book.
    """
    book: Counter[tuple[str, date]] = Counter()
    cash = Payment.objects.filter(provider=rules.CASH, state="paid").annotate(day=TruncDate("paid_at", tzinfo=TOKYO))
    for section, day, yen in cash.values_list("charge__section", "day").annotate(Sum("amount_yen")):
        book[section, day] += yen
    back = Refund.objects.filter(payment__provider=rules.CASH, state="done").annotate(
        day=TruncDate("done_at", tzinfo=TOKYO)
    )
    for section, day, yen in back.values_list("payment__charge__section", "day").annotate(Sum("amount_yen")):
        book[section, day] -= yen
    closings = []
    for (section, day), expected in sorted(book.items()):
        if day < before:
            counted, note = count(section, day, expected)
            closings.append(
                DayClosing(
                    section=section, day=day, expected_yen=expected, counted_yen=counted, note=note,
                    closed_at=datetime.combine(day, time(17, 15), TOKYO), closed_by=by,
                )
            )  # fmt: skip
    insert_rows(closings)
    return len(closings)


def settlement_file(provider_id: str, payments: Sequence[PastPayment], *, company_code: str = "") -> bytes:
    """Return the settlement file in which a provider (``local``, ``konbini`` or ``jpqr``) reports payments of the past."""
    lines = [_HEADS[provider_id]]
    for item in payments:
        assert item.paid_at is not None
        day, fee = item.paid_at.astimezone(TOKYO).date().isoformat(), item.amount_yen * FEE_PERMILLE // 1000
        ref = item.ref
        if provider_id == "konbini":
            ref = write_code(SlipCode(company_code, item.ref, None, item.amount_yen))
        cells = {
            "local": [ref, "売上", item.amount_yen, fee, day],
            "konbini": ["確報", ref, item.amount_yen, KONBINI_FEE_YEN, day],
            "jpqr": [ref, "支払", item.amount_yen, fee, day],
        }
        lines.append(",".join(str(cell) for cell in cells[provider_id]))
        if item.back is not None and provider_id == "local":
            lines.append(f"{item.back_ref},返金,{item.back[0]},0,{item.back[1].astimezone(TOKYO):%Y-%m-%d}")
    return ("\n".join(lines) + "\n").encode()


def _charge(past: PastCharge) -> Charge:
    return Charge(
        id=uuid7(), key=past.key, case_number=past.case_number, procedure_id=past.procedure_id, section=past.section,
        title=past.title, raised_at=past.raised_at, due_on=past.due_on, is_sample=past.is_sample,
    )  # fmt: skip


def _lines(past: PastCharge, charge: Charge) -> Iterator[ChargeLine]:
    for seq, line in enumerate(past.lines, start=1):
        yield line_row(charge, seq, line, by=past.by, at=past.raised_at)
    if past.reduction is not None:
        yield ChargeLine(
            charge=charge, seq=len(past.lines) + 1, title=f"減額：{past.reduction.reason}"[:200], account=past.lines[0].account,
            unit_yen=-past.reduction.amount_yen, quantity=1, amount_yen=-past.reduction.amount_yen,
            added_at=past.reduction.at, added_by=past.by,
        )  # fmt: skip


def _checked(line: ChargeLine) -> ExemptionCheck:
    """Return the note that an exemption of the past was accepted; there is no other in a sum that stands."""
    return ExemptionCheck(line=line, accepted=True, at=line.added_at, by=line.added_by)


def _payment(past: PastPayment, charge: Charge) -> Payment:
    number: UUID = uuid7()
    return Payment(
        id=number, charge=charge, provider=past.provider, method=past.method, amount_yen=past.amount_yen,
        key=f"pay-{number}", provider_ref=past.ref or str(number), started_at=past.started_at,
        state="paid" if past.paid_at else "started", paid_at=past.paid_at,
    )  # fmt: skip


def _refunds(past: PastPayment, payment: Payment) -> Iterator[Refund]:
    if past.back is not None:
        yen, at = past.back
        number = uuid7()
        yield Refund(
            id=number, payment=payment, amount_yen=yen, reason="reduction", provider_ref=past.back_ref if past.ref else str(number),
            asked_at=at, asked_by=SYSTEM.ref, state="done", done_at=at,
        )  # fmt: skip


def _events(payment: Payment) -> Iterator[PaymentEvent]:
    if payment.paid_at is not None:
        yield PaymentEvent(payment=payment, seq=1, kind="pay", at=payment.paid_at, source=_source(payment.provider))


def _source(provider_id: str) -> str:
    return "desk" if provider_id == rules.CASH else "webhook"
