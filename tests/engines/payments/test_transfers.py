"""Giving back by bank transfer: what no provider gives back, cash nobody fetches, and transfers that come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from madoguchi.engines.payments import selectors, services
from madoguchi.engines.payments.models import Charge, Refund, Transfer
from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed

from .conftest import CASHIER

Make = Callable[..., Charge]
ORDER = services.TransferOrder("支-2026-0101", dt.date(2026, 12, 10), "受取りに来られないため", "R08-0000001-4")
DESK = replace(CASHIER, permissions=frozenset({"payments.view", "payments.cash"}))


@pytest.fixture
def refund(charge: Make) -> Refund:
    """300 of 600 yen that were paid in cash wait at the desk."""
    owed = charge()
    services.take_cash(owed, tendered_yen=600, actor=CASHIER, at=clock.now())
    services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
    return Refund.objects.get()


def to_do() -> list[tuple[str, int]]:
    return [(kind, yen) for _, kind, yen in selectors.refunds_to_do(actor=CASHIER, late_before=clock.now())]


def plan(refund: Refund, order: services.TransferOrder = ORDER, *, actor: Actor = CASHIER) -> Refund:
    [made] = services.plan_transfer(refund, order, actor=actor, at=clock.now())
    return made


def test_cash_nobody_fetches_is_transferred_and_the_sums_hold(refund: Refund) -> None:
    owed = refund.payment.charge
    assert to_do() == [("at_desk", 300)]
    made = plan(refund)
    assert to_do() == [("planned", 300)]
    with pytest.raises(Conflict):
        services.hand_cash_back(refund, actor=CASHIER, at=clock.now())
    with pytest.raises(Conflict):
        plan(refund)
    services.note_transfer_made(made, on=dt.date(2026, 11, 24), actor=CASHIER, at=clock.now())
    assert to_do() == []
    assert services.balance_of(owed).is_settled
    with pytest.raises(Conflict):
        services.note_transfer_made(made, on=dt.date(2026, 11, 24), actor=CASHIER, at=clock.now())
    assert Refund.objects.filter(state="done").count() == 1


def test_a_transfer_that_comes_back_waits_for_a_next_step_and_is_told(refund: Refund) -> None:
    made = plan(refund)
    services.note_transfer_made(made, on=dt.date(2026, 11, 24), actor=CASHIER, at=clock.now())
    services.note_transfer_failed(made, reason="口座の名義が違うため", actor=CASHIER, at=clock.now())
    assert to_do() == [("waiting", 300)]
    [view] = selectors.charges_of_case(refund.payment.charge.case_number)
    assert [(back.kind, back.amount_yen) for back in view.backs] == [("waiting", 300)]
    made = plan(made, replace(ORDER, order_number="支-2026-0102"))
    [view] = selectors.charges_of_case(refund.payment.charge.case_number)
    assert [(back.kind, back.on) for back in view.backs] == [("planned", dt.date(2026, 12, 10))]
    services.note_transfer_made(made, on=dt.date(2026, 11, 24), actor=CASHIER, at=clock.now())
    assert services.balance_of(refund.payment.charge).is_settled


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_number": " "}, "payments.order_number"),
        ({"reason": ""}, "payments.transfer_reason"),
        ({"reason": "普通 １２３４５６７へ"}, "payments.account_in_words"),
        ({"account_case": "R08-0000001-3"}, "receipt_number.check"),
    ],
)
def test_a_wrong_order_is_refused_and_nothing_is_changed(refund: Refund, change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan(refund, replace(ORDER, **change))
    assert caught.value.code == code
    assert to_do() == [("at_desk", 300)]
    assert not Transfer.objects.exists()


def test_a_day_that_cannot_be_is_refused(refund: Refund) -> None:
    made = plan(refund)
    for day in (dt.date(2026, 11, 23), dt.date(2026, 11, 25)):
        with pytest.raises(InvalidInput, match="振込日は"):
            services.note_transfer_made(made, on=day, actor=CASHIER, at=clock.now())


def test_only_who_settles_transfers_and_the_audit_names_no_account(refund: Refund) -> None:
    with pytest.raises(NotAllowed):
        plan(refund, actor=DESK)
    made = plan(refund)
    written = AuditEntry.objects.get(action="payments.plan_transfer")
    assert (written.subject, written.payload) == (f"refund:{made.pk}", '{"case":"R08-0000001-2","yen":300}')
