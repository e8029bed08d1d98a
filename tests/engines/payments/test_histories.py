"""Random histories: whatever happens in whatever order, no yen is lost, doubled or paid twice.

The provider's own book (``LocalSession``, ``LocalRefund``) is the truth; the ward's ledger must come to the same, and the
charge must be paid at most once. Ten thousand such histories are run by ``madoguchi bench ledger``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from bench._histories import play

from madoguchi.engines.payments.models import Charge


@pytest.mark.parametrize("seed", range(40))
def test_no_yen_is_lost_doubled_or_paid_twice(charge: Callable[..., Charge], ledger: Any, seed: int) -> None:
    play(charge(key=f"seed:{seed}"), random.Random(seed), ledger)
