"""A file that comes in pieces: begin, append at an offset, finish; a broken line or a reloaded page goes on where it stopped.

Owns the table ``Upload`` and the pieces in the file store until the file is whole. The protocol (a small one of our own, in the
spirit of tus): begin answers with the offset reached for the same file (name, size, time: the fingerprint is the browser's);
a piece is taken only at exactly that offset, otherwise the true offset is answered; finishing judges the file like any other
and may be asked again. What is never finished is removed by a job.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from madoguchi.engines.forms.attachments import add_file, delete_places, largest_bytes, safe_name
from madoguchi.engines.forms.compiler import CompiledField
from madoguchi.engines.forms.file_holders import FileHolder
from madoguchi.engines.forms.inspection import Refused
from madoguchi.engines.forms.models import Upload
from madoguchi.kernel import ids
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

CHUNK_BYTES = 512 * 1024
KEEP_UNFINISHED = dt.timedelta(hours=48)
MAX_OPEN = 20
"""So many unfinished files may lie with one draft."""


class WrongOffset(Conflict):
    """A piece does not begin where the last one ended; ``offset`` is where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__("続きの位置が違います。", code="forms.offset", mend="もう一度送ります。", offset=offset)
        self.offset = offset


@transaction.atomic
def begin_upload(
    holder: FileHolder, field: CompiledField, *, name: str, size: int, fingerprint: str, at: dt.datetime
) -> Upload:
    """Return the upload of this file, an unfinished one of the same file if there is one.

    Raises Refused (file_size, file_empty, max_files), Conflict (already handed in), InvalidInput (too many at once).
    """
    if holder.closed:
        raise Conflict("この申請はすでに送信されています。", code="forms.already_sent")
    _refuse_early(holder, field, name=name, size=size)
    mark = hashlib.sha256(f"{fingerprint}\0{name}\0{size}".encode()).hexdigest()
    mine = Upload.objects.select_for_update().filter(draft_id=holder.draft_id, finished_at=None)
    open_ones = list(mine)
    for upload in open_ones:
        if upload.field_id == field.id and upload.fingerprint == mark:
            return upload
    if len(open_ones) >= MAX_OPEN:
        raise InvalidInput(
            "送信中のファイルが多すぎます。",
            code="forms.many_uploads",
            mend="ほかのファイルを送り終えてから試してください。",
        )
    return Upload.objects.create(
        id=ids.uuid7(),
        draft_id=holder.draft_id,
        field_id=field.id,
        name=safe_name(name),
        size=size,
        fingerprint=mark,
        created_at=at,
        updated_at=at,
    )


def _refuse_early(holder: FileHolder, field: CompiledField, *, name: str, size: int) -> None:
    """Refuse what cannot be kept whatever its content, before anything is sent."""
    shown = safe_name(name)
    if size <= 0:
        raise Refused("file_empty", name=shown)
    if size > largest_bytes(field, shown):
        raise Refused("file_size", name=shown, max=field.fd.max_mb)
    if len(holder.beside_one_more(field)) >= field.fd.max_files:
        raise Refused("max_files", name=shown, max=field.fd.max_files)


@transaction.atomic
def append_piece(
    draft_id: uuid.UUID, field_id: str, upload_id: uuid.UUID, *, offset: int, piece: bytes, at: dt.datetime
) -> Upload:
    """Add a piece; return the upload as it is now. Raises NotFound, WrongOffset, InvalidInput (too long)."""
    upload = _locked(draft_id, field_id, upload_id)
    if offset != upload.received or upload.finished_at is not None:
        raise WrongOffset(upload.received)
    if not piece or len(piece) > CHUNK_BYTES or offset + len(piece) > upload.size:
        raise InvalidInput("送られた部分の長さが正しくありません。", code="forms.piece")
    place = default_storage.save(f"uploads/{upload.id}/{offset:010d}", ContentFile(piece))
    upload.parts = [*upload.parts, place]
    upload.received = offset + len(piece)
    upload.updated_at = at
    upload.save(update_fields=["parts", "received", "updated_at"])
    return upload


def finish_upload(
    holder: FileHolder, field: CompiledField, upload_id: uuid.UUID, *, at: dt.datetime
) -> dict[str, Any] | None:
    """Put the pieces together, judge the file and add it to the answer; None when that was done before.

    The pieces go either way. Raises Refused, NotFound, WrongOffset (not whole yet).
    """
    refusal: Refused | None = None
    reference: dict[str, Any] | None = None
    with transaction.atomic():
        upload = _locked(holder.draft_id, field.id, upload_id)
        if upload.finished_at is not None:
            return None
        if upload.received != upload.size:
            raise WrongOffset(upload.received)
        body = b"".join(_read(place) for place in upload.parts)
        try:
            reference = add_file(holder, field, body, upload.name, at=at)
        except Refused as refused:
            refusal = refused
        upload.finished_at = upload.updated_at = at
        places, upload.parts = upload.parts, []
        upload.save(update_fields=["finished_at", "updated_at", "parts"])
        transaction.on_commit(lambda: delete_places(places))
    if refusal is not None:
        raise refusal
    return reference


def unfinished_uploads(draft_id: uuid.UUID, field_id: str) -> list[Upload]:
    """Return the files of a question that stopped on their way, oldest first (one SQL statement)."""
    rows = Upload.objects.filter(draft_id=draft_id, field_id=field_id, finished_at=None, received__gt=0)
    return list(rows.order_by("created_at"))


def remove_stale_uploads(*, at: dt.datetime) -> int:
    """Remove uploads that nobody went on with for 48 hours, and the marks of finished ones; return how many."""
    stale = Upload.objects.filter(updated_at__lt=at - KEEP_UNFINISHED)
    places = [place for parts in stale.values_list("parts", flat=True) for place in parts]
    count = stale.delete()[0]
    transaction.on_commit(lambda: delete_places(places))
    return count


def _locked(draft_id: uuid.UUID, field_id: str, upload_id: uuid.UUID) -> Upload:
    rows = Upload.objects.select_for_update().filter(pk=upload_id, draft_id=draft_id, field_id=field_id)
    upload = rows.first()
    if upload is None:
        raise NotFound(
            "送信中のファイルが見つかりません。", code="forms.no_upload", mend="もう一度ファイルを選んでください。"
        )
    return upload


def _read(place: str) -> bytes:
    with default_storage.open(place, "rb") as stream:
        return stream.read()
