"""Files handed in with a draft: judged by their content, stored outside the web root, referred to by id.

Owns the table ``Attachment`` and the bytes behind it. Who may read a file is decided by the room that asks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from madoguchi.engines.forms.compiler import CompiledField
from madoguchi.engines.forms.models import Attachment, Submission
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.engines.forms.services import merge_answers
from madoguchi.engines.forms.types import Problem
from madoguchi.engines.forms.types.files import MIME, accepted, sniff
from madoguchi.kernel import ids
from madoguchi.kernel.errors import NotFound

HEAD_BYTES = 4096


def safe_name(name: str) -> str:
    """Return a file name without folders and control characters, at most 120 characters, its ending kept."""
    base = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "file"
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 8:
        return base[:120]
    return f"{stem[: 119 - len(ending)]}.{ending}"


def add_files(
    loaded: LoadedDraft, field: CompiledField, files: Sequence[UploadedFile], *, at: dt.datetime
) -> list[Problem]:
    """Keep the good files, refuse the others; return a problem for each refusal. Good files are kept either way."""
    problems: list[Problem] = []
    kept = list(loaded.draft.answers.get(field.id) or [])
    for upload in files:
        problem = _judge(field, upload, len(kept))
        if problem is not None:
            problems.append(problem)
            continue
        kept.append(_store(loaded.draft.id, field, upload, at=at))
    if kept != (loaded.draft.answers.get(field.id) or []):
        merge_answers(loaded, {field.id: kept}, at=at)
    return problems


def _judge(field: CompiledField, upload: UploadedFile, held: int) -> Problem | None:
    fd = field.fd
    if held >= fd.max_files:
        return Problem(fd.id, "max_files", params={"max": fd.max_files})
    if not upload.size:
        return Problem(fd.id, "file_empty")
    if upload.size > fd.max_mb * 1_000_000:
        return Problem(fd.id, "file_size", params={"max": fd.max_mb})
    if _kind(upload) not in accepted(fd):
        return Problem(fd.id, "file_type", params={"accept": "、".join(accepted(fd)).upper()})
    return None


def _kind(upload: UploadedFile) -> str | None:
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    kind = sniff(head)
    if kind == "office":
        ending = str(upload.name or "").rsplit(".", 1)[-1].lower()
        return ending if ending in {"docx", "xlsx"} else None
    return kind


def add_case_files(
    submission: Submission, field: CompiledField, files: Sequence[UploadedFile], *, at: dt.datetime
) -> list[dict[str, Any]] | None:
    """Keep files sent with a correction and return the new answer, None when no good file was sent."""
    kept: list[dict[str, Any]] = []
    for upload in files:
        if _judge(field, upload, len(kept)) is None:
            kept.append(_store(submission.draft_id, field, upload, at=at))
    return kept or None


def _store(draft_id: uuid.UUID, field: CompiledField, upload: UploadedFile, *, at: dt.datetime) -> dict[str, Any]:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    attachment_id = ids.uuid7()
    media_type = MIME[_kind(upload) or "pdf"]
    stored = default_storage.save(f"attachments/{draft_id}/{attachment_id}", File(upload))
    Attachment.objects.create(
        id=attachment_id,
        draft_id=draft_id,
        field_id=field.id,
        name=safe_name(str(upload.name or "file")),
        size=upload.size or 0,
        media_type=media_type,
        sha256=digest.hexdigest(),
        stored=stored,
        created_at=at,
    )
    name = safe_name(str(upload.name or "file"))
    return {"id": str(attachment_id), "name": name, "size": upload.size, "type": media_type}


def remove_file(loaded: LoadedDraft, field: CompiledField, file_id: str, *, at: dt.datetime) -> None:
    """Take a file out of the answer and delete it; an id that is not there does nothing."""
    kept = [item for item in loaded.draft.answers.get(field.id) or [] if item["id"] != file_id]
    if len(kept) == len(loaded.draft.answers.get(field.id) or []):
        return
    merge_answers(loaded, {field.id: kept or None}, at=at)
    for attachment in _held(loaded.draft.id, file_id):
        default_storage.delete(attachment.stored)
        attachment.delete()


def open_attachment(draft_id: uuid.UUID, file_id: str) -> tuple[Attachment, File[bytes]]:
    """Return an attachment of a draft with its bytes open for reading. Raises NotFound."""
    attachment = _held(draft_id, file_id).first()
    if attachment is None or not default_storage.exists(attachment.stored):
        raise NotFound("この添付ファイルは見つかりません。", code="forms.no_attachment")
    return attachment, default_storage.open(attachment.stored, "rb")


def delete_attachments(draft_ids: Iterable[uuid.UUID]) -> None:
    """Delete every file of the given drafts."""
    rows = Attachment.objects.filter(draft_id__in=list(draft_ids))
    for attachment in rows:
        default_storage.delete(attachment.stored)
    rows.delete()


def _held(draft_id: uuid.UUID, file_id: str) -> QuerySet[Attachment]:
    """Return the attachment of a draft by its id as text; nothing for what is no id."""
    try:
        return Attachment.objects.filter(pk=uuid.UUID(file_id), draft_id=draft_id)
    except ValueError:
        return Attachment.objects.none()
