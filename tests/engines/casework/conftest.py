"""Fixtures of the casework tests: a small workflow, an office calendar, people, and a way to open a case."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import pytest

from madoguchi.engines.casework import definitions
from madoguchi.engines.casework.happenings import on_transition
from madoguchi.engines.casework.schema import WorkflowDefinition
from madoguchi.engines.casework.services import Applicant, OpenedCase, ProcedureFacts, open_case
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.clock import TOKYO

AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
"""A Monday on which the office is open."""

WORKFLOW: dict[str, Any] = {
    "id": "small",
    "title": "小さな審査",
    "states": [
        {"id": "received", "title": "受付", "public": "受け付けました", "next": "内容を確かめます", "stage": 1},
        {"id": "review", "title": "審査", "public": "審査しています", "stage": 2},
        {
            "id": "correction",
            "title": "補正待ち",
            "public": "直していただきたいところがあります",
            "stage": 2,
            "kind": "waiting_resident",
            "clock": "paused",
        },
        {
            "id": "approved",
            "title": "決定",
            "public": "決定しました",
            "stage": 3,
            "kind": "done",
            "clock": "stopped",
        },
        {"id": "ended", "title": "終了", "public": "終わりました", "stage": 3, "kind": "done", "clock": "stopped"},
    ],
    "transitions": [
        {"id": "begin", "title": "審査を始める", "from": ["received"], "to": "review", "who": ["clerk"], "bulk": True},
        {
            "id": "ask",
            "title": "補正を求める",
            "from": ["received", "review"],
            "to": "correction",
            "who": ["clerk"],
            "requires": ["fields", "reason", "due"],
            "letter": "correction_asked",
        },
        {"id": "answer", "title": "補正に答える", "from": ["correction"], "to": "review", "who": ["resident"]},
        {
            "id": "approve",
            "title": "決定する",
            "from": ["review"],
            "to": "approved",
            "who": ["chief"],
            "outcome": "approved",
            "guard": {"<": [{"var": "corrections"}, 5]},
            "letter": "decided",
        },
        {
            "id": "reopen",
            "title": "決定を取り消す",
            "from": ["approved"],
            "to": "review",
            "who": ["chief"],
            "requires": ["reason"],
        },
        {
            "id": "withdraw",
            "title": "取り下げる",
            "from": ["received", "review", "correction"],
            "to": "ended",
            "who": ["resident", "clerk"],
            "requires": ["reason"],
            "outcome": "withdrawn",
        },
    ],
    "correction_reasons": [{"id": "unclear", "title": "読めない", "message": "文字が読めませんでした。"}],
}


@pytest.fixture(autouse=True)
def _no_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test the engine alone: what rooms have registered as listeners is put aside."""
    monkeypatch.setattr(on_transition, "_items", {})


@pytest.fixture
def workflow_data() -> dict[str, Any]:
    import copy

    return copy.deepcopy(WORKFLOW)


@pytest.fixture
def definition() -> WorkflowDefinition:
    return WorkflowDefinition.model_validate(WORKFLOW)


@pytest.fixture
def calendar() -> OfficeCalendar:
    return OfficeCalendar(closed_dates={date(2026, 11, 3): "文化の日", date(2026, 11, 23): "勤労感謝の日"})


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def clerk() -> Actor:
    return Actor(kind="staff", id="7", name="窓口 一郎", roles=frozenset({"clerk"}), sections=frozenset({"kumin"}))


@pytest.fixture
def chief() -> Actor:
    return Actor(
        kind="staff", id="8", name="係長 花子", roles=frozenset({"clerk", "chief"}), sections=frozenset({"kumin"})
    )


@pytest.fixture
def resident() -> Actor:
    return Actor(kind="guest", id="draft-1")


@pytest.fixture
def procedure() -> ProcedureFacts:
    return ProcedureFacts(id="tenshutsu", title="転出届", section="kumin", workflow_id="small", standard_days=5)


@pytest.fixture
def published(db: None, definition: WorkflowDefinition) -> WorkflowDefinition:
    definitions.forget_current()
    definitions.publish_workflow(definition, at=AT)
    return definition


@pytest.fixture
def submission(published: WorkflowDefinition) -> Any:
    from madoguchi.engines.forms.models import FormVersion, Submission

    version = FormVersion.objects.create(
        id=uuid.uuid4(), form_id="f", version=1, digest="0", definition={}, valid_from=AT.date(), published_at=AT
    )
    return Submission.objects.create(
        id=uuid.uuid4(),
        draft_id=uuid.uuid4(),
        form_version=version,
        procedure_id="tenshutsu",
        answers={"move_on": "2026-11-20", "town": "高円寺南", "floor": "1"},
        submitted_at=AT,
    )


@pytest.fixture
def opened(submission: Any, procedure: ProcedureFacts, resident: Actor, calendar: OfficeCalendar) -> OpenedCase:
    return open_case(
        submission=submission,
        procedure=procedure,
        applicant=Applicant(name="杉並 花子", kana="スギナミ ハナコ", email="hanako@example.jp"),
        actor=resident,
        channel="online",
        at=AT,
        calendar=calendar,
    )
