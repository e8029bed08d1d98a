"""A charge, and a local provider whose notifications reach the ward through the test client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from bench._histories import CASHIER
from tests.support.payments import hear_here

from madoguchi.engines.payments.models import Charge
from madoguchi.engines.payments.services import Line, on_paid, on_refund_returned, on_refunded, raise_charge
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO

AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)


@pytest.fixture
def ledger(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Coordinates]:
    """A quiet ledger: no case listens, time is held, the local provider posts into this process."""
    monkeypatch.setattr(on_paid, "_items", {})
    monkeypatch.setattr(on_refunded, "_items", {})
    monkeypatch.setattr(on_refund_returned, "_items", {})
    hear_here(monkeypatch)
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def charge(ledger: Any) -> Callable[..., Charge]:
    def make(*lines: Line, key: str = "case:R08-0000001-2:fee") -> Charge:
        return raise_charge(
            key,
            lines=lines or (Line("住民票の写し", "手数料", 300, 2),),
            case_number="R08-0000001-2",
            procedure_id="juminhyo",
            section="kumin",
            title="住民票の写し",
            payer_ref="",
            due_on=None,
            actor=SYSTEM,
            at=AT,
        )

    return make


__all__ = ["AT", "CASHIER", "charge", "ledger"]
