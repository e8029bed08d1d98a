"""The queue's filters as they stand in the address.

Owns the translation between a query string and a ``QueueFilter``. Names and mail addresses never stand in an
address: searching for people is a form that posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from madoguchi.engines.casework.api import ORDERS, SHOWS, UNASSIGNED, QueueFilter
from madoguchi.kernel.access import Actor

from .access import visible_sections

MINE = "me"
ASSIGNEES: dict[str, str] = {"": "だれでも", MINE: "自分", UNASSIGNED: "未割当"}
_KEYS = ("show", "order", "section", "state", "assignee", "channel", "procedure")


@dataclass(frozen=True, slots=True)
class QueueAddress:
    """The filter with the values it was read from, so that links and form controls can show them again."""

    what: QueueFilter
    values: dict[str, str]

    def query(self, **changes: str) -> str:
        """Return the query string of the same list with *changes*; '' when nothing differs from the plain queue."""
        kept = {key: value for key, value in {**self.values, **changes}.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the heading and the order is chosen."""
        return any(self.values.get(key) for key in _KEYS[2:])


def read_address(query: Mapping[str, Any], actor: Actor) -> QueueAddress:
    """Read the filter from a query string; values that are not known count as not given."""
    values = {key: str(query.get(key, ""))[:80] for key in _KEYS}
    if values["show"] not in SHOWS:
        values["show"] = ""
    if values["order"] not in ORDERS:
        values["order"] = ""
    if values["assignee"] not in ASSIGNEES:
        values["assignee"] = ""
    sections = visible_sections(actor)
    if values["section"] and (sections is None or values["section"] in sections):
        sections = frozenset({values["section"]})
    else:
        values["section"] = ""
    what = QueueFilter(
        sections=sections,
        show=cast(Any, values["show"] or "open"),
        order=cast(Any, values["order"] or "oldest"),
        state=values["state"],
        assignee=actor.ref if values["assignee"] == MINE else values["assignee"],
        channel=values["channel"],
        procedure=values["procedure"],
    )
    return QueueAddress(what, {key: value for key, value in values.items() if value})
