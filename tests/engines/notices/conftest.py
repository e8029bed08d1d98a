"""Fixtures of the notices tests: the loaded sample town and a way to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from madoguchi.engines.notices.api import Recipient, send_notice
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
NUMBER = "R08-0012345-7"


@pytest.fixture
def town(db: None) -> Iterator[None]:
    """Load the sample town."""
    municipality.reset()
    municipality.load_folder(ROOT / "municipalities" / "sample-town", actor=SYSTEM, at=AT)
    yield
    municipality.reset()


@pytest.fixture
def send(town: None) -> Callable[..., UUID]:
    """Return a function that sends ``application_received`` with everything changeable."""

    def sender(**changes: Any) -> UUID:
        arguments: dict[str, Any] = {
            "to": Recipient(email="hanako@example.jp", name="杉並 花子"),
            "lang": "ja",
            "context": {"number": NUMBER},
            "at": AT,
            "case_number": NUMBER,
        }
        letter = changes.pop("letter", "application_received")
        return send_notice(letter, **(arguments | changes))

    return sender
