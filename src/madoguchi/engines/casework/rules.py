"""Pure decisions of casework: receipt day, promised date, projection of a history, who may do what, differences.

Owns everything that can be replayed from facts. No Django, no database, no clock: dates, calendar and history come in.
Source of the promised date: 行政手続法第6条（標準処理期間）, counted in office days from the day of receipt (収受日).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.kernel.calendar import OfficeCalendar

from .schema import RESIDENT, SYSTEM_ROLE, TransitionDefinition, WorkflowDefinition

TOKYO = ZoneInfo("Asia/Tokyo")
NO_PROMISE = date(9999, 12, 31)
"""Sort key of a case without a promised date: after every dated one."""

OPENED, ADVANCED, ASSIGNED, TRANSFERRED, NOTED = "opened", "advanced", "assigned", "transferred", "noted"
CORRECTION_REQUESTED, CORRECTION_ANSWERED = "correction_requested", "correction_answered"
ORIGINAL_KINDS = {
    "arrived": "original_arrived",
    "missing": "original_missing",
    "waived": "original_waived",
    "returned": "original_returned",
}
"""Events of an original that comes by post, by the clerk's mark."""
CHARGED, PAID, REFUNDED, REFUND_RETURNED = "charged", "paid", "refunded", "refund_returned"
MONEY_KINDS = (CHARGED, PAID, REFUNDED, REFUND_RETURNED)
"""What happened to the fee of a case; the money itself is in the payments engine."""
MESSAGE_RECEIVED, MESSAGE_SENT, MESSAGE_SETTLED = "message_received", "message_sent", "message_settled"
"""A message of the resident, one of the section, and the note that no answer is needed."""
DOCUMENT_ISSUED, DOCUMENT_REVOKED = "document_issued", "document_revoked"
DOCUMENT_POSTED, DOCUMENT_HANDED_OVER = "document_posted", "document_handed_over"
DOCUMENT_KINDS = (DOCUMENT_ISSUED, DOCUMENT_REVOKED, DOCUMENT_POSTED, DOCUMENT_HANDED_OVER)
"""What happened to a document issued for a case; the document itself is in the issuing engine."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case as the rules see it; ``to_state`` is empty when the state did not change."""

    kind: str
    at: datetime
    to_state: str = ""
    outcome: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the office's clock stood still; ``end`` is None while it lasts."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """What the columns of a case say; always equal to the replay of its events."""

    state: str
    stage: int
    state_kind: str
    clock: str
    section: str
    assignee_ref: str = ""
    assignee_name: str = ""
    promised_on: date | None = None
    outcome: str = ""
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    reply_since: datetime | None = None
    event_count: int = 0

    @property
    def due_sort(self) -> date:
        """Return the promised date as a sort key; cases without one come last."""
        return self.promised_on or NO_PROMISE


def day_of(at: datetime) -> date:
    """Return the day in Japan on which a moment lies."""
    return at.astimezone(TOKYO).date()


def received_day(at: datetime, *, calendar: OfficeCalendar) -> date:
    """Return the 収受日: the day itself when the office is open, else the next open day."""
    day = day_of(at)
    return day if calendar.is_open(day) else calendar.next_open(day)


def promise(
    *, received_on: date, standard_days: int | None, pauses: Iterable[Pause], calendar: OfficeCalendar
) -> date | None:
    """Return the promised date: *standard_days* office days after receipt, longer by the office days of every ended
    pause.

    None when the procedure has no 標準処理期間. A pause that still lasts adds nothing yet.
    """
    if standard_days is None:
        return None
    extra = sum(
        calendar.office_days_between(item.start, item.end) for item in pauses if item.end and item.end > item.start
    )
    return calendar.add_office_days(received_on, standard_days + extra)


def pauses_of(history: Sequence[Happening], *, definition: WorkflowDefinition) -> list[Pause]:
    """Return the stretches in which the clock was not running, in order; only the last may be open."""
    pauses: list[Pause] = []
    started: date | None = None
    for item in history:
        if not item.to_state:
            continue
        running = definition.by_state[item.to_state].clock == "running"
        if not running and started is None:
            started = day_of(item.at)
        elif running and started is not None:
            pauses.append(Pause(started, day_of(item.at)))
            started = None
    if started is not None:
        pauses.append(Pause(started))
    return pauses


def project(history: Sequence[Happening], *, definition: WorkflowDefinition, calendar: OfficeCalendar) -> Projection:
    """Replay a history, oldest first, to the columns of the case. The first happening must be the opening."""
    opening = history[0]
    state = definition.by_state[opening.to_state]
    shape = Projection(
        state=state.id,
        stage=state.stage,
        state_kind=state.kind,
        clock=state.clock,
        section=opening.payload["section"],
    )
    for item in history[1:]:
        shape = _step(shape, item, definition=definition)
    promised_on = promise(
        received_on=date.fromisoformat(opening.payload["received_on"]),
        standard_days=opening.payload["standard_days"],
        pauses=pauses_of(history, definition=definition),
        calendar=calendar,
    )
    return replace(shape, promised_on=promised_on, event_count=len(history))


def _step(shape: Projection, item: Happening, *, definition: WorkflowDefinition) -> Projection:
    if item.kind == ASSIGNED:
        return replace(shape, assignee_ref=item.payload["assignee_ref"], assignee_name=item.payload["assignee_name"])
    if item.kind == TRANSFERRED:
        return replace(shape, section=item.payload["to_section"], assignee_ref="", assignee_name="")
    if item.kind == MESSAGE_RECEIVED:
        return replace(shape, reply_since=shape.reply_since or item.at)
    if item.kind in {MESSAGE_SENT, MESSAGE_SETTLED}:
        return replace(shape, reply_since=None)
    if not item.to_state:
        return shape
    state = definition.by_state[item.to_state]
    reopened = shape.state_kind == "done" and state.kind != "done"
    shape = replace(
        shape,
        state=state.id,
        stage=state.stage,
        state_kind=state.kind,
        clock=state.clock,
        closed_at=item.at if state.kind == "done" else None,
    )
    if item.outcome:
        return replace(shape, outcome=item.outcome, decided_at=item.at)
    return replace(shape, outcome="", decided_at=None) if reopened else shape


def may_take(transition: TransitionDefinition, *, kind: str, roles: Collection[str]) -> bool:
    """Tell whether an actor of this kind (staff, resident, guest, system) with these roles may make the step."""
    if kind in {"resident", "guest"}:
        return RESIDENT in transition.who
    if kind == "system":
        return SYSTEM_ROLE in transition.who
    return any(role in transition.who for role in roles)


def own_steps(definition: WorkflowDefinition, state_id: str, *, asked: bool) -> list[TransitionDefinition]:
    """Return the steps a resident may take by a button of their own: no correction, no withdrawal, no date to set.

    *asked* says that a correction is awaited: then answering it is the only way on.
    """
    if asked:
        return []
    given = {"reason", "note"}
    return [
        item
        for item in definition.leaving(state_id)
        if item.by_resident and item.outcome != "withdrawn" and given.issuperset(item.requires)
    ]


def missing_requirements(transition: TransitionDefinition, payload: Mapping[str, Any]) -> list[str]:
    """Return what the step requires and the payload lacks, in the order of the definition."""
    keys = {"reason": "reason", "note": "note", "fields": "fields", "due": "due_on"}
    return [name for name in transition.requires if not payload.get(keys[name])]


def changed_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of *after* that differ, each ``{field, before, after}``, in the order of *after*."""
    return [
        {"field": key, "before": before.get(key), "after": value}
        for key, value in after.items()
        if before.get(key) != value
    ]


def is_overdue(*, promised_on: date | None, clock: str, today: date) -> bool:
    """Tell whether the promised date has passed while the office's clock runs."""
    return promised_on is not None and clock == "running" and promised_on < today


def thread_ends_on(closed_at: datetime | None, *, open_days: int) -> date | None:
    """Return the last day on which a closed case still takes messages; None while the case is open.

    *open_days* are calendar days after the day of closing; 0 closes the thread with that day.
    """
    return day_of(closed_at) + timedelta(days=open_days) if closed_at is not None else None
