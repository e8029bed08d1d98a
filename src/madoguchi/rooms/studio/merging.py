"""Two people's changes of one document, joined: by path, and never silently.

Owns the three-way merge. *base* is what both began from. What only one of them changed is taken; what both changed in the same
way is taken once; what they changed differently is a conflict, and a person chooses. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.rooms.studio.documents import Path, identity


class _Gone:
    def __repr__(self) -> str:
        return "GONE"


GONE = _Gone()
"""Stands for what is not there."""

WHOLE = frozenset(
    {
        "shown_if", "required", "readonly_if", "needed_if", "when", "quantity", "min", "max", "compute", "rule", "default",
        "answers", "expect",
    }
)  # fmt: skip
"""Keys whose value is one thing: a rule is never mixed from two."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that two people changed differently."""

    path: Path
    base: Any
    theirs: Any
    mine: Any

    @property
    def key(self) -> str:
        """Return the name of the place in a form."""
        return "/".join(self.path)


@dataclass(slots=True)
class Merged:
    """The joined document; ``conflicts`` are left as *theirs* in it."""

    value: Any = None
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Any, theirs: Any, mine: Any, *, choices: Mapping[str, str] | None = None) -> Merged:
    """Join two versions of *base*. ``choices`` decide places by key: ``mine`` or ``theirs``."""
    merged = Merged()
    merged.value = _join((), base, theirs, mine, merged.conflicts, choices or {})
    return merged


def _join(path: Path, base: Any, theirs: Any, mine: Any, conflicts: list[Conflict], choices: Mapping[str, str]) -> Any:
    if _same(theirs, mine) or _same(base, mine):
        return theirs
    if _same(base, theirs):
        return mine
    if not (path and path[-1] in WHOLE):
        if isinstance(theirs, dict) and isinstance(mine, dict):
            before = base if isinstance(base, dict) else {}
            return _join_maps(path, before, theirs, mine, conflicts, choices)
        if _listed(theirs) and _listed(mine) and (theirs or mine):
            return _join_lists(path, base if _listed(base) else [], theirs, mine, conflicts, choices)
    conflict = Conflict(path, base, theirs, mine)
    chosen = choices.get(conflict.key)
    if chosen not in {"mine", "theirs"}:
        conflicts.append(conflict)
    return mine if chosen == "mine" else theirs


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and bool(one == other))


def _listed(value: Any) -> bool:
    """Tell whether a value is a list whose items can be told apart."""
    return isinstance(value, list) and all(identity(item) is not None for item in value)


def _join_maps(
    path: Path,
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    conflicts: list[Conflict],
    choices: Mapping[str, str],
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key in dict.fromkeys((*theirs, *mine)):
        sides = (base.get(key, GONE), theirs.get(key, GONE), mine.get(key, GONE))
        value = _join((*path, key), *sides, conflicts, choices)
        if value is not GONE:
            result[key] = value
    return result


def _join_lists(
    path: Path,
    base: list[Any],
    theirs: list[Any],
    mine: list[Any],
    conflicts: list[Conflict],
    choices: Mapping[str, str],
) -> list[Any]:
    before, others, own = ({str(identity(item)): item for item in side} for side in (base, theirs, mine))
    kept: dict[str, Any] = {}
    for key in dict.fromkeys((*others, *own)):
        sides = (before.get(key, GONE), others.get(key, GONE), own.get(key, GONE))
        value = _join((*path, key), *sides, conflicts, choices)
        if value is not GONE:
            kept[key] = value
    return [kept[key] for key in _order(list(before), list(others), list(own), kept)]


def _order(before: list[str], theirs: list[str], mine: list[str], kept: Mapping[str, Any]) -> list[str]:
    """Return the order of the kept items: that of whoever moved them (mine when both did), new ones after their neighbour."""
    common = [key for key in before if key in theirs and key in mine]
    moved = [key for key in mine if key in common] != common
    lead, other = (mine, theirs) if moved else (theirs, mine)
    order = [key for key in lead if key in kept]
    for position, key in enumerate(other):
        if key in kept and key not in order:
            after = next((one for one in reversed(other[:position]) if one in order), None)
            order.insert(order.index(after) + 1 if after else 0, key)
    return order
