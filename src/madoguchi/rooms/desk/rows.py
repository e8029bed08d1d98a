"""One line of a list of cases as its template draws it.

Owns the words and marks of a row. Overdue is said in words and by a mark, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.engines.casework.api import (
    SECTION_SIDE,
    Case,
    definition_of,
    is_overdue,
    preload_definitions,
    unread_messages,
)
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS, departments

CHIPS = {"waiting_resident": "waiting", "done": "done", "open": "progress"}
_REFUSED = {"refused", "rejected"}


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list; ``age`` counts days since the 収受日, ``due`` is '' when no day is promised."""

    case: Case
    state: str
    chip: str
    age: int
    due: date | None
    late: bool
    soon: bool
    paused: bool
    waits: bool
    """A message of the resident waits for an answer; ``unread`` counts those nobody has read."""
    unread: int
    channel: str
    section: str


def rows_of(cases: list[Case], *, today: date, due_by: date) -> list[Row]:
    """Return the rows of a list (at most two SQL statements: workflows not seen before, unread messages)."""
    preload_definitions({case.workflow_version_id for case in cases})
    names: Mapping[str, str] = {key: item.name for key, item in departments().items()}
    unread = unread_messages([case for case in cases if case.reply_since is not None], side=SECTION_SIDE)
    return [_row(case, names, unread.get(case.pk, 0), today=today, due_by=due_by) for case in cases]


def _row(case: Case, names: Mapping[str, str], unread: int, *, today: date, due_by: date) -> Row:
    running = case.clock == "running"
    end = case.closed_at.date() if case.closed_at else today
    return Row(
        case=case,
        state=str(definition_of(case.workflow_version_id).by_state[case.state].title),
        chip=chip_of(case),
        age=max(0, (end - case.received_on).days),
        due=case.promised_on,
        late=is_overdue(promised_on=case.promised_on, clock=case.clock, today=today),
        soon=bool(running and case.promised_on and today <= case.promised_on <= due_by),
        paused=case.clock == "paused",
        waits=case.reply_since is not None,
        unread=unread,
        channel=CHANNEL_LABELS.get(case.channel, case.channel),
        section=names.get(case.section, case.section),
    )


def chip_of(case: Case) -> str:
    """Return the kind of status chip for a case."""
    return "refused" if case.outcome in _REFUSED else CHIPS[case.state_kind]
