"""The section ``delegation_kinds`` of the ward folder, and what of it is in force on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Fault, Folder, Section, register_section

from .delegation_schema import DelegationKind, DelegationKindsFile


def register() -> None:
    """Register the section."""
    register_section(
        Section("delegation_kinds", "delegation_kinds.yaml", DelegationKindsFile, order=27, check=_check, items=_items)
    )


def _items(value: DelegationKindsFile, _: str) -> Iterator[tuple[str, DelegationKind]]:
    for row in value.delegation_kinds:
        yield f"{row.id}.{row.valid_from}", row


def _check(folder: Folder) -> Iterator[Fault]:
    """Yield a fault for two rows of one kind that hold on the same day."""
    for entry in folder.of("delegation_kinds"):
        rows = list(entry.value.delegation_kinds)
        for index, row in enumerate(rows):
            for other in rows[:index]:
                if other.id == row.id and _overlap(other, row):
                    where = ("delegation_kinds", index, "valid_from")
                    yield entry.fault(where, f"「{row.id}」の期間が重なっています", "valid_to を直してください")


def _overlap(one: DelegationKind, other: DelegationKind) -> bool:
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


@municipality.per_generation
def _all() -> list[DelegationKind]:
    return [DelegationKind.model_validate(row) for row in municipality.current().section("delegation_kinds")]


def kinds_on(day: date) -> dict[str, DelegationKind]:
    """Return the kinds in force on a day by id, in the order of the folder."""
    return {row.id: row for row in _all() if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)}


def kind_of(kind_id: str, day: date) -> DelegationKind | None:
    """Return a kind as it holds on a day; one that has ended, as it last was, so that its words can still be read."""
    found = kinds_on(day).get(kind_id)
    return found or next((row for row in reversed(_all()) if row.id == kind_id), None)
