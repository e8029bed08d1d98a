"""How two versions of a procedure differ, in the words in which forms are compared. No storage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.api import Change
from madoguchi.rooms.studio.merging import GONE
from madoguchi.rooms.studio.places import shown, words_of

PLACE = "手続の案内"


def compare_procedures(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return the changes of a procedure, in the order of its keys."""
    changes: list[Change] = []
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key, GONE), new.get(key, GONE)
        if before == after:
            continue
        kind: Any = "added" if before is GONE else "removed" if after is GONE else "changed"
        path = ("procedure", key)
        texts = ("" if before is GONE else shown(before, path, None), "" if after is GONE else shown(after, path, None))
        changes.append(Change(kind, PLACE, words_of((key,)), *texts))
    return changes
