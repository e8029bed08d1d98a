"""Fixtures of the desk's tests: the sample town, its staff at their desks, and cases of a real form."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Applicant, Case, OpenedCase, forget_current, open_case
from madoguchi.engines.forms.api import FormVersion, Submission
from madoguchi.engines.identity.models import Account
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import facts_of, get_procedure, list_procedures

FOLDER = Path(__file__).resolve().parents[3] / "municipalities" / "sample-town"
AT = datetime(2026, 11, 4, 10, 0, tzinfo=TOKYO)
"""A Wednesday on which the office is open."""


@pytest.fixture
def at() -> Iterator[datetime]:
    with time_machine.travel(AT, tick=False):
        yield AT


@pytest.fixture
def town(db: None, at: datetime) -> Iterator[None]:
    forget_current()
    municipality.reset()
    municipality.load_folder(FOLDER, actor=SYSTEM, at=at)
    yield
    forget_current()
    municipality.reset()


@pytest.fixture
def sit_down(town: None) -> Callable[[str], Client]:
    """Return a function that signs a member of staff in with a second factor shown."""

    def sign_in(login: str) -> Client:
        account = Account.objects.get(kind="staff", login=login)
        return signed_in(account)

    return sign_in


@pytest.fixture
def clerk(sit_down: Callable[[str], Client]) -> Client:
    return sit_down("jumin")


@pytest.fixture
def chief(sit_down: Callable[[str], Client]) -> Client:
    return sit_down("jumin-chief")


@pytest.fixture
def guest() -> Actor:
    return Actor(kind="guest", id="draft-1")


@pytest.fixture
def procedure_id(town: None) -> str:
    """Return a procedure of the residents' section with a form of its own."""
    return next(item.id for item in list_procedures() if item.department == "jumin" and item.form == "juminhyo")


@pytest.fixture
def hand_in(town: None, guest: Actor, procedure_id: str) -> Callable[..., OpenedCase]:
    """Return a function that hands in the form's first example and opens its case."""
    version = FormVersion.objects.get(form_id="juminhyo")
    example: dict[str, Any] = version.definition["examples"][0]["answers"]

    def open_one(
        *, at: datetime = AT, name: str = "杉野 花子", kana: str = "スギノ ハナコ", email: str = "", papers: Any = ()
    ) -> OpenedCase:
        submission = Submission.objects.create(
            id=uuid.uuid4(),
            draft_id=uuid.uuid4(),
            form_version=version,
            procedure_id=procedure_id,
            papers=list(papers),
            answers=example,
            submitted_at=at,
        )
        return open_case(
            submission=submission,
            procedure=facts_of(get_procedure(procedure_id)),
            applicant=Applicant(name=name, kana=kana, email=email),
            actor=guest,
            channel="online",
            at=at,
            calendar=municipality.current().calendar,
        )

    return open_one


@pytest.fixture
def case(hand_in: Callable[..., OpenedCase]) -> Case:
    return hand_in().case
