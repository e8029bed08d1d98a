"""Every portal test happens on Monday 2 November 2026, the day the examples of the forms are written for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache

from madoguchi.kernel.clock import TOKYO

AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(AT, tick=True):
        yield
