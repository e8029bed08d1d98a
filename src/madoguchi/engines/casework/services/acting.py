"""What the record of a case says about who acted, and for whom. Owns these words' shape in an event's payload."""

from __future__ import annotations

from typing import Any

from madoguchi.kernel.access import Actor


def recorded_name(actor: Actor) -> str:
    """Return the name an event keeps: of staff, and of who acts for somebody else; a resident's own is on the case."""
    return actor.name if actor.kind == "staff" or actor.mandate else ""


def said_for(actor: Actor) -> dict[str, Any]:
    """Return what an event says about acting for somebody else, {} when the actor acts for themselves."""
    if actor.mandate is None:
        return {}
    mandate = actor.mandate
    return {
        "behalf": {"mandate": mandate.ref, "for": mandate.principal_ref, "capacity": dict(mandate.capacity)},
    }
