"""Steps of the resident's own, and members of staff who asked for something themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from madoguchi.engines.casework import definitions
from madoguchi.engines.casework.rules import own_steps
from madoguchi.engines.casework.schema import WorkflowDefinition
from madoguchi.engines.casework.services import (
    Applicant,
    OpenedCase,
    ProcedureFacts,
    advance,
    available_steps,
    open_case,
    request_correction,
    take_own_step,
    withdraw,
)
from madoguchi.engines.casework.status import status_of
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed

from .conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def workflow(workflow_data: dict[str, Any], db: None) -> WorkflowDefinition:
    """Return the small workflow with a step that the resident takes: reporting an improvement."""
    workflow_data["transitions"] += [
        {
            "id": "improved",
            "title": "改善の報告を受ける",
            "resident_title": {"ja": "改善したことを知らせる", "en": "Report"},
            "from": ["review"],
            "to": "received",
            "who": ["resident", "clerk"],
        },
        {
            "id": "explain",
            "title": "事情を説明する",
            "from": ["received"],
            "to": "review",
            "who": ["resident"],
            "requires": ["note"],
        },
    ]
    definition = WorkflowDefinition.model_validate(workflow_data)
    definitions.forget_current()
    definitions.publish_workflow(definition, at=AT)
    return definition


@pytest.fixture
def opened_here(
    workflow: WorkflowDefinition, procedure: ProcedureFacts, resident: Actor, calendar: OfficeCalendar
) -> OpenedCase:
    return _open(procedure, Applicant(name="杉並 花子"), resident, calendar)


def _open(procedure: ProcedureFacts, applicant: Applicant, actor: Actor, calendar: OfficeCalendar) -> OpenedCase:
    return open_case(
        submission=None,
        procedure=procedure,
        applicant=applicant,
        actor=actor,
        channel="online",
        at=AT,
        calendar=calendar,
    )


def test_the_rule_leaves_out_corrections_withdrawals_and_what_is_asked(workflow: WorkflowDefinition) -> None:
    assert [step.id for step in own_steps(workflow, "review", asked=False)] == ["improved"]
    assert [step.id for step in own_steps(workflow, "received", asked=False)] == ["explain"]
    assert own_steps(workflow, "correction", asked=True) == []


def test_the_resident_reads_words_of_their_own(workflow: WorkflowDefinition) -> None:
    assert workflow.by_transition["improved"].public_title.get("en") == "Report"
    assert workflow.by_transition["explain"].public_title.get("ja") == "事情を説明する"


def test_the_step_is_taken_with_the_words_it_needs(
    opened_here: OpenedCase, resident: Actor, calendar: OfficeCalendar
) -> None:
    case = opened_here.case
    assert [step.id for step in status_of(case).steps] == ["explain"]
    with pytest.raises(InvalidInput):
        take_own_step(case, "explain", actor=resident, at=AT, calendar=calendar)
    later = AT + timedelta(hours=1)
    moved = take_own_step(case, "explain", actor=resident, at=later, calendar=calendar, note=" 直しました ")
    assert moved.state == "review"
    assert moved.events.order_by("-seq")[0].payload == {"note": "直しました"}
    assert take_own_step(moved, "improved", actor=resident, at=later, calendar=calendar).state == "received"


def test_no_other_step_is_taken_this_way(opened_here: OpenedCase, resident: Actor, calendar: OfficeCalendar) -> None:
    for step in ("withdraw", "begin", "answer", "nothing"):
        with pytest.raises(Conflict):
            take_own_step(opened_here.case, step, actor=resident, at=AT, calendar=calendar, note="x")


def test_an_awaited_correction_is_the_only_way_on(
    opened_here: OpenedCase, clerk: Actor, calendar: OfficeCalendar
) -> None:
    case = opened_here.case
    due_on = calendar.add_office_days(AT.date(), 5)
    request_correction(
        case, fields=["town"], message="町名", due_on=due_on, actor=clerk, at=AT, calendar=calendar, reason_id=""
    )
    case.refresh_from_db()
    assert status_of(case).steps == []


def test_staff_stand_on_the_residents_side_of_their_own_case(
    workflow: WorkflowDefinition, procedure: ProcedureFacts, clerk: Actor, chief: Actor, calendar: OfficeCalendar
) -> None:
    applicant = Applicant(name=clerk.name, ref=clerk.ref)
    case = _open(procedure, applicant, clerk, calendar).case
    assert {step.id for step in available_steps(case, actor=clerk)} == {"explain", "withdraw"}
    with pytest.raises(NotAllowed):
        advance(case, "begin", actor=clerk, at=AT, calendar=calendar)
    assert advance(case, "begin", actor=chief, at=AT, calendar=calendar).state == "review"
    case.refresh_from_db()
    elsewhere = Actor(kind="staff", id=clerk.id, name=clerk.name, roles=clerk.roles, sections=frozenset({"other"}))
    assert withdraw(case, actor=elsewhere, at=AT, calendar=calendar, reason="不要になった").outcome == "withdrawn"
