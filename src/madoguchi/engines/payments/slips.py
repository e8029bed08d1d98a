"""The convenience-store slip as paper: which payments of a case have one, and its PDF/UA-1."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from madoguchi.kernel import municipality
from madoguchi.kernel.calendar import wareki
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.money import yen

from .folder import konbini_in_force
from .models import Payment
from .selectors import ChargeView
from .slip import SlipCode, barcode_svg, in_print, write_code

PROVIDER = "konbini"
TEMPLATE = Path(__file__).parent / "paper" / "slip.typ"


def open_slips(view: ChargeView) -> list[Payment]:
    """Return the payments of a charge whose slip can still be carried to a till."""
    return (
        [item for item in view.payments if item.provider == PROVIDER and item.state == "started"] if view.is_due else []
    )


def slip_pdf(case_number: str, payment_id: UUID) -> bytes:
    """Return the slip of a payment of a case as a PDF. Raises NotFound when it has none or is no longer to be paid."""
    rows = Payment.objects.filter(pk=payment_id, charge__case_number=case_number, provider=PROVIDER, state="started")
    payment, agreed = rows.select_related("charge").first(), konbini_in_force()
    if payment is None or payment.provider_ref is None or agreed is None:
        raise NotFound("この払込票は使えません。", code="payments.no_slip", mend="支払いのページを開き直してください。")
    from madoguchi.kernel.documents import render_pdf  # typst is heavy: only the process that prints loads it

    due_on, ward = payment.charge.due_on, municipality.current()
    stamp = agreed.stamp_from_yen is not None and payment.amount_yen >= agreed.stamp_from_yen
    code = write_code(SlipCode(agreed.company_code, payment.provider_ref, due_on, payment.amount_yen, stamp))
    data = {
        "municipality": ward.name.get("ja"),
        "number": case_number,
        "title": payment.charge.title,
        "amount": yen(payment.amount_yen),
        "due": wareki(due_on) if due_on else "期限なし",
        "lines": [
            [line.title, yen(line.unit_yen), str(line.quantity), yen(line.amount_yen)]
            for line in payment.charge.lines.order_by("seq")
        ],
        "bars": barcode_svg(code),
        "code": in_print(code),
        "sample": ward.sample or payment.charge.is_sample or agreed.status != "verified",
    }
    return render_pdf(TEMPLATE, data, at=payment.started_at)
