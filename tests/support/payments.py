"""The local provider in tests: its notifications reach the ward through the test client instead of the network."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from django.test import Client

from madoguchi.engines.payments.providers import local


def hear_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let notifications be posted into this process; one that is not answered with 200 fails."""

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
        client = Client(HTTP_MADOGUCHI_PAY_SIGNATURE=headers[local.HEADER])
        answer = client.post(urlsplit(url).path, body, content_type="application/json")
        assert answer.status_code == 200, answer.content

    monkeypatch.setattr(local, "post", post)
