"""Connects the engine at start-up: providers, jobs, and what the case is told of its money. Owns no logic of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from madoguchi.engines.casework.api import Case

    from .models import ChargeLine, Payment, Refund


def connect() -> None:
    """Register providers, jobs, menus and listeners. Called once from ``AppConfig.ready``."""
    from madoguchi.engines.casework.api import money_facts
    from madoguchi.kernel.doctor import doctor_checks

    from . import checks, folder, jobs, menus, retention  # noqa: F401 - importing the jobs registers them
    from .providers.base import providers
    from .providers.konbini import KonbiniProvider
    from .providers.local import LocalProvider
    from .providers.papers import ElProvider, JpqrProvider
    from .providers.payjp import PayjpProvider
    from .providers.paypay import PayPayProvider
    from .providers.stripe import StripeProvider
    from .services import on_charged_more, on_paid, on_refund_returned, on_refunded

    if settings.PAYMENTS_LOCAL_SECRET:
        providers.register("local", LocalProvider())
    money_facts.register("unpaid_yen", _unpaid)
    providers.register("konbini", KonbiniProvider())
    providers.register("jpqr", JpqrProvider())
    providers.register("el", ElProvider())
    keys = settings.PAYMENTS_KEYS
    providers.register("stripe", StripeProvider(*keys["stripe"], live=settings.PAYMENTS_LIVE))
    providers.register("payjp", PayjpProvider(*keys["payjp"], live=settings.PAYMENTS_LIVE))
    providers.register("paypay", PayPayProvider(*keys["paypay"], live=settings.PAYMENTS_LIVE))
    doctor_checks.register("payments", checks.look)
    folder.register()
    retention.register()
    on_paid.register("casework", _note_paid)
    on_refunded.register("casework", _note_refunded)
    on_refund_returned.register("casework", _note_returned)
    on_charged_more.register("casework", _note_charged_more)
    menus.register()


def _unpaid(case: Case) -> int:
    from .selectors import outstanding_of_case

    return outstanding_of_case(case.number)


def _note_paid(payment: Payment, at: datetime) -> None:
    """Tell each case of a charge of its share of a payment."""
    from .rules import share_of_next
    from .selectors import lines_by_case
    from .services.charging import balance_of

    charge = payment.charge
    before = max(0, balance_of(charge).promised_yen - payment.amount_yen)
    lines = lines_by_case(charge, charge.lines.all())
    for number, share in share_of_next(payment.amount_yen, before, lines).items():
        _note(number, "paid", share, at)


def _note_refunded(refund: Refund, at: datetime) -> None:
    _note_back(refund, "refunded", at)


def _note_returned(refund: Refund, at: datetime) -> None:
    _note_back(refund, "refund_returned", at)


def _note_back(refund: Refund, kind: str, at: datetime) -> None:
    """Tell the case a refund is for; what was paid too much goes back to each case's share."""
    from .rules import share_out
    from .selectors import lines_by_case

    charge = refund.payment.charge
    lines = lines_by_case(charge, charge.lines.all())
    shares = {refund.case_number: refund.amount_yen} if refund.case_number else share_out(refund.amount_yen, lines)
    for number, share in shares.items():
        _note(number, kind, share, at)


def _note_charged_more(line: ChargeLine, at: datetime) -> None:
    _note(line.case_number or line.charge.case_number, "charged", line.amount_yen, at)


def _note(number: str, kind: str, yen: int, at: datetime) -> None:
    from madoguchi.engines.casework.api import note_money
    from madoguchi.kernel import municipality
    from madoguchi.kernel.access import SYSTEM

    note_money(number, kind, yen=yen, actor=SYSTEM, at=at, calendar=municipality.current().calendar)
