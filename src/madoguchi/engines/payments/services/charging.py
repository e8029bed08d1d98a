"""What is owed: raise a charge and read what it adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ids import uuid7

from .. import rules
from ..models import Charge, ChargeLine, Payment, Refund


@dataclass(frozen=True, slots=True)
class Line:
    """One fee line as it is charged: integer yen, the rate and the exemption it came from.

    ``case_number`` and ``section`` are named when the charge is for several cases, else left empty.
    """

    title: str
    account: str
    unit_yen: int
    quantity: int
    rate_id: str = ""
    exemption_id: str = ""
    exemption_title: str = ""
    exemption_source: str = ""
    exemption_proof: str = ""
    percent_off: int = 0
    case_number: str = ""
    section: str = ""

    @property
    def amount_yen(self) -> int:
        """Return the amount after the reduction."""
        return rules.reduced_yen(self.unit_yen, self.quantity, self.percent_off)


@transaction.atomic
def raise_charge(
    key: str,
    *,
    lines: Iterable[Line],
    case_number: str,
    procedure_id: str,
    section: str,
    title: str,
    payer_ref: str,
    due_on: date | None,
    actor: Actor,
    at: datetime,
    is_sample: bool = False,
) -> Charge:
    """Raise a charge (調定) with its lines and return it; the same *key* gives the charge that is there already.

    A charge whose lines come to nothing (全額免除) is kept all the same: it is settled from the start.
    """
    charge, is_new = Charge.objects.get_or_create(
        key=key,
        defaults={
            "id": uuid7(), "case_number": case_number, "procedure_id": procedure_id, "section": section, "title": title,
            "payer_ref": payer_ref, "raised_at": at, "due_on": due_on, "is_sample": is_sample,
        },
    )  # fmt: skip
    if not is_new:
        return charge
    rows = [line_row(charge, seq, line, by=actor.ref, at=at) for seq, line in enumerate(lines, start=1)]
    if not rows:
        raise InvalidInput("請求する費目がありません。", code="payments.no_lines")
    ChargeLine.objects.bulk_create(rows)
    record(
        actor=actor,
        action="payments.charge",
        subject=f"charge:{charge.id}",
        payload={"case": case_number, "yen": sum(row.amount_yen for row in rows)},
        at=at,
    )
    return charge


def lock_charge(charge: Charge) -> Charge:
    """Return the charge read again under a row lock: whoever changes its payments holds it."""
    return Charge.objects.select_for_update().get(pk=charge.pk)


def balance_of(charge: Charge) -> rules.Balance:
    """Return what the rows of a charge add up to now (three statements)."""
    payments = charge.payments.prefetch_related("refunds")
    return rules.balance(charge.lines.values_list("amount_yen", flat=True), [paid_of(item) for item in payments])


def paid_of(payment: object) -> rules.Paid:
    """Return a payment (with its refunds at hand) as the sums see it."""
    refunds = tuple((item.amount_yen, item.state) for item in payment.refunds.all())  # type: ignore[attr-defined]
    return rules.Paid(payment.amount_yen, payment.state, refunds)  # type: ignore[attr-defined]


def waiting_refunds(payments: Iterable[Payment]) -> list[Refund]:
    """Return the refunds that failed and were not decided on anew, oldest first, of payments with all refunds at hand.

    What they did not give back is too much still, as far as the charge has not grown meanwhile.
    """
    refunds = [item for payment in payments for item in payment.refunds.all()]
    followed = {item.follows_id for item in refunds}
    left = [item for item in refunds if item.state in rules.NOT_GIVEN and item.pk not in followed]
    return sorted(left, key=lambda item: (item.asked_at, item.pk))


def line_row(charge: Charge, seq: int, line: Line, *, by: str, at: datetime) -> ChargeLine:
    """Return an unsaved line of a charge. Raises InvalidInput when it cannot be added up."""
    if line.quantity < 1 or line.unit_yen < 0 or not 0 <= line.percent_off <= 100:
        raise InvalidInput(f"「{line.title}」の額を計算できません。", code="payments.line")
    return ChargeLine(
        charge=charge, seq=seq, case_number=line.case_number, section=line.section, title=line.title[:200], account=line.account, rate_id=line.rate_id, unit_yen=line.unit_yen,
        quantity=line.quantity, exemption_id=line.exemption_id, exemption_title=line.exemption_title[:200],
        exemption_source=line.exemption_source[:200], exemption_proof=line.exemption_proof[:200], percent_off=line.percent_off, amount_yen=line.amount_yen,
        added_at=at, added_by=by,
    )  # fmt: skip
