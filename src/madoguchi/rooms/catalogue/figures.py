"""What the catalogue's indicators count, from procedures and yearly counts handed in.

Owns the judgement of how far a procedure was online or cashless in a fiscal year. Pure: no Django, no clock.
A procedure counts as 未対応 before its ``since``; one whose year is not written counts with its status in every year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from madoguchi.rooms.catalogue.schema import Cashless, Online, Procedure

ONLINE_STAGES = ("full", "partial", "generic", "none")
CASHLESS_STAGES = ("full", "partial", "none")
YEARS = 4
"""Fiscal years shown side by side."""
OUTLIER_PERCENT = 25
"""A procedure that alone makes this share of all applications is named, and the share is given without it too."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One side of a procedure that grows over the years: online or cashless."""

    name: str
    stages: tuple[str, ...]
    of: Callable[[Procedure], Online | Cashless]
    concerns: Callable[[Procedure], bool]

    def stage_in(self, procedure: Procedure, year: int) -> str:
        """Return how far the procedure had come in a fiscal year."""
        side = self.of(procedure)
        return "none" if side.since is not None and side.since > year else side.status

    def reached_in(self, procedure: Procedure, year: int) -> bool:
        """Tell whether the procedure newly became available in a fiscal year."""
        side = self.of(procedure)
        return side.status != "none" and side.since == year

    def planned_for(self, procedure: Procedure, year: int) -> bool:
        """Tell whether the procedure, not yet available, is planned for a fiscal year."""
        return self.stage_in(procedure, year) == "none" and self.of(procedure).plan == year

    def is_sample(self, procedures: Iterable[Procedure]) -> bool:
        """Tell whether any of these statuses is invented."""
        return any(self.name in item.sample for item in procedures)


ONLINE = Aspect("online", ONLINE_STAGES, lambda item: item.online, lambda item: item.in_scope)
CASHLESS = Aspect(
    "cashless",
    CASHLESS_STAGES,
    lambda item: item.cashless,
    lambda item: item.in_scope and item.cashless.status != "free",
)


def years_to(year: int) -> range:
    """Return the fiscal years shown up to and with *year*."""
    return range(year - YEARS + 1, year + 1)


def by_stage(aspect: Aspect, procedures: Iterable[Procedure], year: int) -> dict[str, list[Procedure]]:
    """Return the procedures of each stage in a fiscal year, every stage named."""
    groups: dict[str, list[Procedure]] = {stage: [] for stage in aspect.stages}
    for item in procedures:
        groups[aspect.stage_in(item, year)].append(item)
    return groups


@dataclass(frozen=True, slots=True)
class Count:
    """Applications of a procedure in a fiscal year: all channels, and online."""

    procedure: str
    fiscal_year: int
    total: int
    online: int
    sample: bool


@dataclass(frozen=True, slots=True)
class Use:
    """How many applications there were, and how many of them online."""

    total: int
    online: int
    sample: bool


def use_of(rows: Iterable[Count]) -> Use:
    """Add up yearly counts."""
    kept = list(rows)
    return Use(sum(row.total for row in kept), sum(row.online for row in kept), any(row.sample for row in kept))


def outlier(rows: Sequence[Count]) -> str:
    """Return the procedure that outweighs the figures of these rows, '' when none does."""
    if len(rows) < 2:
        return ""
    most = max(rows, key=lambda row: row.total)
    whole = sum(row.total for row in rows)
    return most.procedure if most.total * 100 >= whole * OUTLIER_PERCENT and whole else ""
