"""Take in cases that already have a history: from an older system, or made as sample data.

Owns the bulk way into the tables. States and outcomes follow from the workflow's arrows and the columns from the same
``project`` that every service uses, so an imported case equals its own replay. No listener is told: what is imported
happened long ago. The caller writes one audit record for the whole import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from madoguchi.kernel.bulk import insert_rows
from madoguchi.kernel.calendar import OfficeCalendar, fiscal_year

from ..definitions import definition_of
from ..models import Case, CaseEvent, CaseMessage, CaseNote, CorrectionRequest, ExpectedOriginal
from ..rules import MESSAGE_RECEIVED, MESSAGE_SENT, NOTED, OPENED, Happening, day_of, project, received_day
from .opening import Applicant, ProcedureFacts, hash_secret, search_key
from .originals import expected_original
from .projecting import PROJECTION

_SIDES = {MESSAGE_RECEIVED: CaseMessage.Side.RESIDENT, MESSAGE_SENT: CaseMessage.Side.SECTION}


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One thing that happened after the opening; ``transition`` is the arrow taken, '' when the state stayed."""

    kind: str
    at: datetime
    actor_ref: str
    actor_name: str = ""
    transition: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    """The text of a note for colleagues (kind ``noted``) or of a message (``message_received``, ``message_sent``)."""


@dataclass(frozen=True, slots=True)
class PastCorrection:
    """A correction that was asked for; see ``CorrectionRequest``."""

    fields: list[str]
    reason_id: str
    message: str
    due_on: date
    asked_at: datetime
    asked_by_ref: str
    asked_by_name: str = ""
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PastOriginal:
    """A paper of the submission that was to come by post, and when it came."""

    paper: Mapping[str, Any]
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with its history, oldest event first, the opening left out (it follows from the other fields)."""

    submission_id: UUID | None
    procedure: ProcedureFacts
    workflow_version_id: UUID
    applicant: Applicant
    channel: str
    received_at: datetime
    lookup_secret: str = field(repr=False)
    opened_by_ref: str = "guest:anonymous"
    opened_by_name: str = ""
    events: list[PastEvent] = field(default_factory=list)
    corrections: list[PastCorrection] = field(default_factory=list)
    originals: list[PastOriginal] = field(default_factory=list)
    is_sample: bool = False


@transaction.atomic
def import_cases(past: Sequence[PastCase], *, calendar: OfficeCalendar) -> list[Case]:
    """Write cases with their events, notes, corrections and originals in bulk and return them, in the given order.

    Receipt numbers are given in that order; the cases returned do not show them before they are read again. Raises KeyError when an event takes an arrow the workflow does not have.
    """
    histories = [_history(item, calendar=calendar) for item in past]
    cases = [_case(item, rows, calendar=calendar) for item, rows in zip(past, histories, strict=True)]
    insert_rows(cases)
    events: list[CaseEvent] = []
    corrections: list[CorrectionRequest] = []
    originals: list[ExpectedOriginal] = []
    for item, case, rows in zip(past, cases, histories, strict=True):
        for event in rows:
            event.case_id = case.pk
        events += rows
        corrections += [_correction(case, correction) for correction in item.corrections]
        originals += [_original(case, original) for original in item.originals]
    _write_words(past, histories)
    insert_rows(events)
    insert_rows(corrections)
    insert_rows(originals)
    return cases


def _history(past: PastCase, *, calendar: OfficeCalendar) -> list[CaseEvent]:
    """Return the events of a case, the opening first, without the case's key."""
    definition = definition_of(past.workflow_version_id)
    received_on = received_day(past.received_at, calendar=calendar)
    payload = {
        "section": past.procedure.section,
        "received_on": received_on.isoformat(),
        "standard_days": past.procedure.standard_days,
        "channel": past.channel,
    }
    state = definition.initial.id
    rows = [
        CaseEvent(
            seq=1,
            kind=OPENED,
            to_state=state,
            at=past.received_at,
            actor_ref=past.opened_by_ref,
            actor_name=past.opened_by_name,
            payload=payload,
        )
    ]
    for seq, event in enumerate(past.events, start=2):
        step = definition.by_transition[event.transition] if event.transition else None
        row = CaseEvent(
            seq=seq,
            kind=event.kind,
            transition=event.transition,
            from_state=state if step else "",
            to_state=step.to if step else "",
            outcome=(step.outcome or "") if step else "",
            at=event.at,
            actor_ref=event.actor_ref,
            actor_name=event.actor_name,
            payload=dict(event.payload),
        )
        state = step.to if step else state
        rows.append(row)
    return rows


def _case(past: PastCase, history: Sequence[CaseEvent], *, calendar: OfficeCalendar) -> Case:
    applicant, received_on = past.applicant, received_day(past.received_at, calendar=calendar)
    happenings = [Happening(row.kind, row.at, row.to_state, row.outcome, row.payload) for row in history]
    projection = project(happenings, definition=definition_of(past.workflow_version_id), calendar=calendar)
    return Case(
        fiscal_year=fiscal_year(day_of(past.received_at)),
        procedure_id=past.procedure.id,
        procedure_title=past.procedure.title,
        submission_id=past.submission_id,
        workflow_version_id=past.workflow_version_id,
        channel=past.channel,
        language=applicant.language,
        received_at=past.received_at,
        received_on=received_on,
        standard_days=past.procedure.standard_days,
        applicant_name=applicant.name,
        applicant_folded=search_key(applicant.name),
        applicant_kana_folded=search_key(applicant.kana),
        applicant_ref=applicant.ref,
        contact_email=applicant.email,
        lookup_secret_hash=hash_secret(past.lookup_secret),
        is_sample=past.is_sample,
        section_read_at=_last(past, MESSAGE_SENT),
        resident_read_at=_last(past, MESSAGE_RECEIVED),
        **{name: getattr(projection, name) for name in PROJECTION},
    )


def _last(past: PastCase, kind: str) -> datetime | None:
    """Return when a side last wrote: by then it had read what the other wrote."""
    return max((event.at for event in past.events if event.kind == kind), default=None)


def _correction(case: Case, past: PastCorrection) -> CorrectionRequest:
    return CorrectionRequest(
        case=case,
        fields=past.fields,
        reason_id=past.reason_id,
        message=past.message,
        due_on=past.due_on,
        asked_at=past.asked_at,
        asked_by_ref=past.asked_by_ref,
        asked_by_name=past.asked_by_name,
        answered_at=past.answered_at,
        closed_at=past.closed_at,
        changes=past.changes,
    )


def _original(case: Case, past: PastOriginal) -> ExpectedOriginal:
    row = expected_original(case, past.paper, at=case.received_at)
    row.arrived_at = past.arrived_at
    return row


def _write_words(past: Sequence[PastCase], histories: Sequence[list[CaseEvent]]) -> None:
    """Write notes and messages and put their keys into the events that tell of them."""
    tellers: dict[str, list[tuple[CaseEvent, CaseNote | CaseMessage]]] = {"note": [], "message": []}
    for item, rows in zip(past, histories, strict=True):
        for event, row in zip(item.events, rows[1:], strict=True):
            shared = {
                "case_id": row.case_id,
                "body": event.note,
                "at": event.at,
                "author_ref": event.actor_ref,
                "author_name": event.actor_name,
            }
            if event.kind == NOTED:
                tellers["note"].append((row, CaseNote(**shared)))
            elif event.kind in _SIDES:
                tellers["message"].append((row, CaseMessage(side=_SIDES[event.kind], **shared)))
    for name, pairs in tellers.items():
        insert_rows([words for _, words in pairs])
        for row, words in pairs:
            row.payload = {name: words.pk}
