"""Originals that come by post: expected from the day of hand-in, marked by a clerk when they come, are missed or go back.

Owns the table ``ExpectedOriginal``. Every mark is an event of the case, so that the file says who and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..models import Case, ExpectedOriginal
from ..rules import ORIGINAL_KINDS, day_of
from .projecting import append_event, demand_section, lock_case

_FROM: dict[str, frozenset[str]] = {
    "arrived": frozenset({"waiting", "missing"}),
    "missing": frozenset({"waiting"}),
    "waived": frozenset({"waiting", "missing"}),
    "returned": frozenset({"arrived"}),
}
"""From which states a mark may be made."""


def expect_originals(case: Case, *, at: datetime) -> None:
    """Write down the originals that the submission asks by post (one statement when there are any)."""
    papers: list[dict[str, Any]] = case.submission.papers if case.submission else []
    rows = [expected_original(case, paper, at=at) for paper in papers if paper["how"] == "post"]
    if rows:
        ExpectedOriginal.objects.bulk_create(rows)


def expected_original(case: Case, paper: Mapping[str, Any], *, at: datetime) -> ExpectedOriginal:
    """Return the row, not yet written, for a paper that a submission of *at* sends by post."""
    return ExpectedOriginal(
        case=case,
        paper_id=paper["id"],
        title=paper["title"],
        due_on=day_of(at) + timedelta(days=paper.get("due_days", 14)),
        goes_back=paper.get("returned", False),
    )


@transaction.atomic
def mark_original(
    case: Case, original_id: int, mark: str, *, actor: Actor, at: datetime, calendar: OfficeCalendar
) -> ExpectedOriginal:
    """Mark an original as arrived, missing, waived (not needed after all) or returned.

    Raises InvalidInput (no such original or mark), NotAllowed (another section), Conflict (not from its state).
    """
    locked = lock_case(case)
    demand_section(locked, actor)
    original = ExpectedOriginal.objects.select_for_update().filter(pk=original_id, case=locked).first()
    if original is None or mark not in _FROM:
        raise InvalidInput("この書類は見つかりません。", code="casework.no_original", mend="画面を開き直してください。")
    if original.state not in _FROM[mark]:
        raise Conflict("この書類は、今の状態ではそのように記録できません。", code="casework.original_state")
    setattr(original, f"{mark}_at", at)
    original.save(update_fields=[f"{mark}_at"])
    append_event(
        locked,
        kind=ORIGINAL_KINDS[mark],
        actor=actor,
        at=at,
        calendar=calendar,
        payload={"paper": original.paper_id, "title": original.title},
        action=f"casework.original_{mark}",
        audit_payload={"paper": original.paper_id},
    )
    return original


def originals_due(first: date, last: date) -> list[ExpectedOriginal]:
    """Return awaited originals of open cases due in a span of days of which nobody was reminded (one statement)."""
    rows = ExpectedOriginal.objects.filter(
        arrived_at=None, waived_at=None, reminded_at=None, due_on__gte=first, due_on__lte=last, case__closed_at=None,
        case__is_sample=False,
    )  # fmt: skip
    return list(rows.select_related("case", "case__submission"))


def mark_original_reminded(original: ExpectedOriginal, *, at: datetime) -> bool:
    """Note that the resident was reminded, once; tell whether this was the first time."""
    return bool(ExpectedOriginal.objects.filter(pk=original.pk, reminded_at=None).update(reminded_at=at))
