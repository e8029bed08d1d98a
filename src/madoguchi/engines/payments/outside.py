"""What a payer is shown of payments that are made elsewhere: the JPQR code and the eL number of a charge."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from madoguchi.kernel.documents.qr import qr_svg
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import LocalText

from .folder import el_in_force, jpqr_in_force
from .models import Payment
from .mpm import MerchantCode, in_template, write_code
from .selectors import ChargeView
from .services.hand import EL, JPQR


@dataclass(frozen=True, slots=True)
class ElBill:
    """An eL number in groups, and the place where it is paid."""

    payment: Payment
    number: str
    site: LocalText
    url: str


def open_codes(view: ChargeView) -> list[Payment]:
    """Return the payments of a charge whose JPQR code can still be read."""
    return _open(view, JPQR) if jpqr_in_force() else []


def code_svg(case_number: str, payment_id: UUID) -> str:
    """Return the JPQR code of a payment of a case as SVG. Raises NotFound when it has none or is no longer to be paid."""
    found = Payment.objects.filter(
        pk=payment_id, charge__case_number=case_number, provider=JPQR, state="started"
    ).first()
    if found is None:
        raise NotFound("このコードは使えません。", code="payments.no_code", mend="支払いのページを開き直してください。")
    return qr_svg(code_text(found))


def code_text(payment: Payment) -> str:
    """Return what the JPQR code of a payment says. Raises NotFound without an agreement."""
    agreed = jpqr_in_force()
    if agreed is None:
        raise NotFound("このコードは使えません。", code="payments.no_code", mend="別の方法を選んでください。")
    templates = tuple((item.id, in_template(list(item.fields.items()))) for item in agreed.templates)
    return write_code(
        MerchantCode(
            templates,
            agreed.mcc,
            agreed.name,
            agreed.city,
            agreed.postal,
            payment.amount_yen,
            payment.provider_ref or "",
        )
    )


def open_numbers(view: ChargeView) -> list[ElBill]:
    """Return the eL numbers under which a charge can still be paid."""
    agreed = el_in_force()
    if agreed is None:
        return []
    return [
        ElBill(item, grouped(item.provider_ref or "", agreed.group), agreed.site, agreed.url)
        for item in _open(view, EL)
    ]


def grouped(number: str, size: int) -> str:
    """Return a number in groups of *size* digits."""
    return "-".join(number[place : place + size] for place in range(0, len(number), size))


def _open(view: ChargeView, provider_id: str) -> list[Payment]:
    if not view.is_due:
        return []
    return [item for item in view.payments if item.provider == provider_id and item.state == "started"]
