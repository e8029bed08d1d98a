"""How the draft of an interview is told from that of a procedure, and which procedures either may come to."""

from __future__ import annotations

from madoguchi.engines.forms.api import Draft
from madoguchi.rooms.catalogue.api import Interview, Procedure, get_interview, get_procedure

PREFIX = "interview:"
"""The ``procedure_id`` of an interview's draft is this and the interview's id."""


def is_interview(draft: Draft) -> bool:
    """Tell whether a draft belongs to an interview or a guide."""
    return draft.procedure_id.startswith(PREFIX)


def interview_of(draft: Draft) -> Interview:
    """Return the interview of a draft. Raises NotFound when the ward no longer offers it."""
    return get_interview(draft.procedure_id.removeprefix(PREFIX))


def procedures_in(procedure_id: str) -> list[Procedure]:
    """Return the procedures that a draft with this ``procedure_id`` may become: one, or all that its interview hands in.

    Raises NotFound when the ward no longer offers the procedure or the interview.
    """
    if not procedure_id.startswith(PREFIX):
        return [get_procedure(procedure_id)]
    rows = get_interview(procedure_id.removeprefix(PREFIX)).rows
    return [get_procedure(row.procedure) for row in rows if row.handed_in and row.procedure]
