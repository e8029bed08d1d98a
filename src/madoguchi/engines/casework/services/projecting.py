"""Write what happened and bring the case's columns in line with its history.

Owns the one place where events are appended and projection columns are set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, NotAllowed

from ..definitions import definition_of
from ..happenings import CaseHappening, tell_listeners
from ..models import Case, CaseEvent
from ..rules import Happening, Projection, project
from ..schema import RESIDENT, TransitionDefinition
from .acting import recorded_name, said_for

ALL_SECTIONS = "desk.all_sections"
PROJECTION = (
    "section", "state", "stage", "state_kind", "clock", "assignee_ref", "assignee_name",
    "promised_on", "due_sort", "outcome", "decided_at", "closed_at", "reply_since", "event_count",
)  # fmt: skip


def lock_case(case: Case, *, seen: int | None = None) -> Case:
    """Return the case read again under a row lock. Raises Conflict when it has moved on since *seen* events."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if seen is not None and locked.event_count != seen:
        raise Conflict(
            "この案件は、画面を開いたあとに更新されています。",
            code="casework.changed",
            mend="画面を開き直して、内容を確かめてからもう一度行ってください。",
            number=locked.number,
        )
    return locked


def side_of(case: Case, actor: Actor) -> str:
    """Return the kind of the actor towards a case: staff who asked for it themselves stand on the resident's side.

    So nobody decides on an application of their own.
    """
    return RESIDENT if actor.kind == "staff" and actor.ref == case.applicant_ref else actor.kind


def demand_section(case: Case, actor: Actor) -> None:
    """Raise NotAllowed when a member of staff acts on another section's case."""
    if actor.kind == "staff" and case.section not in actor.sections and not actor.may(ALL_SECTIONS):
        raise NotAllowed(
            "他の課の案件は扱えません。",
            code="casework.section",
            mend="担当課へ移送を依頼してください。",
            number=case.number,
        )


def append_event(
    case: Case,
    *,
    kind: str,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    payload: Mapping[str, Any],
    transition: TransitionDefinition | None = None,
    action: str,
    audit_payload: Mapping[str, Any],
) -> CaseEvent:
    """Append an event to a locked case, project, audit and tell the listeners. Returns the event."""
    past = list(case.events.order_by("seq"))
    if past and at < past[-1].at:
        raise Conflict("前の出来事より古い日時は記録できません。", code="casework.time_order", number=case.number)
    event = CaseEvent.objects.create(
        case=case,
        seq=len(past) + 1,
        kind=kind,
        transition=transition.id if transition else "",
        from_state=case.state if transition else "",
        to_state=transition.to if transition else "",
        outcome=(transition.outcome or "") if transition else "",
        at=at,
        actor_ref=actor.ref,
        actor_name=recorded_name(actor),
        payload={**payload, **said_for(actor)},
    )
    definition = definition_of(case.workflow_version_id)
    write_projection(
        case, project([to_happening(item) for item in [*past, event]], definition=definition, calendar=calendar)
    )
    record(actor=actor, action=action, subject=f"case:{case.number}", payload=dict(audit_payload), at=at)
    tell_listeners(
        CaseHappening(
            case=case, event=event, definition=definition, transition=transition, actor=actor, at=at, payload=payload
        )
    )
    return event


def to_happening(event: CaseEvent) -> Happening:
    """Return the event as the pure rules see it."""
    return Happening(
        kind=event.kind, at=event.at, to_state=event.to_state, outcome=event.outcome, payload=event.payload
    )


def write_projection(case: Case, projection: Projection) -> None:
    """Set and save the projection columns of a case."""
    for name in PROJECTION:
        setattr(case, name, getattr(projection, name))
    case.save(update_fields=PROJECTION)


@transaction.atomic
def rebuild_projection(case: Case, *, calendar: OfficeCalendar) -> bool:
    """Replay the events of a case into its columns; return whether any column changed (holidays changed, a row was
    damaged).
    """
    locked = lock_case(case)
    before = {name: getattr(locked, name) for name in PROJECTION}
    events: Iterable[CaseEvent] = locked.events.order_by("seq")
    definition = definition_of(locked.workflow_version_id)
    write_projection(locked, project([to_happening(item) for item in events], definition=definition, calendar=calendar))
    return before != {name: getattr(locked, name) for name in PROJECTION}
