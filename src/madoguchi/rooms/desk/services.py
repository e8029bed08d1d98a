"""Writes of the desk that join engines or many cases. Everything about one case is in ``casework.api``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from madoguchi.engines.casework.api import BulkResult, Case, assign
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import DomainError


def assign_many(cases: Iterable[Case], *, actor: Actor, at: datetime, calendar: OfficeCalendar) -> BulkResult:
    """Assign cases to the actor, each in its own transaction; refusals are listed and do not stop the others."""
    result = BulkResult()
    for case in cases:
        try:
            assign(case, assignee_ref=actor.ref, assignee_name=actor.name, actor=actor, at=at, calendar=calendar)
        except DomainError as error:
            result.refused.append((case.number, error.message_ja))
        else:
            result.done.append(case.number)
    return result
