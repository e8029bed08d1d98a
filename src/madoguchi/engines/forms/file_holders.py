"""Where the files of a question are gathered until they are handed in: a draft here; a correction in the room that asks for it.

Owns the contract that adding, sending in pieces and removing files rely on, so that there is one way for all of them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from madoguchi.engines.forms.compiler import CompiledField
from madoguchi.engines.forms.models import Draft
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.engines.forms.services import merge_answers

FileList = list[dict[str, Any]]
"""References as an answer holds them: ``{id, name, size, type}``."""


class FileHolder(Protocol):
    """Keeps lists of files by question; the bytes lie with the draft ``draft_id``."""

    @property
    def draft_id(self) -> uuid.UUID:
        """Return the draft with which the bytes are kept."""

    @property
    def closed(self) -> bool:
        """Tell whether what was gathered has been handed in."""

    def lock(self) -> None:
        """Lock and read anew, so that files that arrive side by side all stay (inside a transaction)."""

    def files(self, field: CompiledField) -> FileList:
        """Return the files of a question now."""

    def beside_one_more(self, field: CompiledField) -> FileList:
        """Return the files that stay when one more comes."""

    def put(self, field: CompiledField, files: FileList, *, at: dt.datetime) -> None:
        """Replace the files of a question. Raises Conflict when they were handed in meanwhile."""

    def owns(self, file_id: str) -> bool:
        """Tell whether the bytes may go once the file leaves the list."""


@dataclass(frozen=True, slots=True)
class DraftFiles:
    """The files of a draft: they are its answers."""

    loaded: LoadedDraft

    @property
    def draft_id(self) -> uuid.UUID:
        return self.loaded.draft.id

    @property
    def closed(self) -> bool:
        return self.loaded.sent

    def lock(self) -> None:
        row = Draft.objects.select_for_update().only("answers").filter(pk=self.draft_id).first()
        if row is not None:
            self.loaded.draft.answers = row.answers

    def files(self, field: CompiledField) -> FileList:
        return list(self.loaded.draft.answers.get(field.id) or [])

    def beside_one_more(self, field: CompiledField) -> FileList:
        return self.files(field)

    def put(self, field: CompiledField, files: FileList, *, at: dt.datetime) -> None:
        merge_answers(self.loaded, {field.id: files or None}, at=at)

    def owns(self, file_id: str) -> bool:
        return True
