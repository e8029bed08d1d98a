"""One line of a list of cases as its template draws it.

Owns the words and marks of a row. Overdue is said in words and by a mark, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.engines.casework.api import Case, definition_of, is_overdue, preload_definitions
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
    channel: str
    section: str


def rows_of(cases: list[Case], *, today: date, due_by: date) -> list[Row]:
    """Return the rows of a list (at most one SQL statement, for workflows not seen before)."""
    preload_definitions({case.workflow_version_id for case in cases})
    names: Mapping[str, str] = {key: item.name for key, item in departments().items()}
    return [_row(case, names, today=today, due_by=due_by) for case in cases]


def _row(case: Case, names: Mapping[str, str], *, today: date, due_by: date) -> Row:
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
        channel=CHANNEL_LABELS.get(case.channel, case.channel),
        section=names.get(case.section, case.section),
    )


def chip_of(case: Case) -> str:
    """Return the kind of status chip for a case."""
    return "refused" if case.outcome in _REFUSED else CHIPS[case.state_kind]
