"""Pure decisions about acting for somebody else: where a delegation stands, until when, and what it covers.

Owns everything that can be replayed from the terms, the kind's rules and the events. No Django, no clock. Whatever is not
plainly allowed is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .delegation_schema import DelegationKind

State = Literal[
    "offered", "requested", "in_force", "not_yet", "declined", "refused", "revoked", "resigned", "ended", "lapsed"
]
OFFERED, REQUESTED, ACCEPTED, APPROVED = "offered", "requested", "accepted", "approved"
DECLINED, REFUSED, REVOKED, RESIGNED = "declined", "refused", "revoked", "resigned"
CLOSING: dict[str, State] = {
    DECLINED: "declined",
    REFUSED: "refused",
    REVOKED: "revoked",
    RESIGNED: "resigned",
}
INVITATION_DAYS = 14
"""An invitation that nobody accepts lapses after this many days."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: which procedures (``scope`` all, a list of ids, or fields of the catalogue) and from when to when."""

    kind: str
    scope: str
    values: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date | None = None
    born_on: dt.date | None = None
    offered_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an act is allowed, and the code of why not."""

    allowed: bool
    code: str = ""


def comes_of_age_on(born_on: dt.date, age: int) -> dt.date:
    """Return the first day on which a person has the age: the birthday, 1 March for 29 February in other years.

    年齢計算ニ関スル法律: an age is reached when the day before the birthday ends.
    """
    year = born_on.year + age
    try:
        return born_on.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)


def last_day(terms: Terms, kind: DelegationKind | None) -> dt.date | None:
    """Return the last day on which the representation holds, None when it has no end."""
    ends = [terms.valid_to] if terms.valid_to else []
    if kind is not None and kind.ends_at_age is not None and terms.born_on is not None:
        ends.append(comes_of_age_on(terms.born_on, kind.ends_at_age) - dt.timedelta(days=1))
    if kind is not None and kind.valid_to is not None:
        ends.append(kind.valid_to)
    return min(ends) if ends else None


def state_of(terms: Terms, kinds: Sequence[str], *, kind: DelegationKind | None, day: dt.date) -> State:
    """Return where a delegation stands on *day*; *kinds* are its events' kinds, oldest first."""
    for event in kinds:
        if event in CLOSING:
            return CLOSING[event]
    if not {ACCEPTED, APPROVED} & set(kinds):
        if REQUESTED in kinds:
            return "requested"
        late = terms.offered_on is None or day > terms.offered_on + dt.timedelta(days=INVITATION_DAYS)
        return "lapsed" if late else "offered"
    end = last_day(terms, kind)
    if end is not None and day > end:
        return "ended"
    return "not_yet" if day < terms.valid_from else "in_force"


def covers(terms: Terms, *, procedure_id: str, field: str) -> bool:
    """Tell whether the terms name a procedure (its id, or its field of the catalogue)."""
    if terms.scope == "all":
        return True
    return (procedure_id if terms.scope == "list" else field) in terms.values


def may_act(
    terms: Terms,
    kinds: Sequence[str],
    *,
    kind: DelegationKind | None,
    procedure_id: str,
    field: str,
    forbidden: Sequence[str],
    day: dt.date,
) -> Verdict:
    """Decide whether the delegate may act in this procedure on *day*; *forbidden* are the kinds the procedure refuses."""
    if kind is None:
        return Verdict(False, "unknown_kind")
    state = state_of(terms, kinds, kind=kind, day=day)
    if state != "in_force":
        return Verdict(False, state)
    if terms.kind in forbidden or "*" in forbidden:
        return Verdict(False, "forbidden")
    if not covers(terms, procedure_id=procedure_id, field=field):
        return Verdict(False, "out_of_scope")
    return Verdict(True)


def faults_of(terms: Terms, kind: DelegationKind, *, today: dt.date) -> list[str]:
    """Return the codes of what is wrong with new terms, [] when they are in order."""
    faults = []
    if terms.scope not in kind.scopes:
        faults.append("scope")
    elif terms.scope != "all" and not terms.values:
        faults.append("scope_values")
    if kind.way == "given" and terms.valid_from < today:
        faults.append("starts_in_past")
    end = last_day(terms, kind)
    if end is not None and end < max(terms.valid_from, today):
        faults.append("ends_before_start")
    if kind.max_months is not None and (
        terms.valid_to is None or terms.valid_to > add_months(terms.valid_from, kind.max_months)
    ):
        faults.append("too_long")
    if kind.ends_at_age is not None and terms.born_on is None:
        faults.append("born_on")
    if terms.born_on is not None and terms.born_on > today:
        faults.append("born_on")
    return faults


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the last day of a period of *months* that begins on *day* (民法第143条: the day before the same date)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    try:
        same = dt.date(year, month + 1, day.day)
    except ValueError:
        return first_after - dt.timedelta(days=1)
    return same - dt.timedelta(days=1)


def number_fits(kind: DelegationKind, number: str) -> bool:
    """Tell whether a stated number looks like one of the kind's (true when the kind asks for none)."""
    return kind.number is None or re.fullmatch(kind.number.pattern, number) is not None
