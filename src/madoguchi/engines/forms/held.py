"""Papers the office already holds: handed in earlier by the same person and still valid, so not asked for again.

Owns the taking over at the start of an application. The copy says since when it is held (``Attachment.held_since``), the page
says so too, and removing it is the way to send a new one. Nothing is taken over for somebody who acts for another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from madoguchi.engines.forms.models import Attachment, Submission
from madoguchi.engines.forms.schema import Paper
from madoguchi.engines.forms.selectors import LoadedDraft, compiled_version
from madoguchi.engines.forms.services import merge_answers
from madoguchi.engines.forms.types.files import MIME, accepted
from madoguchi.kernel import ids


def take_over_held(loaded: LoadedDraft, *, at: dt.datetime) -> list[str]:
    """Put still valid papers of earlier applications into a fresh draft; return the ids of the questions that were filled.

    No SQL for a form without such papers, or for a guest.
    """
    draft = loaded.draft
    wanted = [
        paper for paper in loaded.form.definition.papers if paper.valid_days and paper.field and paper.how == "upload"
    ]
    if not wanted or not draft.owner_ref.startswith("resident:") or draft.mandate:
        return []
    oldest = at - dt.timedelta(days=max(paper.valid_days or 0 for paper in wanted))
    earlier = list(
        Submission.objects.filter(owner_ref=draft.owner_ref, mandate="", submitted_at__gte=oldest).order_by(
            "-submitted_at"
        )[:50]
    )
    patch: dict[str, Any] = {}
    for paper in wanted:
        for found in _candidates(paper, loaded, earlier, at):
            patch[str(paper.field)] = [_copied(item, loaded, str(paper.field), since, at) for item, since in found]
            break
    if patch:
        merge_answers(loaded, patch, at=at)
    return list(patch)


def _candidates(
    paper: Paper, loaded: LoadedDraft, earlier: list[Submission], at: dt.datetime
) -> Iterator[list[tuple[Attachment, dt.datetime]]]:
    """Yield the files of the same paper in earlier submissions, newest first, whole and still valid."""
    from madoguchi.engines.forms.scanning import states_of

    field = loaded.form.fields[str(paper.field)]
    types = {MIME[kind] for kind in accepted(field.fd)}
    for submission in earlier:
        form = compiled_version(submission.form_version_id)
        for other in form.definition.papers:
            same = (
                other.kind == paper.kind
                if paper.kind
                else (form.definition.id, other.id) == (loaded.form.definition.id, paper.id)
            )
            named = submission.answers.get(other.field) if same and other.field else None
            if not isinstance(named, list) or not named:
                continue
            rows = list(Attachment.objects.filter(draft_id=submission.draft_id, pk__in=[item["id"] for item in named]))
            states = states_of(item.pk for item in rows)
            since = [item.held_since or submission.submitted_at for item in rows]
            fresh = all(at - one < dt.timedelta(days=paper.valid_days or 0) for one in since)
            fits = len(rows) == len(named) <= field.fd.max_files and all(item.media_type in types for item in rows)
            if fresh and fits and all(state == "open" for state in states.values()):
                yield list(zip(rows, since, strict=True))


def _copied(
    item: Attachment, loaded: LoadedDraft, field_id: str, since: dt.datetime, at: dt.datetime
) -> dict[str, Any]:
    """Copy a file into the draft, so that either application may go without the other losing its paper."""
    key = ids.uuid7()
    with default_storage.open(item.stored, "rb") as stream:
        place = default_storage.save(f"attachments/{loaded.draft.id}/{key}", ContentFile(stream.read()))
    Attachment.objects.create(
        id=key,
        draft_id=loaded.draft.id,
        field_id=field_id,
        name=item.name,
        size=item.size,
        media_type=item.media_type,
        sha256=item.sha256,
        original_sha256=item.original_sha256,
        original_size=item.original_size,
        pages=item.pages,
        stored=place,
        held_since=since,
        created_at=at,
    )
    return {"id": str(key), "name": item.name, "size": item.size, "type": item.media_type}
