"""The only loaders the studio's views use: a working copy is given only to staff of its section.

Staff of the whole office (情報管理課) hold every section. What may not be seen answers like what does not exist.
"""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.catalogue.api import Procedure, get_procedure
from madoguchi.rooms.studio.models import StudioDraft, StudioIntake

EDIT, APPROVE = "studio.edit", "studio.approve"


def drafts_for(actor: Actor) -> QuerySet[StudioDraft]:
    """Return the working copies the actor may see."""
    return StudioDraft.objects.filter(department__in=actor.sections)


def get_draft(actor: Actor, draft_id: uuid.UUID, *, lock: bool = False) -> StudioDraft:
    """Return a working copy of the actor's sections (one SQL statement). Raises NotFound."""
    rows = drafts_for(actor)
    found = (rows.select_for_update() if lock else rows).filter(pk=draft_id).first()
    if found is None:
        raise NotFound(
            "この作業中の写しは見つかりません。",
            code="studio.no_draft",
            mend="様式スタジオの一覧から選んでください。ほかの課の手続は、その課の職員が編集します。",
        )
    return found


def get_own_procedure(actor: Actor, procedure_id: str) -> Procedure:
    """Return a published procedure of the actor's sections. Raises NotFound."""
    procedure = get_procedure(procedure_id)
    if procedure.department not in actor.sections:
        raise NotFound(
            "この手続は、あなたの課の手続ではありません。",
            code="studio.not_yours",
            mend="担当の課に編集を依頼してください。",
        )
    return procedure


def get_intake(actor: Actor, intake_id: uuid.UUID) -> StudioIntake:
    """Return a paper form that the actor is importing. Raises NotFound."""
    found = StudioIntake.objects.filter(pk=intake_id, actor_ref=actor.ref).first()
    if found is None:
        raise NotFound(
            "この取込は見つかりません。", code="studio.no_intake", mend="もう一度ファイルを取り込んでください。"
        )
    return found
