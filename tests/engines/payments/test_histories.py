"""Random histories: whatever happens in whatever order, no yen is lost, doubled or paid twice.

The providers' own books are the truth; the ward's ledger must come to the same. ``madoguchi bench ledger --histories 10000``
plays ten thousand.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from bench._histories import CASHIER, play
from django.db import connection

from madoguchi.engines.payments import folder, services
from madoguchi.engines.payments.models import Charge, Payment
from madoguchi.engines.payments.providers.base import providers
from madoguchi.engines.payments.schema import PaymentsFile
from madoguchi.engines.payments.services import Line, raise_charge
from madoguchi.kernel import clock
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import Conflict


@pytest.fixture(autouse=True)
def books(monkeypatch: pytest.MonkeyPatch) -> None:
    el = {"site": {"ja": "サイト"}, "url": "https://pay.example.jp/", "status": "sample", "source": "見本"}
    made = PaymentsFile.model_validate({"el": el})
    monkeypatch.setattr(folder, "_in_force", lambda: made)
    monkeypatch.setattr(providers, "_items", dict(providers._items))


@pytest.mark.parametrize("seed", range(40))
def test_no_yen_is_lost_doubled_or_paid_twice(charge: Callable[..., Charge], ledger: Any, seed: int) -> None:
    play(charge(key=f"seed:{seed}"), random.Random(seed), ledger)


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_once_take_the_money_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.on_paid, "_items", {})
    owed = raise_charge(
        "two", lines=[Line("写し", "手数料", 300, 1)], case_number="R08-1", procedure_id="p", section="kumin", title="写し",
        payer_ref="", due_on=None, actor=SYSTEM, at=clock.now(),
    )  # fmt: skip
    both, ends = threading.Barrier(2), []

    def take() -> None:
        both.wait()
        try:
            services.take_cash(owed, tendered_yen=300, actor=CASHIER, at=clock.now())
            ends.append("taken")
        except Conflict:
            ends.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["taken", "too late"]
    assert Payment.objects.filter(charge=owed, state="paid").count() == 1
