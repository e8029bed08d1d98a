"""One random history of a charge: tabs, refusals, silence, cash, reductions, late and doubled notifications, in any order."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.db.models import Sum

from madoguchi.engines.payments import services
from madoguchi.engines.payments.models import Charge, LocalRefund, LocalSession, Payment, Refund
from madoguchi.engines.payments.providers import local
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.errors import DomainError

CASHIER = Actor(
    kind="staff", id="7", name="会計", roles=frozenset(), sections=frozenset({"kumin"}),
    permissions=frozenset({"payments.view", "payments.cash", "payments.settle", "payments.reduce"}),
)  # fmt: skip


def play(charge: Charge, dice: random.Random, traveller: Any) -> None:
    """Play a history and prove the sums. Raises AssertionError when a yen is lost, doubled or paid twice."""
    for _ in range(dice.randint(3, 12)):
        try:
            dice.choice((_start, _start, _pay, _pay, _pay, _refuse, _ask, _cash, _reduce, _work, _work))(charge, dice)
        except DomainError:
            continue
        traveller.shift(dt.timedelta(seconds=dice.choice((0, 1, 30, 150))))
    for _ in range(6):
        jobs.run_pending()
        traveller.shift(dt.timedelta(minutes=20))
        services.catch_up(at=clock.now(), after=dt.timedelta(minutes=5), until=dt.timedelta(days=9))
    jobs.run_pending()
    for cash in Refund.objects.filter(payment__charge=charge, payment__provider="cash", state="asked"):
        services.hand_cash_back(cash, actor=CASHIER, at=clock.now())
    prove(charge)


def prove(charge: Charge) -> None:
    """Compare the ward's ledger with the provider's book and with the charge."""
    due = services.balance_of(charge)
    refs = list(Payment.objects.filter(charge=charge, provider="local").values_list("provider_ref", flat=True))
    sessions = LocalSession.objects.filter(ref__in=refs)
    held = (sessions.filter(state="collected").aggregate(yen=Sum("amount_yen"))["yen"] or 0) - (
        LocalRefund.objects.filter(session__in=sessions).aggregate(yen=Sum("amount_yen"))["yen"] or 0
    )
    cash = (
        Payment.objects.filter(charge=charge, provider="cash", state="paid").aggregate(yen=Sum("amount_yen"))["yen"]
        or 0
    )
    cash -= (
        Refund.objects.filter(payment__charge=charge, payment__provider="cash", state="done").aggregate(
            yen=Sum("amount_yen")
        )["yen"]
        or 0
    )
    assert due.kept_yen == held + cash, ("the books differ", due, held, cash)
    assert due.excess_yen == 0, ("too much was kept", due)
    assert due.kept_yen <= due.total_yen, ("paid twice", due)
    assert not sessions.filter(state="authorised").exists(), "approved and forgotten"
    for payment in Payment.objects.filter(charge=charge, provider="local"):
        if sessions.get(ref=payment.provider_ref).state == "collected":
            assert payment.state == "paid", ("collected, and not known", payment.pk)


def _start(charge: Charge, dice: random.Random) -> None:
    services.start_payment(
        charge, provider_id="local", method=dice.choice(("card", "code")), return_url="/", cancel_url="/", actor=SYSTEM,
        at=clock.now(),
    )  # fmt: skip


def _session(charge: Charge, dice: random.Random) -> str:
    refs = list(
        Payment.objects.filter(charge=charge, provider="local").order_by("id").values_list("provider_ref", flat=True)
    )
    if not refs:
        _start(charge, dice)
        return _session(charge, dice)
    return str(dice.choice(refs))


def _pay(charge: Charge, dice: random.Random) -> None:
    local.act_as_payer(
        _session(charge, dice),
        action="pay",
        manner=dice.choice([*local.MANNERS]),
        silent_calls=dice.choice((0, 0, 1, 2)),
    )


def _refuse(charge: Charge, dice: random.Random) -> None:
    local.act_as_payer(_session(charge, dice), action="refuse", manner=dice.choice([*local.MANNERS]))


def _ask(charge: Charge, dice: random.Random) -> None:
    payments = list(Payment.objects.filter(charge=charge).select_related("charge").order_by("id"))
    if payments:
        services.refresh_payment(dice.choice(payments), at=clock.now())


def _cash(charge: Charge, dice: random.Random) -> None:
    services.take_cash(charge, tendered_yen=10**6, actor=CASHIER, at=clock.now())


def _reduce(charge: Charge, dice: random.Random) -> None:
    services.reduce_charge(
        charge, amount_yen=dice.randint(1, 400), reason="更正", basis="", actor=CASHIER, at=clock.now()
    )


def _work(charge: Charge, dice: random.Random) -> None:
    jobs.run_pending()
