"""Ways with nobody to ask: a JPQR code counts by file or by a clerk's word, an eL number by the national site's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from madoguchi.engines.payments import folder, outside, selectors, services
from madoguchi.engines.payments.models import Charge, Payment, PaymentEvent, Refund
from madoguchi.engines.payments.mpm import read_code
from madoguchi.engines.payments.schema import PaymentsFile
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

from .conftest import CASHIER

Make = Callable[..., Charge]
NUMBER = "12345678901234567890"


@pytest.fixture(autouse=True)
def agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    template = {"id": "26", "fields": {"01": "0000000000000", "00": "jp.or.paymentsjapan"}}
    made = PaymentsFile.model_validate(
        {
            "jpqr": {
                "templates": [template], "mcc": "9399", "name": "TOWN", "city": "TOWN", "limit_yen": 5000,
                "status": "sample", "source": "見本",
            },
            "el": {"site": {"ja": "サイト"}, "url": "https://pay.example.jp/", "status": "sample", "source": "見本"},
        }
    )  # fmt: skip
    monkeypatch.setattr(folder, "_in_force", lambda: made)


def show_code(owed: Charge) -> Payment:
    payment, url = services.start_payment(
        owed, provider_id="jpqr", method="code", return_url="/", cancel_url="/", actor=SYSTEM, at=clock.now()
    )
    assert url == ""
    return payment


def settle(provider: str, text: str) -> dict[str, int]:
    file = services.read_settlement(provider, name="f.csv", data=text.encode(), actor=CASHIER, at=clock.now())
    return services.counts_of(file)


def test_a_code_carries_the_charge_and_the_same_code_is_shown_again(charge: Make, ledger: Any) -> None:
    owed = charge()
    payment = show_code(owed)
    said = read_code(outside.code_text(payment))
    assert (said.amount_yen, said.bill, said.templates[0][1][0]) == (
        600,
        payment.provider_ref,
        ("00", "jp.or.paymentsjapan"),
    )
    assert show_code(owed).pk == payment.pk
    assert outside.code_svg(owed.case_number, payment.pk).startswith("<?xml")
    with pytest.raises(InvalidInput, match="超えています"):
        show_code(charge(services.Line("手数料", "手数料", 5001, 1), key="much"))


def test_a_code_counts_when_a_clerk_says_by_what_it_was_seen(charge: Make, ledger: Any) -> None:
    owed = charge()
    payment = show_code(owed)
    with pytest.raises(InvalidInput, match="何で確かめたか"):
        services.confirm_by_hand(payment, reason=" ", actor=CASHIER, at=clock.now())
    with pytest.raises(NotAllowed):
        services.confirm_by_hand(
            payment, reason="見た", actor=replace(CASHIER, permissions=frozenset()), at=clock.now()
        )
    services.confirm_by_hand(payment, reason="入金通知 10:31", actor=CASHIER, at=clock.now())
    assert services.balance_of(owed).is_settled
    assert PaymentEvent.objects.get(kind="pay").detail["reason"] == "入金通知 10:31"
    with pytest.raises(Conflict):
        services.confirm_by_hand(payment, reason="もう一度", actor=CASHIER, at=clock.now())
    with pytest.raises(NotFound):
        outside.code_svg(owed.case_number, payment.pk)
    row = f"請求書番号,取引区分,決済金額,手数料,決済日\n{payment.provider_ref},支払,600,12,2026-11-24\n"
    assert settle("jpqr", row) == {"matched": 1}
    assert services.balance_of(owed).kept_yen == 600


def test_the_file_alone_counts_and_what_was_paid_twice_goes_back(charge: Make, ledger: Any) -> None:
    owed = charge()
    payment = show_code(owed)
    services.take_cash(owed, tendered_yen=600, actor=CASHIER, at=clock.now())
    row = f"請求書番号,取引区分,決済金額,手数料,決済日\n{payment.provider_ref},支払,600,12,2026-11-24\n"
    assert settle("jpqr", row) == {"matched": 1}
    jobs.run_pending()
    assert Refund.objects.get().state == "refused"
    assert services.balance_of(owed).excess_yen == 600


def test_an_el_number_is_kept_shown_and_matched(charge: Make, ledger: Any) -> None:
    owed = charge()
    with pytest.raises(InvalidInput, match="20桁"):
        services.note_el_number(owed, "1234", actor=CASHIER, at=clock.now())
    payment = services.note_el_number(owed, "１２３４-5678 90123456-7890", actor=CASHIER, at=clock.now())
    assert payment.provider_ref == NUMBER
    with pytest.raises(Conflict, match="使われています"):
        services.note_el_number(charge(key="other"), NUMBER, actor=CASHIER, at=clock.now())
    view = selectors.charge_of(owed.id, actor=CASHIER)
    assert [bill.number for bill in outside.open_numbers(view)] == ["1234-5678-9012-3456-7890"]
    row = "納付書番号,区分,収納金額,収納日\n1234-5678-9012-3456-7890,収納,600,令和8年11月24日\n99999999999999999999,収納,1,2026/11/24\n"
    assert settle("el", row) == {"matched": 1, "unknown": 1}
    assert services.balance_of(owed).is_settled


def test_a_mistyped_number_is_taken_back_and_still_counts_when_paid(charge: Make, ledger: Any) -> None:
    owed = charge()
    payment = services.note_el_number(owed, NUMBER, actor=CASHIER, at=clock.now())
    services.withdraw_number(payment, actor=CASHIER, at=clock.now())
    assert outside.open_numbers(selectors.charge_of(owed.id, actor=CASHIER)) == []
    assert settle("el", f"納付書番号,区分,収納金額,収納日\n{NUMBER},収納,600,2026-11-24\n") == {"matched": 1}
    assert services.balance_of(owed).is_settled


def test_another_amount_is_a_difference_and_pays_nothing(charge: Make, ledger: Any) -> None:
    owed = charge()
    services.note_el_number(owed, NUMBER, actor=CASHIER, at=clock.now())
    assert settle("el", f"納付書番号,区分,収納金額,収納日\n{NUMBER},収納,599,2026-11-24\n") == {"amount_differs": 1}
    assert services.balance_of(owed).outstanding_yen == 600
