"""様式取込 in the studio: a paper form is read, the clerk decides question by question, and a working copy begins.

Owns the decisions. The reading itself is the forms engine's; the uploaded file is not kept.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from madoguchi.engines.forms.api import (
    TYPES,
    CompileError,
    FormDefinition,
    compile_form,
    proposal_of,
    propose_form,
    read_paper_form,
    to_definition,
)
from madoguchi.kernel import audit, ids
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.folder import plain
from madoguchi.rooms.studio.models import StudioDraft, StudioIntake
from madoguchi.rooms.studio.services import begin_draft
from madoguchi.rooms.studio.starting import skeleton

SURE = 0.7
"""From this confidence on a question is accepted unless the clerk says otherwise."""


def read_upload(file: UploadedFile, *, actor: Actor, at: dt.datetime) -> StudioIntake:
    """Read an uploaded paper form and keep the proposal. Raises PaperError, or InvalidInput when it asks nothing."""
    name = Path(str(file.name)).name[:200]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"paper{Path(name).suffix.lower()}"
        with path.open("wb") as stream:
            for chunk in file.chunks():
                stream.write(chunk)
        proposal = propose_form(read_paper_form(path)).as_dict()
    if not proposal["fields"]:
        raise InvalidInput(
            f"{name}：記入する欄が見つかりません。",
            code="studio.nothing_asked",
            mend="様式のシートやページだけのファイルにするか、新しい手続として作ってください。",
        )
    proposal["source"] = name
    intake = StudioIntake(id=ids.uuid7(), name=name, proposal=proposal, actor_ref=actor.ref, created_at=at)
    intake.decisions = {
        item["id"]: {"accept": item["confidence"] >= SURE, "label": item["label"], "type": item["type"],
                     "required": item["required"]}
        for item in proposal["fields"]
    }  # fmt: skip
    intake.save(force_insert=True)
    return intake


def procedure_title(title: str) -> str:
    """Return the name of the procedure a paper form is for: 「交付申請書」 asks for 「交付申請」."""
    return title.removesuffix("書") if title.endswith(("申請書", "届出書", "請求書")) else title


def decide(intake: StudioIntake, posted: Mapping[str, Any], *, sure: float | None = None) -> None:
    """Keep the clerk's decisions as posted; with *sure*, accept every question of at least this confidence instead."""
    for item in intake.proposal["fields"]:
        key = item["id"]
        kind = posted.get(f"type.{key}", "")
        intake.decisions[key] = {
            "accept": item["confidence"] >= sure if sure is not None else f"accept.{key}" in posted,
            "label": str(posted.get(f"label.{key}", "")).strip()[:200] or item["label"],
            "type": kind if kind in TYPES and kind not in {"computed", "group"} else item["type"],
            "required": f"required.{key}" in posted,
        }
    intake.save(update_fields=["decisions"])


@transaction.atomic
def begin_from(
    intake: StudioIntake, *, title: str, kana: str, department: str, actor: Actor, at: dt.datetime
) -> StudioDraft:
    """Begin a working copy of the accepted questions. Raises InvalidInput."""
    if intake.draft_id:
        raise Conflict(
            "この取込からは、もう写しを作りました。", code="studio.intake_done", mend="作業中の写しを開いてください。"
        )
    if department not in actor.sections:
        raise InvalidInput("担当課がありません。", code="studio.no_section", mend="自分の課を選んでください。")
    name = title.strip() or procedure_title(intake.proposal["title"])
    form = _definition(intake)
    draft = begin_draft(
        skeleton(title=name, kana=kana.strip(), department=department, form=form),
        what=f"様式取込（{intake.name}）から作り始めた",
        actor=actor,
        at=at,
    )
    intake.draft = draft
    intake.save(update_fields=["draft"])
    accepted = sum(bool(item["accept"]) for item in intake.decisions.values())
    audit.record(
        actor=actor, action="studio.taken_in", subject=f"procedure:{draft.procedure_id}",
        payload={"draft": str(draft.pk), "proposed": len(intake.decisions), "accepted": accepted}, at=at,
    )  # fmt: skip
    return draft


def _definition(intake: StudioIntake) -> dict[str, Any]:
    """Return the form of the accepted questions, in their order."""
    proposal = proposal_of(intake.proposal)
    accepted = set()
    for item in proposal.fields:
        decision = intake.decisions.get(item.id, {})
        if not decision.get("accept"):
            continue
        accepted |= {item.id, *(child.id for child in item.children)}
        item.label, item.required = decision["label"], decision["required"]
        if item.type != "group":
            item.type = decision["type"]
    if not accepted:
        raise InvalidInput(
            "受け入れた質問がありません。", code="studio.nothing_accepted", mend="一つ以上の質問を受け入れてください。"
        )
    form = to_definition(proposal, accepted=accepted, form_id="form")
    try:
        compile_form(FormDefinition.model_validate(form))
    except (ValueError, CompileError) as error:
        raise InvalidInput(f"この組合せでは様式になりません：{error}", code="studio.no_form") from None
    return dict(plain(FormDefinition.model_validate(form)))
