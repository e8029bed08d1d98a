"""Every test of this engine happens on Monday 2 November 2026, with a file store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from madoguchi.kernel.clock import TOKYO


@pytest.fixture
def november(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Stop at the day the examples of the forms are written for."""
    cache.clear()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    with time_machine.travel(datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO), tick=True):
        yield
