"""Fixtures of the identity tests: the loaded sample town, its demo staff, ways to sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from madoguchi.engines.identity.models import Account
from madoguchi.engines.identity.selectors import actor_for
from madoguchi.engines.identity.services import DEMO_PASSWORD, demo_totp_code, seed_demo_staff
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.clock import TOKYO

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)


@pytest.fixture
def town(db: None) -> Iterator[None]:
    """Load the sample town; forget limits and copies of earlier tests."""
    cache.clear()
    municipality.reset()
    municipality.load_folder(ROOT / "municipalities" / "sample-town", actor=SYSTEM, at=AT)
    yield
    municipality.reset()


@pytest.fixture
def demo_staff(town: None) -> None:
    """Give the demo staff of the town their published secrets."""
    seed_demo_staff(demo=True, at=AT)


@pytest.fixture
def staff_client(demo_staff: None, client: Client) -> Callable[[str], Client]:
    """Return a function that signs a demo member of staff in through both steps."""

    def sign_in(login: str) -> Client:
        answer = client.post("/staff/signin/", {"login": login, "password": DEMO_PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        answer = client.post("/staff/signin/second/", {"code": demo_totp_code(at=clock.now())})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in


@pytest.fixture
def admin_client(staff_client: Callable[[str], Client]) -> Client:
    """Return a client signed in as the administrator, who has just given the password again."""
    client = staff_client("admin")
    client.post("/staff/account/confirm/password/", {"password": DEMO_PASSWORD})
    return client


@pytest.fixture
def clerk(town: None) -> Account:
    """Return a clerk of the town."""
    return Account.objects.get(login="jumin")


@pytest.fixture
def raised(town: None) -> Actor:
    """Return the administrator with raised rights."""
    return actor_for(Account.objects.get(login="admin"), AT, elevated=True)


@pytest.fixture
def elevated_client(admin_client: Client) -> Client:
    """Return the administrator's client after the elevation."""
    answer = admin_client.post("/staff/elevation/", {"reason": "職員の異動に伴うアカウントの整理のため"})
    assert answer.status_code == 302
    return admin_client
