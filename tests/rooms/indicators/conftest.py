"""Fixtures of the indicators' tests: the sample town, people with and without rights, and cases with a history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Case, WorkflowVersion, forget_current
from madoguchi.engines.identity.models import Account, StaffPost
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO

FOLDER = Path(__file__).resolve().parents[3] / "municipalities" / "sample-town"
AT = datetime(2026, 11, 4, 10, 0, tzinfo=TOKYO)
TODAY = AT.date()


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Load the sample town; on a slow machine no statement asks in between whether it has changed."""
    monkeypatch.setattr(municipality, "TTL_SECONDS", 3600.0)
    with time_machine.travel(AT, tick=False):
        forget_current()
        municipality.reset()
        municipality.load_folder(FOLDER, actor=SYSTEM, at=AT)
        yield
    forget_current()
    municipality.reset()


@pytest.fixture
def sit_down(town: None) -> Callable[..., Client]:
    """Return a function that signs a member of staff in, if wished with one more role."""

    def sign_in(login: str, *, role: str = "") -> Client:
        account = Account.objects.get(kind="staff", login=login)
        if role:
            StaffPost.objects.create(account=account, role_id=role, department_id="somu", valid_from=date(2026, 4, 1))
        return signed_in(account)

    return sign_in


@pytest.fixture
def keep(town: None) -> Callable[..., Case]:
    """Return a function that writes a case as its events would have left it."""
    version = WorkflowVersion.objects.order_by("workflow_id").first()

    def write(
        received_at: datetime,
        *,
        decided_at: datetime | None = None,
        promised_on: date | None = None,
        outcome: str = "approved",
        channel: str = "online",
        section: str = "jumin",
        clock: str = "running",
        sample: bool = False,
    ) -> Case:
        calendar = municipality.current().calendar
        values: dict[str, Any] = {
            "fiscal_year": 2026,
            "procedure_id": "p",
            "procedure_title": "手続",
            "workflow_version": version,
            "channel": channel,
            "received_at": received_at,
            "received_on": calendar.next_open(received_at.date()),
            "lookup_secret_hash": "0",
            "is_sample": sample,
            "section": section,
            "state": "s",
            "stage": 1,
            "state_kind": "done" if decided_at else "open",
            "clock": "stopped" if decided_at else clock,
            "promised_on": promised_on,
            "due_sort": promised_on or date(9999, 12, 31),
            "outcome": outcome if decided_at else "",
            "decided_at": decided_at,
            "closed_at": decided_at,
            "event_count": 1,
        }
        return Case.objects.create(**values)

    return write


def moment(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    """Return a moment in Japan."""
    return datetime(year, month, day, hour, 30, tzinfo=TOKYO)


@pytest.fixture
def history(keep: Callable[..., Case]) -> None:
    """Write a small office: two sections, four channels, decisions on time and late, open cases of every age."""
    keep(moment(4, 1), decided_at=moment(4, 1, 16), promised_on=date(2026, 4, 2))
    keep(moment(4, 1), decided_at=moment(4, 8), promised_on=date(2026, 4, 7), channel="counter", sample=True)
    keep(moment(5, 11), decided_at=moment(5, 13), promised_on=date(2026, 5, 13), section="fukushi", channel="post")
    keep(moment(5, 11), decided_at=moment(6, 30), section="fukushi")
    keep(moment(6, 1), decided_at=moment(6, 2), outcome="withdrawn")
    for back in (1, 10, 20, 45, 100):
        keep(AT - timedelta(days=back), promised_on=TODAY - timedelta(days=back - 2), channel="phone")
    keep(moment(10, 1), promised_on=date(2026, 10, 8), clock="paused", section="fukushi")
    keep(moment(3, 2), decided_at=moment(3, 4))
