"""What a clerk notes by hand: that a JPQR payment was seen to have arrived, and the eL number of a bill issued elsewhere."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.db import transaction

from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..folder import el_in_force
from ..models import Charge, Payment
from ..providers.base import Report
from ..providers.papers import joined_number
from .applying import apply_report
from .charging import balance_of, lock_charge
from .paying import create_payment
from .refunding import return_excess

JPQR: Final = "jpqr"
EL: Final = "el"


@transaction.atomic
def confirm_by_hand(payment: Payment, *, reason: str, actor: Actor, at: datetime) -> Payment:
    """Note that the notice of a JPQR payment was seen. Raises Conflict (it is none, or is over), InvalidInput (no reason).

    The settlement file has the last word: a payment it does not name stays on the page of differences.
    """
    actor.demand("payments.cash")
    locked = lock_charge(payment.charge)
    payment.refresh_from_db()
    if payment.provider != JPQR or payment.state != "started":
        raise Conflict("この納付は、手で確かめるものではありません。", code="payments.not_by_hand")
    if not reason.strip():
        raise InvalidInput(
            "何で確かめたかを入力してください。", code="payments.hand_reason", mend="例：アプリの入金通知"
        )
    report = Report(
        f"desk:{payment.pk}",
        "pay",
        payment.provider_ref or "",
        payment.amount_yen,
        at,
        {"reason": reason.strip()[:200]},
    )
    apply_report(payment, report, source="desk", at=at)
    return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)
    record(
        actor=actor,
        action="payments.by_hand",
        subject=f"payment:{payment.pk}",
        payload={"case": locked.case_number, "yen": payment.amount_yen},
        at=at,
    )
    return payment


@transaction.atomic
def note_el_number(charge: Charge, number: str, *, actor: Actor, at: datetime) -> Payment:
    """Keep the eL number under which a charge can be paid at the national site, and return it as a payment that is begun.

    Only the number of digits is checked: its check digit is not published. Raises InvalidInput (digits), Conflict (nothing is
    due, the number is kept already).
    """
    actor.demand("payments.cash")
    agreed, plain = el_in_force(), joined_number(number)
    if agreed is None or not re.fullmatch(rf"[0-9]{{{agreed.digits}}}", plain):
        wanted = f"eL番号は{agreed.digits}桁の数字です。" if agreed else "eL番号は使えません。"
        raise InvalidInput(wanted, code="payments.el_number", mend="納付書の番号を確かめてください。")
    locked = lock_charge(charge)
    due = balance_of(locked).outstanding_yen
    if due == 0:
        raise Conflict("すでに支払いが済んでいます。", code="payments.nothing_due")
    if Payment.objects.filter(provider=EL, provider_ref=plain).exists():
        raise Conflict(
            "このeL番号は、すでに使われています。", code="payments.el_taken", mend="番号を確かめてください。"
        )
    return create_payment(locked, EL, "number", due, actor=actor, at=at, ref=plain)


@transaction.atomic
def withdraw_number(payment: Payment, *, actor: Actor, at: datetime) -> Payment:
    """Take a mistyped eL number back; money that comes under it all the same still counts. Raises Conflict when it is over."""
    actor.demand("payments.cash")
    lock_charge(payment.charge)
    payment.refresh_from_db()
    if payment.provider != EL or payment.state != "started":
        raise Conflict("この番号は取り消せません。", code="payments.el_over")
    apply_report(payment, Report(f"desk:{payment.pk}", "cancel", "", None, at), source="desk", at=at)
    return payment
