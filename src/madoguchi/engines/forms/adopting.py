"""A guest's draft becomes an account's. Owns that a draft which has an owner keeps it."""

from __future__ import annotations

from madoguchi.engines.forms.models import Draft
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.kernel.access import Actor


def adopt_draft(loaded: LoadedDraft, *, actor: Actor) -> bool:
    """Make a guest's draft the account's of *actor*; tell whether it did. A draft that has an owner keeps it.

    One SQL statement. Whether the actor may open the draft at all is the caller's question.
    """
    if loaded.draft.owner_ref or actor.kind != "resident":
        return False
    taken = Draft.objects.filter(pk=loaded.draft.pk, owner_ref="").update(owner_ref=actor.ref)
    if taken:
        loaded.draft.owner_ref = actor.ref
    return bool(taken)
