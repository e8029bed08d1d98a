"""Fixtures of the catalogue's tests: the sample town, its staff, and a form with a second version."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import forget_current
from madoguchi.engines.forms.api import FormVersion
from madoguchi.engines.identity.models import Account
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO

FOLDER = Path(__file__).resolve().parents[3] / "municipalities" / "sample-town"
AT = datetime(2026, 11, 4, 10, 0, tzinfo=TOKYO)
FORM = "juminhyo"


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Load the sample town; no statement asks in between whether it has changed."""
    monkeypatch.setattr(municipality, "TTL_SECONDS", 3600.0)
    with time_machine.travel(AT, tick=False):
        forget_current()
        municipality.reset()
        municipality.load_folder(FOLDER, actor=SYSTEM, at=AT)
        yield
    forget_current()
    municipality.reset()


@pytest.fixture
def staff(town: None) -> Callable[[str], Client]:
    """Return a function that signs a member of staff in."""
    return lambda login: signed_in(Account.objects.get(kind="staff", login=login))


@pytest.fixture
def second_version(town: None) -> FormVersion:
    """Publish a second version of a form, valid from the next fiscal year."""
    return publish_second()


def publish_second() -> FormVersion:
    """Publish a second version: a question added, one renamed and made optional, a paper less, later valid."""
    first = FormVersion.objects.get(form_id=FORM, version=1)
    changed = copy.deepcopy(first.definition)
    questions = changed["steps"][0]["fields"]
    questions[0]["label"] = "新しい質問の文"
    questions[0]["required"] = {"==": [{"var": "@channel"}, "counter"]}
    questions.append({"id": "added_memo", "type": "textarea", "label": "連絡したいこと", "required": False})
    changed["papers"] = changed["papers"][:-1]
    changed["valid_from"] = "2027-04-01"
    return FormVersion.objects.create(
        id=uuid.uuid4(),
        form_id=FORM,
        version=2,
        digest="0" * 64,
        definition=changed,
        valid_from="2027-04-01",
        published_at=AT,
    )
