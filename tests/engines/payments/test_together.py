"""One charge for several cases: one payment settles all; each case, section and account keeps its own yen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bench._histories import CASHIER

from madoguchi.engines.payments import selectors, services, wiring
from madoguchi.engines.payments.models import Charge, ChargeLine, Refund
from madoguchi.engines.payments.services import Line, on_paid, on_refunded
from madoguchi.kernel.errors import InvalidInput

from .conftest import AT

pytestmark = pytest.mark.django_db
HOME, SEAL, BIKE = "R08-0000001-2", "R08-0000002-4", "R08-0000003-1"


@pytest.fixture
def together(charge: Callable[..., Charge]) -> Charge:
    return charge(
        Line("住民票の写し", "戸籍住民手数料", 300, 2, case_number=HOME, section="kumin"),
        Line("印鑑登録証明", "戸籍住民手数料", 300, 1, case_number=SEAL, section="kumin"),
        Line("犬の登録", "衛生手数料", 3000, 1, case_number=BIKE, section="eisei"),
        key="bundle:M08-0000001-2:fee",
    )


def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Return the list to which what each case is told of its money is written."""
    found: list[tuple[str, str, int]] = []
    monkeypatch.setattr(wiring, "_note", lambda number, kind, yen, at: found.append((number, kind, yen)))
    on_paid.register("casework", wiring._note_paid)
    on_refunded.register("casework", wiring._note_refunded)
    return found


def test_one_payment_settles_all_and_each_case_is_told_its_share(
    together: Charge, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Charge.objects.update(case_number="M08-0000001-2")
    notes = told(monkeypatch)
    assert [selectors.outstanding_of_case(number) for number in (HOME, SEAL, BIKE)] == [600, 300, 3000]
    assert selectors.outstanding_of_case("M08-0000001-2") == 3900
    services.take_cash(together, tendered_yen=4000, actor=CASHIER, at=AT)
    assert notes == [(HOME, "paid", 600), (SEAL, "paid", 300), (BIKE, "paid", 3000)]
    assert [selectors.outstanding_of_case(number) for number in (HOME, SEAL, BIKE)] == [0, 0, 0]


def test_one_case_is_refunded_and_the_others_are_untouched(
    together: Charge, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Charge.objects.update(case_number="M08-0000001-2")
    services.take_cash(together, tendered_yen=4000, actor=CASHIER, at=AT)
    notes = told(monkeypatch)
    with pytest.raises(InvalidInput, match="どの申請"):
        services.reduce_charge(together, amount_yen=100, reason="更正", basis="", actor=CASHIER, at=AT)
    with pytest.raises(InvalidInput, match="300円まで"):
        services.reduce_charge(
            together, amount_yen=301, reason="更正", basis="", actor=CASHIER, at=AT, case_number=SEAL
        )
    services.reduce_charge(together, amount_yen=1000, reason="減免", basis="", actor=CASHIER, at=AT, case_number=BIKE)
    services.hand_cash_back(Refund.objects.get(), actor=CASHIER, at=AT)
    assert notes == [(BIKE, "refunded", 1000)]
    view = selectors.charges_of_case(HOME)[0]
    assert view.balance.is_settled
    assert view.owed_by_case == {HOME: 600, SEAL: 300, BIKE: 2000}
    rows = selectors.income_by_account(AT - dt.timedelta(days=1), AT + dt.timedelta(days=1), actor=CASHIER)
    assert [(row.account, row.charged_yen, row.collected_yen, row.refunded_yen) for row in rows] == [
        ("戸籍住民手数料", 900, 900, 0),
        ("衛生手数料", 2000, 3000, 1000),
    ]


def test_what_one_case_owes_more_is_nobody_else_s(together: Charge, ledger: Any) -> None:
    Charge.objects.update(case_number="M08-0000001-2")
    services.take_cash(together, tendered_yen=4000, actor=CASHIER, at=AT)
    ChargeLine.objects.create(
        charge=together, seq=4, case_number=HOME, section="kumin", title="減免を認めない", account="戸籍住民手数料",
        unit_yen=300, quantity=1, amount_yen=300, added_at=AT, added_by="staff:1",
    )  # fmt: skip
    assert [selectors.outstanding_of_case(number) for number in (HOME, SEAL, BIKE)] == [300, 0, 0]


def test_each_section_of_the_charge_may_see_it_and_reduce_only_its_own_lines(together: Charge, ledger: Any) -> None:
    clerk = replace(CASHIER, permissions=frozenset({"payments.view"}), sections=frozenset({"eisei"}))
    view = selectors.charge_of(together.pk, actor=clerk)
    assert selectors.reducible(view, actor=clerk) == [BIKE]
    with pytest.raises(Exception, match="見つかりません"):
        selectors.charge_of(together.pk, actor=replace(clerk, sections=frozenset({"kazei"})))
