"""Writes of the forms engine: start a draft, save a step, edit rows, hand in.

Owns every change of a draft and the making of a submission. Nothing here decides who may do it.

A save merges only the posted questions into the stored answers in one statement, so two tabs or a double click lose
nothing. Handing in is idempotent: one draft gives one submission, however often it is sent.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, Subquery, Value

from madoguchi.engines.forms.compiler import CompiledField, CompiledForm, CompiledStep
from madoguchi.engines.forms.evaluation import Evaluation
from madoguchi.engines.forms.logic import is_true
from madoguchi.engines.forms.models import Draft, DraftHand, Prefill, Submission
from madoguchi.engines.forms.schema import Paper
from madoguchi.engines.forms.selectors import (
    DRAFT_GONE,
    LoadedDraft,
    code_hash,
    compiled_version,
    draft_code,
    version_in_force,
)
from madoguchi.engines.forms.types import Post
from madoguchi.engines.forms.types.base import is_raw
from madoguchi.kernel import ids
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

DRAFT_DAYS = 30
MAX_ANSWERS_BYTES = 400_000
CONTROL_PREFIX = "_"
KNOWN_CONTROLS = frozenset({"csrfmiddlewaretoken"})


class _Merge(Func):
    """PostgreSQL ``jsonb || jsonb``."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = JSONField()


def start_draft(
    *,
    form_id: str,
    procedure_id: str,
    actor: Actor,
    lang: str,
    channel: str,
    at: dt.datetime,
    for_resident: bool = False,
) -> LoadedDraft:
    """Open an empty draft on the version in force (one SQL statement; two for a resident whom staff ask).

    *for_resident*: a member of staff holds it for a resident at the counter or on the phone and does not own it.
    """
    draft_id = ids.uuid7()
    version_id = version_in_force(form_id, at.date())
    draft = Draft.objects.create(
        id=draft_id,
        form_version_id=version_id,
        procedure_id=procedure_id,
        lang=lang,
        channel=channel,
        owner_ref=actor.ref if actor.kind in {"resident", "staff"} and not for_resident else "",
        mandate=actor.mandate.ref if actor.mandate and not for_resident else "",
        holder_ref=actor.ref if for_resident else "",
        code_hash=code_hash(draft_code(draft_id)),
        created_at=at,
        updated_at=at,
        expires_at=at + dt.timedelta(days=DRAFT_DAYS),
    )
    if for_resident:
        _note_hand(draft, actor=actor, at=at)
    return LoadedDraft(draft, compiled_version(version_id))


@transaction.atomic
def hand_over(loaded: LoadedDraft, *, channel: str, actor: Actor, at: dt.datetime, hold: bool = False) -> None:
    """Let a draft and its parts go on at another place, and note it (three SQL statements). *hold*: staff take it in hand.

    Changes the channel, by which fees may differ. Raises Conflict when it was handed in meanwhile.
    """
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    holder = actor.ref if hold else ""
    changed = Draft.objects.filter(~Exists(sent), pk=loaded.draft.pk).update(channel=channel, holder_ref=holder)
    if not changed:
        raise _already_sent()
    Draft.objects.filter(parent=loaded.draft.pk).update(channel=channel)
    loaded.draft.channel, loaded.draft.holder_ref = channel, holder
    _note_hand(loaded.draft, actor=actor, at=at)


def _note_hand(draft: Draft, *, actor: Actor, at: dt.datetime) -> None:
    name = actor.name if actor.kind == "staff" else ""
    DraftHand.objects.create(draft_id=draft.id, channel=draft.channel, actor_ref=actor.ref, actor_name=name, at=at)


def start_parts(parent: Draft, forms: Mapping[str, str], *, at: dt.datetime) -> None:
    """Open the drafts that are handed in together with *parent*: a form id by procedure id.

    A part that is there already is kept with its answers (two SQL statements). A part belongs to whom its parent does: it
    has no owner of its own, and its code is never given out.
    """
    there = set(Draft.objects.filter(parent=parent).values_list("procedure_id", flat=True))
    fresh = []
    for procedure_id, form_id in forms.items():
        if procedure_id in there:
            continue
        draft_id = uuid.uuid5(parent.id, procedure_id)
        fresh.append(
            Draft(
                id=draft_id,
                form_version_id=version_in_force(form_id, at.date()),
                procedure_id=procedure_id,
                parent=parent,
                mandate=parent.mandate,
                lang=parent.lang,
                channel=parent.channel,
                code_hash=code_hash(draft_code(draft_id)),
                created_at=at,
                updated_at=at,
                expires_at=parent.expires_at,
            )
        )
    Draft.objects.bulk_create(fresh, ignore_conflicts=True)


def refuse_unknown(post: Iterable[str], fields: Iterable[CompiledField]) -> None:
    """Raise InvalidInput when a posted name belongs to no question of the page."""
    known = {name for item in fields for name in item.kind.html_names(item.fd, item.id)}
    groups = {item.id for item in fields if item.repeats}
    for name in post:
        if name in known or name in KNOWN_CONTROLS or name.startswith(CONTROL_PREFIX) or name.split(".")[0] in groups:
            continue
        raise InvalidInput(
            "この画面にない項目が送られました。",
            code="forms.unknown_field",
            mend="画面を開き直して、もう一度入力してください。",
        )


def parse_fields(fields: Iterable[CompiledField], post: Post, previous: Mapping[str, Any]) -> dict[str, Any]:
    """Read the posted answers of *fields*; files and repeating groups are edited on their own and left out."""
    answers: dict[str, Any] = {}
    for item in fields:
        if not item.kind.asks or item.fd.type == "file":
            continue
        answers[item.id] = item.kind.parse(item.fd, post, item.id, previous.get(item.id))
    return answers


def save_step(loaded: LoadedDraft, step: CompiledStep, post: Post, *, page: Evaluation, at: dt.datetime) -> None:
    """Save the posted answers of a step exactly as typed, right or wrong (one SQL statement).

    *page* is the evaluation the page was drawn from. Read-only questions are never written. Raises InvalidInput (too
    large) or Conflict (already handed in).
    """
    save_fields(loaded, list(step.flat()), post, page=page, at=at)


def save_fields(
    loaded: LoadedDraft, fields: Iterable[CompiledField], post: Post, *, page: Evaluation, at: dt.datetime
) -> None:
    """Save the posted answers of chosen questions, as ``save_step`` does those of a step."""
    merge_answers(loaded, read_fields(fields, post, page=page, answers=loaded.draft.answers), at=at)


def read_fields(
    fields: Iterable[CompiledField], post: Post, *, page: Evaluation, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the posted answers of chosen questions exactly as typed; files are left out. Stores nothing.

    *page* is the evaluation the page was drawn from, *answers* what was stored until now.
    """
    writable = [item for item in fields if _was_asked(item, page, post) and not _readonly(item, page)]
    patch = parse_fields([item for item in writable if not item.repeats], post, answers)
    for item in writable:
        if item.repeats:
            rows = _posted_rows(item, post, answers.get(item.id))
            if rows is not None:
                patch[item.id] = rows
    return patch


def _was_asked(item: CompiledField, page: Evaluation, post: Post) -> bool:
    """Tell whether a question was on the page: shown when it was drawn, or sent all the same (opened by script)."""
    return item.id in page.visible or any(name in post for name in item.kind.html_names(item.fd, item.id))


def _readonly(item: CompiledField, page: Evaluation) -> bool:
    return item.readonly is not None and is_true(item.readonly(page.scope))


def merge_answers(loaded: LoadedDraft, patch: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Merge *patch* into the stored answers (one SQL statement)."""
    merged = {**loaded.draft.answers, **patch}
    if len(str(merged)) > MAX_ANSWERS_BYTES:
        raise InvalidInput(
            "入力が多すぎるため保存できません。",
            code="forms.too_large",
            mend="長い文を短くするか、添付ファイルにしてください。",
        )
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    changed = Draft.objects.filter(~Exists(sent), pk=loaded.draft.pk).update(
        answers=_Merge(F("answers"), Value(dict(patch), output_field=JSONField())),
        revision=F("revision") + 1,
        updated_at=at,
    )
    if not changed:
        raise _already_sent()
    loaded.draft.answers = merged
    loaded.draft.revision += 1


def _already_sent() -> Conflict:
    return Conflict(
        "この申請はすでに送信されています。",
        code="forms.already_sent",
        mend="受付の控えか、マイページで状況を確かめてください。",
    )


def row_name(group: str, index: int, child: str) -> str:
    """Return the HTML name of a question inside the open row of a repeating group."""
    return f"{group}.{index}.{child}"


def _posted_rows(group: CompiledField, post: Post, stored: Any) -> list[dict[str, Any]] | None:
    """Return the rows with the one open row as posted, or None when no row was open on the page."""
    marker = post.get(f"{group.id}.open")
    rows = _rows(stored)
    if marker is None or not str(marker).isdigit() or not 0 <= int(marker) < len(rows):
        return None
    index = int(marker)
    row = dict(rows[index])
    for child in group.children:
        if child.kind.asks:
            name = row_name(group.id, index, child.id)
            if any(posted in post for posted in child.kind.html_names(child.fd, name)) or child.fd.type in _UNPOSTED:
                row[child.id] = child.kind.parse(child.fd, post, name, row.get(child.id))
    rows[index] = row
    return rows


_UNPOSTED = frozenset({"choices", "consent"})


def _rows(stored: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in stored if isinstance(row, Mapping)] if isinstance(stored, list) else []


def add_row(loaded: LoadedDraft, group: CompiledField, *, at: dt.datetime) -> int:
    """Add an empty row to a repeating group and return its index. Raises InvalidInput when the group is full."""
    rows = _rows(loaded.draft.answers.get(group.id))
    assert group.fd.repeat is not None
    if len(rows) >= group.fd.repeat.max:
        raise InvalidInput(f"{group.fd.repeat.max}件まで入力できます。", code="forms.rows_full")
    rows.append({})
    merge_answers(loaded, {group.id: rows}, at=at)
    return len(rows) - 1


def remove_row(loaded: LoadedDraft, group: CompiledField, index: int, *, at: dt.datetime) -> None:
    """Remove a row; an index that is not there does nothing."""
    rows = _rows(loaded.draft.answers.get(group.id))
    if 0 <= index < len(rows):
        del rows[index]
        merge_answers(loaded, {group.id: rows}, at=at)


def drop_empty_row(loaded: LoadedDraft, group: CompiledField, index: int, *, at: dt.datetime) -> None:
    """Remove a row in which nothing was typed (the editor was cancelled)."""
    rows = _rows(loaded.draft.answers.get(group.id))
    if 0 <= index < len(rows) and not any(value not in (None, "", [], {}) for value in rows[index].values()):
        remove_row(loaded, group, index, at=at)


@transaction.atomic(savepoint=False)
def submit_draft(draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime) -> tuple[Submission, Evaluation, bool]:
    """Hand a draft in; return the submission, its evaluation and whether it is new.

    The draft's row is locked, so a second request waits and finds the first one's submission. Raises NotFound (no such
    draft) or InvalidInput (not complete; ``step`` names the first step to mend).
    """
    earlier = Submission.objects.filter(draft_id=OuterRef("pk")).values("pk")[:1]
    rows = Draft.objects.select_for_update(of=("self",)).annotate(earlier=Subquery(earlier))
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(DRAFT_GONE, code="forms.no_draft")
    loaded = LoadedDraft(draft, compiled_version(draft.form_version_id))
    evaluation = loaded.evaluate(at=at)
    if draft.earlier is not None:
        return Submission.objects.get(pk=draft.earlier), evaluation, False
    if not evaluation.valid:
        step = evaluation.first_incomplete
        raise InvalidInput(
            "入力の足りないところがあります。",
            code="forms.incomplete",
            mend="示された項目を直してから、もう一度送信してください。",
            step=step.id if step else "",
        )
    return _create_submission(draft, evaluation, at), evaluation, True


def _create_submission(draft: Draft, evaluation: Evaluation, at: dt.datetime) -> Submission:
    submission = build_submission(
        evaluation,
        draft_id=draft.id,
        form_version_id=draft.form_version_id,
        procedure_id=draft.procedure_id,
        lang=draft.lang,
        channel=draft.channel,
        owner_ref=draft.owner_ref,
        mandate=draft.mandate,
        at=at,
    )
    submission.save(force_insert=True)
    return submission


def build_submission(
    evaluation: Evaluation,
    *,
    draft_id: uuid.UUID,
    form_version_id: uuid.UUID,
    procedure_id: str,
    lang: str,
    channel: str,
    at: dt.datetime,
    owner_ref: str = "",
    mandate: str = "",
) -> Submission:
    """Return what is kept of an evaluated application, not yet written: what counted, papers, fee lines of the moment."""
    answers = evaluation.effective_answers()
    return Submission(
        id=ids.uuid7(),
        draft_id=draft_id,
        form_version_id=form_version_id,
        procedure_id=procedure_id,
        answers=answers,
        normalised=normalise(evaluation.form, answers),
        papers=[_kept_paper(paper) for paper in evaluation.papers],
        fees=fee_lines(evaluation),
        fee_yen=evaluation.fee_yen,
        lang=lang,
        channel=channel,
        owner_ref=owner_ref,
        mandate=mandate,
        submitted_at=at,
    )


def _kept_paper(paper: Paper) -> dict[str, Any]:
    """Return a needed paper as it is kept with a submission; an original asked by post also says by when, and whether it goes back."""
    kept: dict[str, Any] = {"id": paper.id, "title": dict(paper.title), "how": paper.how}
    return {**kept, "due_days": paper.due_days, "returned": paper.returned} if paper.how == "post" else kept


def fee_lines(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the fee lines as they are kept with a submission: amounts in yen, the rate's source and
    period, the exemption (減免) that was applied or None, and the title of the paper that proves it ('' without one).
    """
    titles: dict[str | None, str] = {paper.id: str(paper.title) for paper in evaluation.form.definition.papers}
    return [
        {
            "id": charged.line.id,
            "rate": charged.line.rate,
            "account": charged.fee.account,
            "title": dict(charged.line.title or charged.fee.title),
            "quantity": charged.quantity,
            "unit_yen": charged.unit_yen,
            "amount_yen": charged.amount_yen,
            "source": charged.rate.source,
            "status": charged.rate.status,
            "valid_from": charged.rate.valid_from.isoformat(),
            "exemption": charged.exemption.model_dump(mode="json") if charged.exemption else None,
            "proof": titles.get(charged.proof, ""),
        }
        for charged in evaluation.fees
    ]


def normalise(form: CompiledForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the normalised copies (width, kana, address) that stand beside the answers as typed."""
    result: dict[str, Any] = {}
    for key, value in answers.items():
        item = form.fields.get(key)
        if item is None or item.repeats or value is None or is_raw(value) or not item.kind.shaped(value):
            continue
        copy = item.kind.normalise(item.fd, value)
        if copy is not None:
            result[key] = copy
    return result


def purge_expired_drafts(*, at: dt.datetime) -> int:
    """Delete drafts past their day, with their attachments if nothing was handed in; return how many."""
    from madoguchi.engines.forms.attachments import delete_attachments

    expired = Draft.objects.filter(expires_at__lte=at)
    unsent = expired.filter(~Exists(Submission.objects.filter(draft_id=OuterRef("pk"))))
    gone = list(unsent.values_list("pk", flat=True))
    delete_attachments(gone)
    DraftHand.objects.filter(draft_id__in=gone).delete()
    Prefill.objects.filter(draft_id__in=gone).delete()
    return expired.delete()[0]
