"""The files of a correction while it is being answered: kept with the request, and part of the case only once it is sent.

The list begins with the files handed in before. They may be taken out or, when the list is full, make room for new ones; their
bytes stay with the case, because the file shows what stood there before.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from madoguchi.engines.casework.api import (
    Case,
    CorrectionRequest,
    corrections_left,
    current_answers,
    forget_prepared,
    lock_prepared,
    open_correction,
    prepare_files,
)
from madoguchi.engines.forms import api as forms
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.portal import services


@dataclass(frozen=True, slots=True)
class CorrectionFiles:
    """The files of an awaited correction (``forms.FileHolder``)."""

    asked: CorrectionRequest
    draft_id: uuid.UUID
    answers: Mapping[str, Any]
    """What the case says now."""

    @property
    def closed(self) -> bool:
        return not self.asked.is_open

    def lock(self) -> None:
        lock_prepared(self.asked)

    def before(self, field: forms.CompiledField) -> forms.FileList:
        """Return the files of the question as the case has them."""
        return list(self.answers.get(field.id) or [])

    def files(self, field: forms.CompiledField) -> forms.FileList:
        return list(self.asked.prepared.get(field.id, self.before(field)))

    def beside_one_more(self, field: forms.CompiledField) -> forms.FileList:
        files, before = self.files(field), self.before(field)
        if len(files) < field.fd.max_files:
            return files
        oldest = next((item for item in files if item in before), None)
        return [item for item in files if item is not oldest]

    def put(self, field: forms.CompiledField, files: forms.FileList, *, at: dt.datetime) -> None:
        prepare_files(self.asked, field.id, files)

    def owns(self, file_id: str) -> bool:
        handed_in = [item for value in self.answers.values() if isinstance(value, list) for item in value]
        return not any(isinstance(item, dict) and item.get("id") == file_id for item in handed_in)

    def patch(self, fields: list[forms.CompiledField]) -> dict[str, forms.FileList | None]:
        """Return the answers of the questions that ask for files."""
        return {item.id: self.files(item) or None for item in fields if item.fd.type == "file"}

    def unchanged(self, fields: list[forms.CompiledField]) -> list[forms.Problem]:
        """Return a problem for every question whose files are still those that the office asked to have mended."""
        return [
            forms.Problem(item.id, "files_unchanged")
            for item in fields
            if item.fd.type == "file" and self.before(item) and self.files(item) == self.before(item)
        ]


def correction_files(case: Case) -> CorrectionFiles:
    """Return the files of the correction that a case awaits. Raises NotFound when nothing is asked."""
    asked = open_correction(case)
    if asked is None or case.submission is None:
        raise NotFound("今、補正のお願いはありません。", code="portal.nothing_asked")
    return CorrectionFiles(asked, case.submission.draft_id, current_answers(case))


def asked_file_question(case: Case, files: CorrectionFiles, field_id: str) -> forms.CompiledField:
    """Return the file question of a correction. Raises NotFound when it is not among what was asked."""
    for item in services.asked_fields(case, files.asked):
        if item.id == field_id and item.fd.type == "file":
            return item
    raise NotFound("この質問にはファイルを付けられません。", code="portal.no_question")


def remove_left_files() -> int:
    """Delete the files that arrived for corrections which the office closed before they were sent; return how many."""
    removed = 0
    for asked in corrections_left():
        with transaction.atomic():
            if (submission := asked.case.submission) is not None:
                left = [str(item["id"]) for files in asked.prepared.values() for item in files]
                changes = [change for other in asked.case.corrections.all() for change in other.changes]
                named = [*submission.answers.values(), *(change["after"] for change in changes)]
                removed += forms.remove_unnamed(submission.draft_id, left, named=named)
            forget_prepared(asked)
    return removed
