"""Where a working copy stands, and what may be done with it: derived from its events, never stored.

Owns the table of events and states. Pure: no Django, no storage.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

STATES = {
    "editing": "編集中",
    "submitted": "承認待ち",
    "returned": "差戻し",
    "approved": "承認済み",
    "published": "公開済み",
    "discarded": "取りやめ",
}
KINDS = {
    "editing": "progress",
    "submitted": "waiting",
    "returned": "returned",
    "approved": "progress",
    "published": "done",
}
"""The look of each state's chip."""
EVENTS: dict[str, tuple[frozenset[str], str, str]] = {
    "created": (frozenset({""}), "editing", "作り始めた"),
    "submitted": (frozenset({"editing", "returned"}), "submitted", "承認を求めた"),
    "withdrawn": (frozenset({"submitted", "approved"}), "editing", "編集に戻した"),
    "returned": (frozenset({"submitted"}), "returned", "差し戻した"),
    "approved": (frozenset({"submitted"}), "approved", "承認した"),
    "published": (frozenset({"approved"}), "published", "公開した"),
    "discarded": (frozenset({"editing", "returned"}), "discarded", "取りやめた"),
}
"""Every event: the states in which it may happen, the state that follows, and its name."""
OPEN = frozenset({"editing", "returned"})
"""The states in which a copy may be written."""
ENDED = frozenset({"published", "discarded"})


def state_of(kinds: Iterable[str]) -> str:
    """Return the state after these events, in their order; an event that could not happen changes nothing."""
    state = ""
    for kind in kinds:
        before, after, _ = EVENTS[kind]
        if state in before:
            state = after
    return state


def state_after(kind: str) -> str:
    """Return the state that an event leads to."""
    return EVENTS[kind][1]


def may_happen(kind: str, state: str) -> bool:
    """Tell whether an event may happen in a state."""
    return state in EVENTS[kind][0]


def may_approve(actor_ref: str, writers: Set[str]) -> bool:
    """Tell whether somebody may judge a copy: nobody judges what they have written themselves."""
    return actor_ref not in writers
