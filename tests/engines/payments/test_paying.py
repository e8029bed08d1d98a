"""A resident pays through the local provider, whose notifications come as badly as they may."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client

from madoguchi.engines.payments import services
from madoguchi.engines.payments.models import Charge, ChargeLine, Payment, PaymentEvent, ProviderMessage, Refund
from madoguchi.engines.payments.providers import local, signing
from madoguchi.engines.payments.services import Line
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import Conflict, InvalidInput

from .conftest import AT, CASHIER

Make = Callable[..., Charge]


def begin(charge: Charge, method: str = "card") -> Payment:
    payment, url = services.start_payment(
        charge, provider_id="local", method=method, return_url="/back", cancel_url="/stop", actor=SYSTEM, at=clock.now()
    )
    assert url.startswith("/pay/local/")
    return payment


def run(traveller: Any, *, minutes: int = 10) -> None:
    """Let the queue work now and after the wait of late notifications."""
    jobs.run_pending()
    traveller.shift(dt.timedelta(minutes=minutes))
    jobs.run_pending()


def state_of(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


@pytest.mark.parametrize("manner", [*local.MANNERS])
@pytest.mark.parametrize("method", ["card", "code"])
def test_it_is_paid_once_however_the_notifications_come(charge: Make, ledger: Any, manner: str, method: str) -> None:
    owed = charge()
    payment = begin(owed, method)
    local.act_as_payer(payment.provider_ref or "", action="pay", manner=manner)
    run(ledger)
    services.catch_up(at=clock.now(), after=dt.timedelta(minutes=5), until=dt.timedelta(days=1))
    run(ledger)
    assert state_of(payment) == "paid"
    assert services.balance_of(owed).is_settled
    assert PaymentEvent.objects.filter(payment=payment, kind="pay", counted=True).count() == 1


@pytest.mark.parametrize("silent", [1, 2])
def test_a_call_without_an_answer_is_made_again_and_collects_once(charge: Make, ledger: Any, silent: int) -> None:
    owed = charge()
    payment = begin(owed)
    local.act_as_payer(payment.provider_ref or "", action="pay", manner="never", silent_calls=silent)
    services.refresh_payment(payment, at=clock.now())
    run(ledger)
    run(ledger)
    assert state_of(payment) == "paid"
    assert services.balance_of(owed).kept_yen == 600


def test_two_tabs_collect_once(charge: Make, ledger: Any) -> None:
    owed = charge()
    first, second = begin(owed, "card"), begin(owed, "code")
    assert first.pk != second.pk
    assert begin(owed, "card").pk == first.pk
    local.act_as_payer(second.provider_ref or "", action="pay", manner="prompt")
    local.act_as_payer(first.provider_ref or "", action="pay", manner="late")
    run(ledger)
    run(ledger)
    assert (state_of(first), state_of(second)) == ("cancelled", "paid")
    assert services.balance_of(owed).is_settled


def test_what_was_paid_twice_goes_back_by_itself(charge: Make, ledger: Any) -> None:
    owed = charge()
    first = begin(owed, "code")
    local.act_as_payer(first.provider_ref or "", action="pay", manner="never")
    services.take_cash(owed, tendered_yen=1000, actor=CASHIER, at=clock.now())
    services.refresh_payment(first, at=clock.now())
    run(ledger)
    refund = Refund.objects.get()
    assert (refund.payment.state, refund.amount_yen, refund.reason) == ("paid", 600, "overpaid")
    assert services.balance_of(owed).kept_yen == 600


def test_half_is_given_back_after_a_reduction(charge: Make, ledger: Any) -> None:
    owed = charge(Line("助成の手数料", "手数料", 1001, 1, percent_off=50))
    payment = begin(owed)
    assert payment.amount_yen == 500
    local.act_as_payer(payment.provider_ref or "", action="pay", manner="doubled_late")
    run(ledger)
    services.reduce_charge(owed, amount_yen=250, reason="面積の更正", basis="", actor=CASHIER, at=clock.now())
    run(ledger)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount_yen, refund.payment_id) == ("done", 250, payment.pk)
    assert services.balance_of(owed).is_settled
    with pytest.raises(InvalidInput):
        services.reduce_charge(owed, amount_yen=251, reason="さらに", basis="", actor=CASHIER, at=clock.now())


def test_a_wrong_amount_is_kept_for_a_person_and_pays_nothing(charge: Make, ledger: Any, client: Client) -> None:
    payment = begin(charge(), "code")
    body = {
        "id": "odd", "kind": "pay", "ref": payment.provider_ref, "amount_yen": 599, "happened_at": AT.isoformat(),
    }  # fmt: skip
    local.deliver(body, at=clock.now())
    assert state_of(payment) == "started"
    assert ProviderMessage.objects.get().outcome == "mismatch"


def test_a_notification_before_its_payment_waits(charge: Make, ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = charge()
    real = local.LocalProvider.start

    def start(self: Any, order: Any) -> Any:
        started = real(self, order)
        local.act_as_payer(started.ref, action="pay", manner="prompt")
        jobs.run_pending()
        assert ProviderMessage.objects.get().outcome == "waiting"
        return started

    monkeypatch.setattr(local.LocalProvider, "start", start)
    payment = begin(owed, "code")
    assert state_of(payment) == "paid"
    assert ProviderMessage.objects.get().outcome == "applied"


def test_a_provider_that_does_not_answer_moves_nothing(
    charge: Make, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise local.ProviderUnreachable("down")

    owed = charge()
    with monkeypatch.context() as patch:
        patch.setattr(local.LocalProvider, "start", fail)
        with pytest.raises(Conflict, match="お金は動いていません"):
            begin(owed)
    again = begin(owed)
    assert Payment.objects.count() == 1
    assert again.provider_ref


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda header, body: (header, body + b" "), 400),
        (lambda header, body: ("", body), 400),
        (lambda h, b: (h, b), 400),
    ],
)
def test_a_notification_that_is_not_the_providers_is_refused(
    charge: Make, ledger: Any, client: Client, change: Any, status: int
) -> None:
    payment = begin(charge(), "code")
    body = json.dumps(
        {"id": "x", "kind": "pay", "ref": payment.provider_ref, "amount_yen": 600, "happened_at": AT.isoformat()}
    )
    old = AT - dt.timedelta(minutes=6)
    header, data = change(signing.sign(body.encode(), secret=settings.PAYMENTS_LOCAL_SECRET, at=old), body.encode())
    answer = client.post(
        "/pay/notify/local/", data, content_type="application/json", HTTP_MADOGUCHI_PAY_SIGNATURE=header
    )
    assert answer.status_code == status
    assert not ProviderMessage.objects.exists()
    assert client.post("/pay/notify/nobody/", b"{}", content_type="application/json").status_code == 404


def test_a_refused_refund_can_be_tried_again(charge: Make, ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = charge()
    payment = begin(owed, "code")
    local.act_as_payer(payment.provider_ref or "", action="pay", manner="prompt")
    run(ledger)
    with monkeypatch.context() as patch:
        patch.setattr(
            local.LocalProvider,
            "refund",
            lambda self, ref, *, amount_yen, key: local.Report(
                key, "refund_refuse", f"no-{key}", amount_yen, clock.now()
            ),
        )
        services.reduce_charge(owed, amount_yen=600, reason="取消し", basis="", actor=CASHIER, at=clock.now())
        run(ledger)
    refused = Refund.objects.get()
    assert refused.state == "refused"
    services.try_refund_again(refused, actor=CASHIER, at=clock.now())
    run(ledger)
    assert services.balance_of(owed).is_settled
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["done", "refused"]


def test_the_ledger_is_only_added_to(charge: Make, ledger: Any) -> None:
    owed = charge()
    payment = services.take_cash(owed, tendered_yen=600, actor=CASHIER, at=AT)
    for change in (
        lambda: ChargeLine.objects.filter(charge=owed).update(amount_yen=1),
        lambda: PaymentEvent.objects.all().delete(),
        lambda: Payment.objects.filter(pk=payment.pk).update(amount_yen=1),
        lambda: Payment.objects.filter(pk=payment.pk).update(state="cancelled", paid_at=None),
        lambda: ChargeLine.objects.filter(charge=owed).delete(),
    ):
        with pytest.raises(DatabaseError, match="payments:"), transaction.atomic():
            change()


def test_the_same_key_charges_once(charge: Make, ledger: Any) -> None:
    assert charge().pk == charge().pk
    assert ChargeLine.objects.count() == 1
