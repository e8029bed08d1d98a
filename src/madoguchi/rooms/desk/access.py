"""The only loaders the desk's views use: a case is given only to staff of its section.

Other sections' cases need an elevation (permission ``desk.all_sections``), and each look at one is audited. What
may not be seen answers like what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from madoguchi.engines.casework.api import Case
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.kernel.ids import parse_receipt_number

ALL_SECTIONS = "desk.all_sections"


def visible_sections(actor: Actor) -> frozenset[str] | None:
    """Return the sections whose cases the actor may see; None means every section (elevation)."""
    return None if actor.may(ALL_SECTIONS) else actor.sections


def get_case(actor: Actor, number: str, *, at: datetime) -> Case:
    """Return a case with its submission (one SQL statement). Raises NotFound for unknown and for other sections'
    cases.
    """
    try:
        wanted = parse_receipt_number(number)
    except InvalidInput:
        raise _not_found() from None
    case = Case.objects.select_related("submission").filter(number=wanted).first()
    if case is None:
        raise _not_found()
    sections = visible_sections(actor)
    if sections is not None and case.section not in sections:
        raise _not_found()
    if sections is None:
        record(
            actor=actor, action="desk.elevated_view", subject=f"case:{wanted}", payload={"section": case.section}, at=at
        )
    return case


def get_cases(actor: Actor, numbers: Iterable[str]) -> list[Case]:
    """Return those of the cases that the actor may see, by number (one SQL statement)."""
    rows = Case.objects.select_related("submission").filter(number__in=list(numbers))
    sections = visible_sections(actor)
    if sections is not None:
        rows = rows.filter(section__in=sections)
    return list(rows.order_by("number"))


def _not_found() -> NotFound:
    return NotFound(
        "この受付番号の案件は見つかりません。",
        code="desk.no_case",
        mend="番号を確かめてください。他の課の案件は、その課に問い合わせてください。",
    )
