"""Trying a working copy in the preview: made-up answers of one member of staff, judged as a resident's would be.

Owns the trial's row. Nothing here reaches a case: files are only named, never stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from madoguchi.engines.forms.api import (
    CompiledField,
    CompiledForm,
    CompiledStep,
    Context,
    Evaluation,
    FormDefinition,
    compile_form,
    evaluate,
    find_town,
    read_fields,
)
from madoguchi.kernel import clock
from madoguchi.rooms.studio.models import StudioDraft, StudioTrial
from madoguchi.rooms.studio.surroundings import Surroundings

MAX_BYTES = 200_000


class Trial:
    """A trial ready to be judged: the compiled copy and the answers given so far. Raises CompileError."""

    def __init__(
        self, document: Mapping[str, Any], answers: dict[str, Any], here: Surroundings, at: dt.datetime
    ) -> None:
        self.form: CompiledForm = compile_form(FormDefinition.model_validate(document["form"]))
        self.answers = answers
        self.context = Context(clock.local(at).date(), "online", here.fees)

    def evaluate(self) -> Evaluation:
        """Judge the answers."""
        return evaluate(self.form, self.answers, self.context)

    def answer(self, request: HttpRequest, step: CompiledStep) -> tuple[str, int] | None:
        """Take the posted answers of a step over; return the row of a group that stays open, if any."""
        self.answers |= read_fields(list(step.flat()), request.POST, page=self.evaluate(), answers=self.answers)
        for item in step.flat():
            if item.fd.type == "file":
                self._name_files(request, item)
        if lookup := request.POST.get("_lookup"):
            self._fill_address(lookup)
        return self._rows(request, step)

    def _name_files(self, request: HttpRequest, item: CompiledField) -> None:
        """Keep the names of chosen files as if they were handed in."""
        there = [entry for entry in self.answers.get(item.id) or [] if isinstance(entry, dict)]
        removed = request.POST.get("_remove_file", "")
        there = [entry for entry in there if f"{item.id}:{entry['id']}" != removed]
        for file in request.FILES.getlist(item.id):
            size, kind = file.size or 0, file.content_type or "application/octet-stream"
            there.append({"id": f"f{len(there) + 1}", "name": str(file.name)[:100], "size": size, "type": kind})
        self.answers[item.id] = there

    def _fill_address(self, field_id: str) -> None:
        value = self.answers.get(field_id)
        town = find_town(value.get("postal_code", "")) if isinstance(value, dict) else None
        if town is not None and isinstance(value, dict):
            self.answers[field_id] = {
                **value, "prefecture": town.prefecture, "city": town.city, "town": town.town,
            }  # fmt: skip

    def _rows(self, request: HttpRequest, step: CompiledStep) -> tuple[str, int] | None:
        """Add, open or remove a row of a repeating group; return the row that is open afterwards."""
        groups = {item.id for item in step.fields if item.repeats}
        for action in ("_row_add", "_row_edit", "_row_remove", "_row_save", "_row_cancel"):
            name, _, index = request.POST.get(action, "").partition(":")
            if name not in groups:
                continue
            rows = [row for row in self.answers.get(name) or [] if isinstance(row, dict)]
            self.answers[name] = rows
            if action == "_row_add":
                rows.append({})
                return name, len(rows) - 1
            at = int(index) if index.isdigit() else -1
            if not 0 <= at < len(rows):
                continue
            if action == "_row_remove" or (action == "_row_cancel" and not any(rows[at].values())):
                del rows[at]
                return None
            wrong = any(problem.row == at for problem in self.evaluate().problems if problem.row is not None)
            return (name, at) if action == "_row_edit" or (action == "_row_save" and wrong) else None
        return None


def answers_of(draft: StudioDraft, actor_ref: str) -> dict[str, Any]:
    """Return the made-up answers of a member of staff (one SQL statement)."""
    found = StudioTrial.objects.filter(draft=draft, actor_ref=actor_ref).values_list("answers", flat=True).first()
    return dict(found or {})


def keep_answers(draft: StudioDraft, actor_ref: str, answers: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Keep the made-up answers for the next page; too many are dropped."""
    kept = dict(answers) if len(str(answers)) < MAX_BYTES else {}
    StudioTrial.objects.update_or_create(draft=draft, actor_ref=actor_ref, defaults={"answers": kept, "tried_at": at})
