"""From a finished working copy to what residents see: submit, approve or return, publish from a day, retire.

Owns who may do what at each of these moments. Publishing runs down: a version of the form, its new fees, and the row of the
catalogue, in one transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from madoguchi.engines.forms.api import publish_fees, publish_version
from madoguchi.kernel import audit, clock, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import wareki
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed
from madoguchi.rooms.catalogue.api import Procedure, publish_procedure
from madoguchi.rooms.studio import access, rules, selectors
from madoguchi.rooms.studio.checking import faults_of
from madoguchi.rooms.studio.documents import Document, read
from madoguchi.rooms.studio.models import StudioDraft, StudioEvent
from madoguchi.rooms.studio.services import note_event
from madoguchi.rooms.studio.surroundings import surroundings

ORIGIN = "studio"
NOTE_MAX = 4000


@transaction.atomic
def submit_draft(draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime, note: str = "") -> StudioDraft:
    """Ask for approval. Raises InvalidInput while the checks find faults."""
    draft = access.get_draft(actor, draft_id, lock=True)
    document = selectors.copy_of(draft).document
    faults = faults_of(document, surroundings(document))
    if faults:
        raise InvalidInput(
            f"直すところが{len(faults)}件あるので、承認を求められません。",
            code="studio.faults",
            mend="「検査」に示した所を直してください。",
        )
    note_event(draft, "submitted", actor=actor, at=at, note=note[:NOTE_MAX])
    return draft


@transaction.atomic
def withdraw_draft(draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime) -> StudioDraft:
    """Take a submitted or approved copy back into editing."""
    draft = access.get_draft(actor, draft_id, lock=True)
    note_event(draft, "withdrawn", actor=actor, at=at)
    return draft


@transaction.atomic
def discard_draft(draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime) -> StudioDraft:
    """Give a working copy up; its revisions stay."""
    draft = access.get_draft(actor, draft_id, lock=True)
    note_event(draft, "discarded", actor=actor, at=at)
    return draft


@transaction.atomic
def decide_draft(draft_id: uuid.UUID, *, approve: bool, note: str, actor: Actor, at: dt.datetime) -> StudioDraft:
    """Approve a submitted copy, or return it with words. Nobody judges what they have written themselves."""
    actor.demand(access.APPROVE)
    draft = access.get_draft(actor, draft_id, lock=True)
    if not rules.may_approve(actor.ref, selectors.writers_of(draft)):
        raise NotAllowed(
            "自分が編集した写しは、承認も差戻しもできません。",
            code="studio.own_work",
            mend="所属長か情報管理課の、編集していない職員に依頼してください。",
        )
    if not approve and not note.strip():
        raise InvalidInput("差し戻す理由がありません。", code="studio.no_reason", mend="理由を書いてください。")
    kind = "approved" if approve else "returned"
    note_event(draft, kind, actor=actor, at=at, note=note.strip()[:NOTE_MAX])
    return draft


@transaction.atomic
def publish_draft(draft_id: uuid.UUID, *, effective_on: dt.date, actor: Actor, at: dt.datetime) -> StudioDraft:
    """Publish an approved copy from a day on (today or later).

    Raises Conflict when something else was published meanwhile, InvalidInput for a day that has passed.
    """
    draft = access.get_draft(actor, draft_id, lock=True)
    if effective_on < clock.local(at).date():
        raise InvalidInput("公開日が過ぎています。", code="studio.past", mend="今日か、今日より後の日にしてください。")
    _refuse_overtaken(draft)
    document = dict(selectors.copy_of(draft).document)
    document["form"] = {**document["form"], "valid_from": effective_on.isoformat()}
    contents = read(document)
    note_event(draft, "published", actor=actor, at=at, effective_on=effective_on)
    publish_fees(contents.fees, origin=ORIGIN, actor=actor, at=at)
    publish_version(contents.form, origin=ORIGIN, actor=actor, at=at)
    publish_procedure(contents.procedure, origin=ORIGIN, actor=actor, at=at, effective_on=effective_on)
    return draft


def _refuse_overtaken(draft: StudioDraft) -> None:
    now = published_digest(draft)
    if now != draft.base_digest:
        raise Conflict(
            "編集を始めた後に、この手続の別の内容が公開されました。",
            code="studio.overtaken",
            mend="「編集に戻す」を選び、「公開中の版との違い」で確かめて、今の公開内容を取り入れてください。",
        )


def published_document_of(draft: StudioDraft) -> Document | None:
    """Return what is published of a copy's procedure and form, None when nothing is."""
    procedure = municipality.newest_item("procedures", draft.procedure_id)
    return selectors.published_document(Procedure.model_validate(procedure[0])) if procedure else None


def published_digest(draft: StudioDraft) -> str:
    """Return the digest of what is published of a copy's procedure and form, '' when nothing is."""
    document = published_document_of(draft)
    return selectors.digest_of_document(document) if document else ""


@transaction.atomic
def take_over_base(draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime) -> StudioDraft:
    """Say that what is published now has been looked at: the copy may replace it."""
    draft = access.get_draft(actor, draft_id, lock=True)
    draft.base_digest = published_digest(draft)
    draft.save(update_fields=["base_digest"])
    audit.record(
        actor=actor, action="studio.base_taken", subject=f"procedure:{draft.procedure_id}",
        payload={"draft": str(draft.pk)}, at=at,
    )  # fmt: skip
    return draft


@transaction.atomic
def retire_procedure(procedure_id: str, *, since: dt.date, note: str, actor: Actor, at: dt.datetime) -> None:
    """Stop accepting applications of a published procedure from a day on. Drafts and cases stay as they are."""
    actor.demand(access.APPROVE)
    procedure = access.get_own_procedure(actor, procedure_id)
    if since < clock.local(at).date():
        raise InvalidInput(
            "受付を終える日が過ぎています。", code="studio.past", mend="今日か、今日より後の日にしてください。"
        )
    newest = municipality.newest_item("procedures", procedure.id)
    data: Document = dict(newest[0]) if newest else {}
    data["closed"] = {"since": since.isoformat()} | ({"note": {"ja": note.strip()[:NOTE_MAX]}} if note.strip() else {})
    publish_procedure(Procedure.model_validate(data), origin=ORIGIN, actor=actor, at=at, effective_on=since)
    StudioEvent.objects.create(
        procedure_id=procedure.id, kind="retired", note=note.strip()[:NOTE_MAX], effective_on=since,
        actor_ref=actor.ref, at=at,
    )  # fmt: skip
    audit.record(
        actor=actor, action="studio.retired", subject=f"procedure:{procedure.id}",
        payload={"since": since.isoformat()}, at=at,
    )  # fmt: skip


def day_words(day: dt.date) -> str:
    """Return a day as the messages print it."""
    return wareki(day)
