"""The brake on guessing counts by client, also behind a proxy."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from madoguchi.kernel.errors import NotAllowed
from madoguchi.kernel.throttle import TRIES, slow_down


def test_clients_behind_one_proxy_are_counted_apart(settings: Any) -> None:
    cache.clear()
    settings.TRUSTED_PROXY_COUNT = 1
    one, other = (RequestFactory().get("/", HTTP_X_FORWARDED_FOR=f"9.9.9.9, 203.0.113.{n}") for n in (1, 2))
    for _ in range(TRIES):
        slow_down(one, "t")
    with pytest.raises(NotAllowed):
        slow_down(one, "t")
    slow_down(other, "t")
    slow_down(one, "another")


def test_without_a_proxy_the_header_is_not_believed() -> None:
    cache.clear()
    for n in range(TRIES):
        slow_down(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}"), "t")
    with pytest.raises(NotAllowed):
        slow_down(RequestFactory().get("/", HTTP_X_FORWARDED_FOR="198.51.100.1"), "t")
