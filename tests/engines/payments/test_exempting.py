"""An exemption is checked once; refused, it is charged by a further line, and what was charged before stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from madoguchi.engines.payments import selectors, services
from madoguchi.engines.payments.models import Charge, ChargeLine, ExemptionCheck
from madoguchi.engines.payments.services import Line
from madoguchi.kernel import clock
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed

from .conftest import CASHIER

HALF = Line(
    "助成の手数料",
    "手数料",
    1001,
    1,
    exemption_id="half",
    exemption_title="障害者手帳",
    exemption_source="条例第5条",
    percent_off=50,
)


@pytest.fixture
def told(ledger: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(services.on_charged_more, "_items", {"test": lambda line, at: found.append(line.amount_yen)})
    return found


def check(line: ChargeLine, accepted: bool, reason: str = "") -> ExemptionCheck:
    return services.check_exemption(line, accepted=accepted, reason=reason, actor=CASHIER, at=clock.now())


def test_an_accepted_exemption_changes_no_yen(charge: Callable[..., Charge], told: list[int]) -> None:
    owed = charge(HALF)
    view = selectors.charge_of(owed.id, actor=CASHIER)
    assert view.unchecked == view.lines
    check(view.lines[0], True)
    view = selectors.charge_of(owed.id, actor=CASHIER)
    assert (view.unchecked, view.balance.total_yen, told) == ([], 500, [])
    with pytest.raises(Conflict):
        check(view.lines[0], False, "やはり")


def test_a_refused_one_is_charged_by_a_further_line(charge: Callable[..., Charge], told: list[int]) -> None:
    owed = charge(HALF)
    services.take_cash(owed, tendered_yen=500, actor=CASHIER, at=clock.now())
    line = owed.lines.get()
    with pytest.raises(InvalidInput, match="認めない理由"):
        check(line, False)
    with pytest.raises(NotAllowed):
        services.check_exemption(
            line, accepted=True, reason="", actor=replace(CASHIER, permissions=frozenset()), at=clock.now()
        )
    check(line, False, "手帳の期限切れ")
    assert [item.amount_yen for item in owed.lines.all()] == [500, 501]
    assert owed.lines.all()[1].title == "減免を認めない：障害者手帳"
    assert (services.balance_of(owed).outstanding_yen, told) == (501, [501])
    services.take_cash(owed, tendered_yen=501, actor=CASHIER, at=clock.now())
    assert services.balance_of(owed).is_settled


def test_a_line_without_exemption_has_nothing_to_check(charge: Callable[..., Charge], told: list[int]) -> None:
    with pytest.raises(Conflict):
        check(charge().lines.get(), True)


def test_a_check_is_not_changed_afterwards(charge: Callable[..., Charge], told: list[int]) -> None:
    check(charge(HALF).lines.get(), True)
    with pytest.raises(DatabaseError, match="payments:"), transaction.atomic():
        ExemptionCheck.objects.update(accepted=False, reason="書換え")
