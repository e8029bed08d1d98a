"""Reads of the studio: a working copy with its newest revision, its state, the lists, the history.

Owns no permission (``access``) and no rule (``rules``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madoguchi.engines.forms.api import FormVersion
from madoguchi.engines.identity.api import names_of
from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.folder import digest_of
from madoguchi.kernel.text import fold
from madoguchi.rooms.catalogue.api import Procedure, departments, form_of, get_procedure, list_procedures
from madoguchi.rooms.studio import rules
from madoguchi.rooms.studio.access import drafts_for
from madoguchi.rooms.studio.documents import Document
from madoguchi.rooms.studio.models import StudioDraft, StudioEvent, StudioRevision


@dataclass(slots=True)
class Copy:
    """A working copy as a page needs it: its newest revision and where it stands."""

    draft: StudioDraft
    revision: StudioRevision
    state: str

    @property
    def document(self) -> Document:
        found: Document = self.revision.document
        return found

    @property
    def open(self) -> bool:
        """Tell whether it may be written."""
        return self.state in rules.OPEN

    @property
    def state_label(self) -> str:
        return rules.STATES[self.state]

    @property
    def state_kind(self) -> str:
        return rules.KINDS.get(self.state, "neutral")


def copy_of(draft: StudioDraft) -> Copy:
    """Return a working copy with its newest revision (two SQL statements)."""
    revision = StudioRevision.objects.get(draft_id=draft.pk, number=draft.revision)
    return Copy(draft, revision, state_of(draft))


def state_of(draft: StudioDraft) -> str:
    """Return where a working copy stands (one SQL statement)."""
    return rules.state_of(StudioEvent.objects.filter(draft_id=draft.pk).order_by("id").values_list("kind", flat=True))


def document_at(draft: StudioDraft, number: int) -> Document | None:
    """Return a revision's document, None when there is no such revision."""
    return StudioRevision.objects.filter(draft_id=draft.pk, number=number).values_list("document", flat=True).first()


def writers_of(draft: StudioDraft) -> set[str]:
    """Return the references of everybody who wrote a revision."""
    return set(StudioRevision.objects.filter(draft_id=draft.pk).values_list("actor_ref", flat=True))


def published_form(form_id: str) -> dict[str, Any] | None:
    """Return the newest published definition of a form, None when there is none."""
    return FormVersion.objects.filter(form_id=form_id).order_by("-version").values_list("definition", flat=True).first()


def published_document(procedure: Procedure) -> Document:
    """Return what is published of a procedure as a document.

    A procedure without a form of its own starts from the general form, as a form of its own.
    """
    newest = municipality.newest_item("procedures", procedure.id)
    data = dict(newest[0]) if newest else {}
    data.pop("closed", None)
    form = dict(published_form(form_of(procedure)) or {})
    if procedure.form is None:
        form["id"] = data["form"] = procedure.id[:60]
    return {"procedure": data, "form": form}


def published_document_by_id(procedure_id: str) -> Document:
    """Return what is published of a procedure by id. Raises NotFound."""
    return published_document(get_procedure(procedure_id))


def digest_of_document(document: Document) -> str:
    """Return the digest of what is published with a document."""
    return digest_of([document["procedure"], document["form"]])


def sharers_of(form_id: str, procedure_id: str) -> list[str]:
    """Return the official names of the other procedures that use a form."""
    everything = [*list_procedures(), *list_procedures(staff=True)]
    return [item.official_name for item in everything if item.form == form_id and item.id != procedure_id]


@dataclass(frozen=True, slots=True)
class Listed:
    """A working copy in the list."""

    draft: StudioDraft
    state: str
    label: str
    kind: str
    section: str
    author: str


def list_drafts(actor: Actor) -> list[Listed]:
    """Return the open working copies the actor may see, newest first (three SQL statements)."""
    drafts = list(drafts_for(actor).filter(ended_at__isnull=True).order_by("-edited_at")[:100])
    kinds: dict[Any, list[str]] = {}
    events = StudioEvent.objects.filter(draft__in=drafts).order_by("id").values_list("draft_id", "kind")
    for draft_id, kind in events:
        kinds.setdefault(draft_id, []).append(kind)
    names, sections = names_of({draft.author_ref for draft in drafts}), departments()
    result = []
    for draft in drafts:
        state = rules.state_of(kinds.get(draft.pk, []))
        section = sections[draft.department].name if draft.department in sections else draft.department
        author = names.get(draft.author_ref, "")
        result.append(Listed(draft, state, rules.STATES[state], rules.KINDS.get(state, "neutral"), section, author))
    return result


def find_procedures(actor: Actor, query: str) -> list[Procedure]:
    """Return the published procedures of the actor's sections that hold every word of *query*, by kana."""
    everything = [*list_procedures(), *list_procedures(staff=True)]
    words = fold(query)[:200].split()
    names = departments()
    return [
        item
        for item in everything
        if item.department in actor.sections
        and item.in_scope
        and all(
            word in fold(f"{item.official_name} {item.title} {item.kana} {item.id} {names[item.department].name}")
            for word in words
        )
    ]


def history_of(draft: StudioDraft) -> list[dict[str, Any]]:
    """Return revisions and events, newest first, with names (three SQL statements)."""
    revisions = draft.revisions.order_by("-number").values_list("number", "what", "actor_ref", "at")[:200]
    rows: list[dict[str, Any]] = [
        {"at": when, "title": what, "ref": ref, "number": number, "note": ""} for number, what, ref, when in revisions
    ]
    for event in draft.events.exclude(kind="created"):
        title = rules.EVENTS[event.kind][2]
        rows.append({
            "at": event.at, "title": title, "ref": event.actor_ref, "number": None, "note": event.note,
            "effective_on": event.effective_on, "event": True,
        })  # fmt: skip
    names = names_of({row["ref"] for row in rows})
    for row in rows:
        row["name"] = names.get(row["ref"], "")
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def last_note(draft: StudioDraft, kind: str) -> StudioEvent | None:
    """Return the newest event of a kind."""
    return draft.events.filter(kind=kind).order_by("-id").first()
