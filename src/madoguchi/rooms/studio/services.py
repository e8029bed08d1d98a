"""Writes of the studio: begin a working copy, save a change of it, and lead it to publication.

Owns every change of the studio's tables; each is one transaction with its audit record. Two people's changes of one copy are
joined by path (``merging``); what both changed differently is handed back and nothing is written.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from madoguchi.kernel import audit, ids
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.rooms.studio import access, rules, selectors
from madoguchi.rooms.studio.documents import Document, copied, normal
from madoguchi.rooms.studio.merging import Conflict as Difference
from madoguchi.rooms.studio.merging import merge
from madoguchi.rooms.studio.models import StudioDraft, StudioEvent, StudioRevision

MAX_BYTES = 2_000_000
Change = Callable[[Document], str]
"""Changes a copied document in place and returns what was done, in words."""


@dataclass(slots=True)
class Saved:
    """What became of a change: the revision it led to, or the ``conflicts`` for which nothing was written."""

    draft: StudioDraft
    revision: int
    document: Document
    joined: bool = False
    conflicts: list[Difference] = field(default_factory=list)


@transaction.atomic
def begin_draft(
    document: Document, *, what: str, actor: Actor, at: dt.datetime, base_digest: str = "", section: str = ""
) -> StudioDraft:
    """Begin a working copy. Raises Faulty, or Conflict when the procedure or its form is being worked on already.

    *section* keeps the copy in the clerk's section when the document names one that is not here.
    """
    written = normal(document)
    procedure = written["procedure"]
    draft = StudioDraft(
        id=ids.uuid7(),
        procedure_id=procedure["id"],
        form_id=written["form"]["id"],
        title=procedure["title"]["ja"][:200],
        department=section or procedure["department"],
        base_digest=base_digest,
        author_ref=actor.ref,
        created_at=at,
        edited_at=at,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            "この手続か様式は、すでに編集中です。",
            code="studio.open_already",
            mend="様式スタジオの一覧から、作業中の写しを開いてください。",
        ) from None
    StudioRevision.objects.create(draft=draft, number=1, document=written, what=what[:200], actor_ref=actor.ref, at=at)
    note_event(draft, "created", actor=actor, at=at)
    return draft


@transaction.atomic
def save_change(
    draft_id: uuid.UUID,
    change: Change,
    *,
    base: int,
    actor: Actor,
    at: dt.datetime,
    choices: Mapping[str, str] | None = None,
    seen: int = 0,
) -> Saved:
    """Save a change that was drawn from revision *base*, joined with what others wrote since.

    *choices* decide places both have changed, made while revision *seen* was shown. Raises Faulty, InvalidInput, NotFound, or
    Conflict (the copy is not open). Constant number of SQL statements.
    """
    draft = access.get_draft(actor, draft_id, lock=True)
    demand_open(selectors.state_of(draft))
    current = selectors.document_at(draft, draft.revision)
    assert current is not None
    before = current if base == draft.revision else selectors.document_at(draft, base) or current
    mine = copied(before)
    what = change(mine)
    mine = normal(mine)
    joined = before is not current
    if joined:
        merged = merge(before, current, mine, choices=choices if seen == draft.revision else None)
        if merged.conflicts:
            return Saved(draft, draft.revision, current, conflicts=merged.conflicts)
        mine = normal(merged.value)
    if mine == current:
        return Saved(draft, draft.revision, current)
    _refuse_too_large(mine)
    _write(draft, mine, what, actor, at)
    return Saved(draft, draft.revision, mine, joined=joined)


def demand_open(state: str) -> None:
    """Raise Conflict unless a copy in this state may be written."""
    if state not in rules.OPEN:
        raise Conflict(
            f"この写しは{rules.STATES[state]}なので、編集できません。",
            code="studio.closed",
            mend="編集を続けるときは、概要の画面で「編集に戻す」を選んでください。",
        )


def _refuse_too_large(document: Document) -> None:
    if len(str(document)) > MAX_BYTES:
        raise InvalidInput(
            "様式が大きすぎるため保存できません。",
            code="studio.too_large",
            mend="質問を減らすか、様式を二つに分けてください。",
        )


def _write(draft: StudioDraft, document: Document, what: str, actor: Actor, at: dt.datetime) -> None:
    """Add the next revision of a locked copy (two SQL statements)."""
    procedure = document["procedure"]
    draft.revision += 1
    draft.title, draft.edited_at = procedure["title"]["ja"][:200], at
    if procedure["department"] in actor.sections:
        draft.department = procedure["department"]
    StudioRevision.objects.create(
        draft=draft, number=draft.revision, document=document, what=what[:200], actor_ref=actor.ref, at=at
    )
    draft.save(update_fields=["revision", "title", "edited_at", "department"])


def note_event(
    draft: StudioDraft,
    kind: str,
    *,
    actor: Actor,
    at: dt.datetime,
    note: str = "",
    effective_on: dt.date | None = None,
) -> None:
    """Add an event of a locked copy with its audit record. Raises Conflict when it cannot happen now."""
    state = selectors.state_of(draft)
    if not rules.may_happen(kind, state):
        raise Conflict(
            f"今の状態（{rules.STATES.get(state, '')}）では、この操作はできません。",
            code="studio.not_now",
            mend="画面を開き直して、今の状態を確かめてください。",
        )
    StudioEvent.objects.create(
        draft=draft,
        procedure_id=draft.procedure_id,
        kind=kind,
        revision=draft.revision,
        note=note,
        effective_on=effective_on,
        actor_ref=actor.ref,
        at=at,
    )
    if rules.state_after(kind) in rules.ENDED:
        draft.ended_at = at
        draft.save(update_fields=["ended_at"])
    payload = {"revision": draft.revision, "draft": str(draft.pk)}
    if effective_on:
        payload["effective_on"] = effective_on.isoformat()
    audit.record(
        actor=actor, action=f"studio.{kind}", subject=f"procedure:{draft.procedure_id}", payload=payload, at=at
    )
