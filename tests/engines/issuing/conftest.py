"""Fixtures of issuing: the sample town, a clerk, a chief, and cases as far as an outcome."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from madoguchi.engines.casework.api import Applicant, Case, advance, definition_of, forget_current, open_case
from madoguchi.engines.forms.api import FormVersion, Submission
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import facts_of, get_procedure

FOLDER = Path(__file__).resolve().parents[3] / "municipalities" / "sample-town"
AT = datetime(2026, 11, 5, 10, 0, tzinfo=TOKYO)
RIGHTS = frozenset({"issuing.issue", "issuing.revoke", "desk.view"})
CLERK = Actor("staff", "1", "見本 太郎", frozenset({"clerk", "section_chief"}), frozenset({"jumin"}), RIGHTS)
GUEST = Actor("guest", "draft-1")


def lead_to(case: Case, outcome: str) -> Case:
    """Take the staff's steps of the workflow, shortest way, until the case has the outcome."""
    ways: list[tuple[str, list[str]]] = [(case.state, [])]
    definition, calendar = definition_of(case.workflow_version_id), municipality.current().calendar
    for state, taken in ways:
        for step in definition.leaving(state):
            if step.outcome == outcome:
                for step_id in [*taken, step.id]:
                    payload = {"reason": "要件に当たらないため"}
                    case = advance(case, step_id, actor=CLERK, at=AT, calendar=calendar, payload=payload)
                return case
            if not step.outcome and not step.requires and not step.by_resident:
                ways.append((step.to, [*taken, step.id]))
    raise AssertionError(outcome)


@pytest.fixture
def town(db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    cache.clear()
    with time_machine.travel(AT, tick=False):
        forget_current()
        municipality.reset()
        municipality.load_folder(FOLDER, actor=SYSTEM, at=AT)
        yield
    forget_current()
    municipality.reset()


@pytest.fixture
def decided(town: None) -> Callable[..., Case]:
    """Return a function that hands in a form's first example and leads its case to an outcome."""

    def run(procedure_id: str = "inu_toroku", outcome: str = "accepted", **keys: Any) -> Case:
        version = FormVersion.objects.get(form_id=procedure_id)
        submission = Submission.objects.create(
            id=uuid.uuid4(),
            draft_id=uuid.uuid4(),
            form_version=version,
            procedure_id=procedure_id,
            answers=version.definition["examples"][0]["answers"],
            submitted_at=AT,
        )
        case = open_case(
            submission=submission,
            procedure=facts_of(get_procedure(procedure_id)),
            applicant=Applicant(name="見本 一郎", email="a@example.jp", **keys),
            actor=GUEST,
            channel="online",
            at=AT,
            calendar=municipality.current().calendar,
        ).case
        return lead_to(case, outcome) if outcome else case

    return run
