"""Files handed in with a draft or a correction: judged by their content, stored outside the web root, referred to by id.

Owns the table ``Attachment`` and the bytes behind it. Who may read a file is decided by the room that asks; what is held or
infected (``scanning``) is given to nobody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from madoguchi.engines.forms import scanning
from madoguchi.engines.forms.compiler import CompiledField
from madoguchi.engines.forms.file_holders import FileHolder
from madoguchi.engines.forms.inspection import Inspected, Limits, Refused, draw_preview, inspect, kind_of
from madoguchi.engines.forms.models import Attachment
from madoguchi.engines.forms.types import Problem
from madoguchi.engines.forms.types.files import MIME, accepted
from madoguchi.kernel import ids
from madoguchi.kernel.errors import Conflict, NotFound

PICTURE_MB = 40
"""A picture may be sent up to this size whatever the question allows: it is shrunk before it is measured."""
_PICTURE_KINDS = frozenset({"jpeg", "png", "heic"})
_ENDINGS = {"jpeg": (".jpg", ".jpeg"), "png": (".png",)}


def safe_name(name: str) -> str:
    """Return a file name without folders and control characters, at most 120 characters, its ending kept."""
    base = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "file"
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 8:
        return base[:120]
    return f"{stem[: 119 - len(ending)]}.{ending}"


def largest_bytes(field: CompiledField, name: str) -> int:
    """Return how many bytes may be sent at most for a question; pictures are shrunk, so more may come than is kept."""
    other = name.lower().endswith((".pdf", ".docx", ".xlsx", ".csv"))
    takes_pictures = not other and bool(_PICTURE_KINDS & set(accepted(field.fd)))
    return max(field.fd.max_mb, PICTURE_MB if takes_pictures else 0) * 1_000_000


def add_files(
    holder: FileHolder, field: CompiledField, files: Sequence[UploadedFile], *, at: dt.datetime
) -> list[Problem]:
    """Keep the good files, refuse the others; return a problem for each refusal. Good files are kept either way."""
    problems: list[Problem] = []
    for upload in files:
        try:
            add_file(holder, field, _bytes_of(field, upload), str(upload.name or "file"), at=at)
        except Refused as refused:
            problems.append(problem_of(field, refused))
    return problems


def problem_of(field: CompiledField, refused: Refused) -> Problem:
    """Return a refusal as a problem of the question."""
    return Problem(field.id, refused.code, params=refused.params)


@transaction.atomic
def add_file(holder: FileHolder, field: CompiledField, body: bytes, name: str, *, at: dt.datetime) -> dict[str, Any]:
    """Judge a file, keep it and add it to the list of its question; return its reference. Raises Refused."""
    holder.lock()
    kept = holder.beside_one_more(field)
    reference = _keep(holder.draft_id, field, body, name, len(kept), at=at)
    holder.put(field, [*kept, reference], at=at)
    return reference


def _bytes_of(field: CompiledField, upload: UploadedFile) -> bytes:
    name = safe_name(str(upload.name or "file"))
    if (upload.size or 0) > largest_bytes(field, name):
        raise Refused("file_size", name=name, max=field.fd.max_mb)
    upload.seek(0)
    return upload.read()


def _keep(
    draft_id: uuid.UUID, field: CompiledField, body: bytes, name: str, held: int, *, at: dt.datetime
) -> dict[str, Any]:
    """Judge and store a file; return its reference. Raises Refused with the file's name among the parameters."""
    try:
        return _store(draft_id, field, _judge(field, body, name, held), name, at=at)
    except Refused as refused:
        params = {"accept": "、".join(accepted(field.fd)).upper(), **refused.params, "name": safe_name(name)}
        raise Refused(refused.code, **params) from refused


def _judge(field: CompiledField, body: bytes, name: str, held: int) -> Inspected:
    fd = field.fd
    if held >= fd.max_files:
        raise Refused("max_files", max=fd.max_files)
    if len(body) > fd.max_mb * 1_000_000 and kind_of(body, name) not in _PICTURE_KINDS:
        raise Refused("file_size", max=fd.max_mb)
    limits = Limits(max_pages=fd.max_pages, max_side=settings.PICTURE_MAX_SIDE)
    found = inspect(body, name, accepted(fd), limits)
    if len(found.body) > fd.max_mb * 1_000_000:
        raise Refused("file_size", max=fd.max_mb)
    return found


def _store(
    draft_id: uuid.UUID, field: CompiledField, found: Inspected, name: str, *, at: dt.datetime
) -> dict[str, Any]:
    attachment_id = ids.uuid7()
    kept_name = _renamed(safe_name(name), found.kind)
    attachment = Attachment(
        id=attachment_id,
        draft_id=draft_id,
        field_id=field.id,
        name=kept_name,
        size=len(found.body),
        media_type=MIME[found.kind],
        sha256=hashlib.sha256(found.body).hexdigest(),
        original_sha256=found.original_sha256,
        original_size=found.original_size,
        pages=found.pages,
        stored=default_storage.save(f"attachments/{draft_id}/{attachment_id}", ContentFile(found.body)),
        created_at=at,
    )
    attachment.save(force_insert=True)
    scanning.ask_for_scan(attachment, at=at)
    return {"id": str(attachment_id), "name": kept_name, "size": attachment.size, "type": attachment.media_type}


def _renamed(name: str, kind: str) -> str:
    """Give a converted picture the ending of what it is now."""
    endings = _ENDINGS.get(kind)
    if endings is None or name.lower().endswith(endings):
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem if dot and len(ending) <= 5 else name}{endings[0]}"


@transaction.atomic
def remove_file(holder: FileHolder, field: CompiledField, file_id: str, *, at: dt.datetime) -> None:
    """Take a file out of the list and delete it when it belongs to nothing else; an id that is not there does nothing."""
    holder.lock()
    files = holder.files(field)
    kept = [item for item in files if item["id"] != file_id]
    if len(kept) == len(files):
        return
    holder.put(field, kept, at=at)
    if holder.owns(file_id):
        erase_files(_held(holder.draft_id, file_id))


def open_attachment(draft_id: uuid.UUID, file_id: str) -> tuple[Attachment, File[bytes]]:
    """Return an attachment of a draft with its bytes open for reading (two SQL statements).

    Raises NotFound; Conflict while the file is held for its virus scan or when a virus was found in it.
    """
    attachment = _readable(draft_id, file_id)
    if not default_storage.exists(attachment.stored):
        raise _gone()
    return attachment, default_storage.open(attachment.stored, "rb")


def open_preview(draft_id: uuid.UUID, file_id: str) -> tuple[Attachment, File[bytes]]:
    """Return a small JPEG of a picture or of a PDF's first page, drawn once and kept beside the file. Raises like
    ``open_attachment``, and NotFound for a kind without a preview."""
    attachment = _readable(draft_id, file_id)
    place = _preview_place(attachment)
    if not default_storage.exists(place):
        with default_storage.open(attachment.stored, "rb") as stream:
            drawn = draw_preview(stream.read(), attachment.media_type)
        if drawn is None:
            raise NotFound("このファイルに見本の画像はありません。", code="forms.no_preview")
        default_storage.save(place, ContentFile(drawn))
        return attachment, File(io.BytesIO(drawn))
    return attachment, default_storage.open(place, "rb")


def _preview_place(attachment: Attachment) -> str:
    return f"{attachment.stored}.preview.jpg"


def _readable(draft_id: uuid.UUID, file_id: str) -> Attachment:
    attachment = _held(draft_id, file_id).first()
    if attachment is None:
        raise _gone()
    state = scanning.state_of(attachment)
    if state == "held":
        raise Conflict(
            "このファイルは、ウイルスの確認中です。",
            code="forms.file_held",
            mend="確認が終わると開けます。しばらくしてから開き直してください。",
        )
    if state == "infected":
        raise Conflict(
            "このファイルからウイルスが見つかったため、開けません。",
            code="forms.file_infected",
            mend="別のファイルを出し直してください。",
        )
    return attachment


def _gone() -> NotFound:
    return NotFound("この添付ファイルは見つかりません。", code="forms.no_attachment")


def delete_attachments(draft_ids: Iterable[uuid.UUID]) -> int:
    """Delete every file of the given drafts; return how many."""
    return erase_files(Attachment.objects.filter(draft_id__in=list(draft_ids)))


def remove_unnamed(draft_id: uuid.UUID, file_ids: Iterable[str], *, named: Iterable[Any]) -> int:
    """Delete those of *file_ids* that no answer among *named* refers to; return how many."""
    kept = {str(item["id"]) for value in named if isinstance(value, list) for item in value if _is_reference(item)}
    return erase_files(Attachment.objects.filter(draft_id=draft_id, pk__in=set(file_ids) - kept))


def _is_reference(item: Any) -> bool:
    return isinstance(item, dict) and "id" in item


def erase_files(rows: QuerySet[Attachment]) -> int:
    """Delete files and their rows; the bytes go once the transaction is committed. Returns how many."""
    places = [place for item in rows for place in (item.stored, _preview_place(item))]
    count = len(places) // 2
    rows.delete()
    transaction.on_commit(lambda: delete_places(places))
    return count


def delete_places(places: Iterable[str]) -> None:
    """Delete files of the store by their places; what is not there is no fault."""
    for place in places:
        default_storage.delete(place)


def _held(draft_id: uuid.UUID, file_id: str) -> QuerySet[Attachment]:
    """Return the attachment of a draft by its id as text; nothing for what is no id."""
    try:
        return Attachment.objects.filter(pk=uuid.UUID(file_id), draft_id=draft_id)
    except ValueError:
        return Attachment.objects.none()
