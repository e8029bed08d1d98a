"""The contract every provider on the net must keep, through its real SDK and a loopback server that speaks its API.

The exchanges are constructed from the providers' documents (tests/data/payments), not captured. Whatever goes wrong on the
way, the ward's ledger comes to what the provider's own book says, and a charge is paid once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.support import providers as doubles

from madoguchi.engines.payments import selectors, services
from madoguchi.engines.payments.models import Charge, Payment, PaymentEvent, ProviderMessage, Refund, SettlementRow
from madoguchi.engines.payments.providers import checkout, paypay
from madoguchi.engines.payments.providers.base import providers
from madoguchi.engines.payments.providers.payjp import PayjpProvider
from madoguchi.engines.payments.providers.paypay import PayPayProvider
from madoguchi.engines.payments.providers.stripe import StripeProvider
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import Conflict, InvalidInput

from .conftest import CASHIER

Make = Callable[..., Charge]
PATIENCE_S = 0.4


class Contract:
    """What a provider must keep to; subclasses say which provider and server."""

    double_type: type[Any]
    holds_before_collecting = True

    def provider(self, double: Any) -> Any:
        raise NotImplementedError

    @pytest.fixture
    def other(self, ledger: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
        """The provider's own side, with the ward's provider speaking to it."""
        double = self.double_type()
        made = self.provider(double)
        monkeypatch.setitem(providers._items, made.id, made)
        for module in (checkout, paypay):
            monkeypatch.setattr(module, "is_used", lambda _: True)
        double.traveller = ledger
        yield double
        double.close()

    def begin(self, owed: Charge, other: Any) -> Payment:
        method = next(iter(providers.get(other.name).methods))
        payment, url = services.start_payment(
            owed, provider_id=other.name, method=method, return_url="https://ward.example.jp/back",
            cancel_url="https://ward.example.jp/stop", actor=SYSTEM, at=clock.now(),
        )  # fmt: skip
        assert url.startswith("https://")
        return payment

    def hear(self, other: Any, *, times: int = 1) -> list[int]:
        """Post what the provider said since the last time, in its order, each *times* times; return the statuses."""
        told, other.said = other.said, []
        return [self.post(other, *item) for item in told for _ in range(times)]

    def post(self, other: Any, headers: dict[str, str], body: bytes) -> int:
        answer = Client().post(f"/pay/notify/{other.name}/", body, content_type="application/json", headers=headers)
        return answer.status_code

    def settle(self, other: Any) -> None:
        """Let the queue work, hear what is said, and ask after what was not, until nothing is left to be done."""
        for _ in range(3):
            jobs.run_pending()
            self.hear(other)
            other.traveller.shift(dt.timedelta(minutes=20))
            services.catch_up(at=clock.now(), after=dt.timedelta(minutes=5), until=dt.timedelta(days=3))
        jobs.run_pending()

    def paid(self, charge: Make, other: Any) -> tuple[Charge, Payment]:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "pay")
        self.hear(other)
        jobs.run_pending()
        payment.refresh_from_db()
        assert payment.state == "paid"
        return owed, payment

    def test_it_is_paid_once_however_often_it_is_told(self, charge: Make, other: Any) -> None:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "pay")
        assert set(self.hear(other, times=2)) == {200}
        jobs.run_pending()
        self.hear(other, times=2)
        self.settle(other)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 600
        assert PaymentEvent.objects.filter(kind="pay", counted=True).count() == 1
        assert ProviderMessage.objects.filter(times__gt=1).exists()

    def test_it_is_paid_without_any_notification(self, charge: Make, other: Any) -> None:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "pay")
        other.said.clear()
        services.refresh_payment(payment, at=clock.now())
        jobs.run_pending()
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 600

    @pytest.mark.parametrize("fault", ["429", "500", "html", "hang", "no_key"])
    def test_a_provider_that_does_not_answer_moves_nothing(self, charge: Make, other: Any, fault: str) -> None:
        owed = charge()
        other.faults.append(fault)
        with pytest.raises(Conflict, match="お金は動いていません"):
            self.begin(owed, other)
        assert Payment.objects.get().state == "started"
        self.begin(owed, other)
        assert Payment.objects.count() == 1

    def test_a_page_whose_answer_was_lost_is_not_lost(self, charge: Make, other: Any) -> None:
        owed = charge()
        other.faults.append("silent")
        with pytest.raises(Conflict):
            self.begin(owed, other)
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "pay")
        self.hear(other)
        self.settle(other)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 600

    def test_coming_back_to_the_page_pays_once(self, charge: Make, other: Any) -> None:
        owed = charge()
        first = self.begin(owed, other)
        second = self.begin(owed, other)
        for ref in {first.provider_ref, second.provider_ref}:
            other.payer(ref, "pay")
        self.hear(other)
        self.settle(other)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 600

    @pytest.mark.parametrize("fault", ["silent", "500", "html", "hang"])
    def test_collecting_without_an_answer_collects_once(self, charge: Make, other: Any, fault: str) -> None:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "pay")
        other.faults.extend(["ok", "ok", fault] if self.holds_before_collecting else [fault])
        self.hear(other)
        self.settle(other)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 600

    def test_a_card_that_is_refused_on_the_page_ends_nothing(self, charge: Make, other: Any) -> None:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "fail")
        self.hear(other)
        assert Payment.objects.get(pk=payment.pk).state == "started"
        other.payer(payment.provider_ref, "pay")
        self.hear(other)
        self.settle(other)
        assert services.balance_of(owed).is_settled

    def test_a_page_left_alone_expires_and_another_is_opened(self, charge: Make, other: Any) -> None:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "leave")
        assert self.hear(other) == [200]
        assert Payment.objects.get(pk=payment.pk).state == "expired"
        assert self.begin(owed, other).pk != payment.pk

    def test_a_forged_notification_changes_nothing(self, charge: Make, other: Any) -> None:
        payment = self.begin(charge(), other)
        other.payer(payment.provider_ref, "pay")
        said = other.said
        assert {self.post(other, *other.forged(*item)) for item in said} == {400}
        assert not ProviderMessage.objects.exists()
        assert Payment.objects.get(pk=payment.pk).state == "started"
        for body in (b"", b"[]", b"{}", b"\xff"):
            assert self.post(other, said[0][0], body) == 400

    def test_what_is_of_no_concern_is_taken_and_changes_nothing(self, charge: Make, other: Any) -> None:
        payment = self.begin(charge(), other)
        assert {self.post(other, *item) for item in other.unknown(payment.provider_ref)} == {200}
        assert not ProviderMessage.objects.exists()

    def test_another_amount_pays_nothing_and_waits_for_a_person(self, charge: Make, other: Any) -> None:
        payment = self.begin(charge(), other)
        other.payer(payment.provider_ref, "pay")
        for item in other.said:
            self.post(other, *other.other_amount(*item))
        assert Payment.objects.get(pk=payment.pk).state == "started"
        assert set(ProviderMessage.objects.values_list("outcome", flat=True)) == {"mismatch"}

    def test_two_pages_are_collected_once(self, charge: Make, other: Any) -> None:
        owed = charge()
        first = self.begin(owed, other)
        services.take_cash(owed, tendered_yen=600, actor=CASHIER, at=clock.now())
        other.payer(first.provider_ref, "pay")
        self.hear(other)
        self.settle(other)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 0
        assert services.balance_of(owed).kept_yen == 600

    @pytest.mark.parametrize("fault", ["ok", "silent", "500", "hang"])
    def test_half_goes_back_once_and_never_more_than_was_paid(self, charge: Make, other: Any, fault: str) -> None:
        owed, payment = self.paid(charge, other)
        services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
        other.faults.extend(["ok", "ok", fault])
        self.settle(other)
        refund = Refund.objects.get()
        assert (refund.state, refund.amount_yen) == ("done", 300)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 300
        said = providers.get(other.name).refund(payment.provider_ref or "", amount_yen=400, key="refund-other")
        assert said.kind == "refund_refuse"
        assert other.held_yen == 300

    def test_the_settlement_file_matches_and_explains_what_does_not(self, charge: Make, other: Any) -> None:
        owed, payment = self.paid(charge, other)
        services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
        self.settle(other)
        file = services.read_settlement(
            other.name, name="s.csv", data=other.settlement().encode("cp932"), actor=CASHIER, at=clock.now()
        )
        assert services.counts_of(file) == {"matched": 2, "unreadable": 1}
        bad = SettlementRow.objects.get(result="unreadable")
        assert bad.text == other.bad_row
        assert "分かりません" in bad.message
        assert Payment.objects.get(pk=payment.pk).settled_at is not None

    def test_nothing_of_a_card_is_kept_or_logged(
        self, charge: Make, other: Any, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        self.paid(charge, other)
        kept = json.dumps(
            [
                list(PaymentEvent.objects.values("kind", "detail")),
                list(ProviderMessage.objects.values("message_id", "kind", "provider_ref")),
            ]
        )
        printed = capsys.readouterr()
        for text in (
            kept,
            printed.out,
            printed.err,
            "\n".join(item.getMessage() for item in caplog.records if "madoguchi" in item.name),
        ):
            assert "4242" not in text
            assert "visa" not in text


class HostedContract(Contract):
    """What holds for a provider with a page that authorises and a payment that is collected after."""

    def test_a_card_that_is_refused_at_last_is_not_paid(self, charge: Make, other: Any) -> None:
        owed = charge()
        payment = self.begin(owed, other)
        other.payer(payment.provider_ref, "pay")
        self.hear(other)
        other.faults.extend(["ok", "ok", "declined"])
        jobs.run_pending()
        assert Payment.objects.get(pk=payment.pk).state == "refused"
        assert services.balance_of(owed).outstanding_yen == 600
        assert other.held_yen == 0

    def test_a_refund_on_its_way_is_read_again_until_it_is_done(self, charge: Make, other: Any) -> None:
        owed, _ = self.paid(charge, other)
        other.refund_state = "pending"
        services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
        self.settle(other)
        assert Refund.objects.get().state == "sent"
        assert not services.balance_of(owed).is_settled
        other.finish_refund("succeeded")
        other.said.clear()
        self.settle(other)
        assert Refund.objects.get().state == "done"
        assert Refund.objects.get().events.filter(counted=True).count() == 2

    def test_a_refund_that_fails_later_waits_for_staff(self, charge: Make, other: Any) -> None:
        owed, _ = self.paid(charge, other)
        other.refund_state = "pending"
        services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
        self.settle(other)
        other.finish_refund("failed")
        self.hear(other)
        assert Refund.objects.get().state == "failed"
        assert services.balance_of(owed).excess_yen == 300

    def test_a_refund_called_done_and_failed_later_waits_for_a_next_step(self, charge: Make, other: Any) -> None:
        owed, _ = self.paid(charge, other)
        services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
        self.settle(other)
        assert services.balance_of(owed).is_settled
        other.finish_refund("failed")
        self.hear(other, times=2)
        refund = Refund.objects.get()
        assert (refund.state, refund.done_at) == ("failed", None)
        assert services.balance_of(owed).excess_yen == 300
        due = selectors.refunds_to_do(actor=CASHIER, late_before=clock.now())
        assert [(item.pk, kind, yen) for item, kind, yen in due] == [(refund.pk, "waiting", 300)]
        other.refund_state = "succeeded"
        services.try_refund_again(refund, actor=CASHIER, at=clock.now())
        self.settle(other)
        assert services.balance_of(owed).is_settled
        assert other.held_yen == 300
        assert selectors.refunds_to_do(actor=CASHIER, late_before=clock.now()) == []

    def test_the_same_key_for_something_else_is_not_done(self, charge: Make, other: Any) -> None:
        _, payment = self.paid(charge, other)
        provider = providers.get(other.name)
        provider.refund(payment.provider_ref or "", amount_yen=100, key="refund-x")
        with pytest.raises((checkout.ProviderUnreachable,)):
            provider.refund(payment.provider_ref or "", amount_yen=200, key="refund-x")
        assert other.held_yen == 500

    def test_too_little_for_a_card_is_said_before(self, charge: Make, other: Any) -> None:
        owed = charge(services.Line("写し", "手数料", 30, 1))
        with pytest.raises(InvalidInput, match="50円から"):
            self.begin(owed, other)
        assert other.asked == []


class TestStripe(HostedContract):
    double_type = doubles.StripeDouble

    def provider(self, double: Any) -> Any:
        return StripeProvider("sk_test_sample", doubles.SECRET, url=double.url, timeout_s=PATIENCE_S)

    def test_the_file_alone_says_that_a_refund_came_back(self, charge: Make, other: Any) -> None:
        owed, _ = self.paid(charge, other)
        services.reduce_charge(owed, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
        self.settle(other)
        back = Refund.objects.get().provider_ref
        failed = f"txn_4,2026-11-25 02:02:03,refund_failure,jpy,300.00,0.00,0,{back},pi_x\n"
        head, *rows = other.settlement().splitlines()
        data = "\n".join([head, *(row for row in rows if row != other.bad_row), failed]).encode()
        file = services.read_settlement("stripe", name="s.csv", data=data, actor=CASHIER, at=clock.now())
        assert services.counts_of(file) == {"matched": 3}
        assert Refund.objects.get().state == "failed"
        assert services.balance_of(owed).excess_yen == 300


class TestPayjp(HostedContract):
    double_type = doubles.PayjpDouble

    def provider(self, double: Any) -> Any:
        return PayjpProvider("sk_test_sample", doubles.SECRET, url=double.url, timeout_s=PATIENCE_S)


class TestPayPay(Contract):
    double_type = doubles.PayPayDouble
    holds_before_collecting = False

    def provider(self, double: Any) -> Any:
        return PayPayProvider("key", "secret", doubles.MERCHANT, url=double.url, timeout_s=PATIENCE_S)

    def test_a_second_refund_is_refused_and_waits_for_staff(self, charge: Make, other: Any) -> None:
        owed, _ = self.paid(charge, other)
        for _ in range(2):
            services.reduce_charge(owed, amount_yen=100, reason="減額", basis="", actor=CASHIER, at=clock.now())
            self.settle(other)
        assert sorted(Refund.objects.values_list("state", flat=True)) == ["done", "refused"]
        assert other.held_yen == 500


@pytest.mark.parametrize(
    ("key", "live", "offered"),
    [
        ("sk_test_x", False, True),
        ("sk_live_x", True, True),
        ("sk_live_x", False, False),
        ("sk_test_x", True, False),
        ("", False, False),
    ],
)
def test_a_key_for_the_other_kind_of_money_is_not_used(
    key: str, live: bool, offered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "is_used", lambda _: True)
    assert bool(StripeProvider(key, "whsec", live=live).methods) is offered
    assert bool(PayjpProvider(key, "whook", live=live).methods) is offered


def test_a_provider_the_ward_does_not_name_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (checkout, paypay):
        monkeypatch.setattr(module, "is_used", lambda _: False)
    assert not StripeProvider("sk_test_x", "whsec").methods
    assert not PayPayProvider("k", "s", "m").methods
