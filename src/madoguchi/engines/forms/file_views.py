"""The files of a question as a page draws them: name, state, preview, what stopped on its way, where to send more.

Owns the context of ``forms/files.html``. The addresses are the caller's; who may open them is decided there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.forms import scanning
from madoguchi.engines.forms.models import Attachment
from madoguchi.engines.forms.pages import FieldView, flat_views
from madoguchi.engines.forms.uploads import CHUNK_BYTES, unfinished_uploads

DRAWN = frozenset({"image/jpeg", "image/png", "application/pdf"})


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Addresses a page needs: by file id to open and to preview it, by question id to send more ('' when sending in pieces
    is not offered)."""

    open: Callable[[str], str]
    preview: Callable[[str], str]
    send: Callable[[str], str] = lambda field_id: ""


def dress_files(views: Iterable[FieldView], draft_id: uuid.UUID, links: FileLinks) -> None:
    """Put the state and the addresses of their files into the questions that ask for files (SQL only if there is one)."""
    asked = [view for view in flat_views(views) if view.type == "file"]
    if not asked:
        return
    rows = {str(item.id): item for item in Attachment.objects.filter(draft_id=draft_id)}
    states = scanning.states_of_draft(draft_id) if rows else {}
    for view in asked:
        send = links.send(view.name)
        view.files = {
            "items": [_file(item, rows, states, links) for item in view.value or []],
            "send": send,
            "chunk": CHUNK_BYTES,
            "stopped": [_stopped(item) for item in unfinished_uploads(draft_id, view.name)] if send else [],
        }


def _file(
    item: Mapping[str, Any], rows: Mapping[str, Attachment], states: Mapping[str, str], links: FileLinks
) -> dict[str, Any]:
    key, row = str(item["id"]), rows.get(str(item["id"]))
    state = states.get(key, "open")
    readable = state == "open" and row is not None
    return {
        **item,
        "state": state,
        "held_since": row.held_since if row else None,
        "pages": row.pages if row else None,
        "open_url": links.open(key) if readable else "",
        "preview_url": links.preview(key) if readable and item["type"] in DRAWN else "",
    }


def _stopped(upload: Any) -> dict[str, Any]:
    return {"name": upload.name, "percent": upload.received * 100 // upload.size}
