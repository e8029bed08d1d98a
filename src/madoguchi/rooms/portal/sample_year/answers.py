"""Invented answers: an example of the form with other names, days, addresses and telephone numbers, still valid.

Owns the variation. A variation that makes the answers invalid is dropped, so every answer here could have been handed in.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from madoguchi.engines.forms.api import CompiledField, CompiledForm, Evaluation, Example, context_at, evaluate
from madoguchi.rooms.portal.sample_year.files import SAMPLE_BYTES
from madoguchi.rooms.portal.sample_year.people import Cast

NEAR_DAYS = 800
"""A day this close to the example's own day moves with the day of the application; a farther one is a birthday or the like."""

VARIATIONS: tuple[frozenset[str], ...] = (
    frozenset({"name", "day", "birth", "place", "mail"}),
    frozenset({"name", "day", "place", "mail"}),
    frozenset({"name", "day", "mail"}),
    frozenset({"name", "week", "mail"}),
    frozenset({"day", "mail"}),
    frozenset({"name", "mail"}),
    frozenset({"mail"}),
)
"""What is varied, tried in this order until the form finds no fault; ``week`` moves days by whole weeks."""

MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png"}
CORRECTABLE = frozenset({"phone", "address", "person_name", "text", "textarea", "file", "email"})


@dataclass(slots=True)
class SampleFile:
    """A file named in the answers; its bytes are one shared sample."""

    id: uuid.UUID
    field_id: str
    name: str
    kind: str


@dataclass(slots=True)
class SampleAnswers:
    """Valid answers with their evaluation and the files they name."""

    evaluation: Evaluation
    files: list[SampleFile] = field(default_factory=list)


class Writer:
    """Writes the answers of one application."""

    def __init__(
        self, form: CompiledForm, example: Example, *, at: dt.datetime, channel: str, email: str, rng: random.Random
    ):
        self.form, self.example, self.rng, self.email = form, example, rng, email
        self.context = context_at(at, channel=channel)
        self.shift = (self.context.today - example.at).days
        self.files: list[SampleFile] = []

    def write(self) -> SampleAnswers | None:
        """Return valid answers, None when not even the example itself is valid on the day."""
        for varied in VARIATIONS:
            self.files, self.varied, self.cast = [], varied, Cast(self.rng)
            answers = {key: self._value(self.form.fields[key], value) for key, value in self.example.answers.items()}
            evaluation = evaluate(self.form, answers, self.context)
            if evaluation.valid:
                return SampleAnswers(evaluation, self.files)
        return None

    def _value(self, item: CompiledField, value: Any) -> Any:
        if item.repeats:
            children = {child.id: child for child in item.children}
            return [{key: self._value(children[key], each) for key, each in row.items()} for row in value]
        change = getattr(self, f"_vary_{item.fd.type}", None)
        return value if change is None or value in (None, "", [], {}) else change(item, value)

    def _vary_person_name(self, item: CompiledField, value: Any) -> Any:
        if "name" not in self.varied:
            return value
        parts = ("family", "given", "family_kana", "given_kana")
        new = self.cast.name(*(value.get(part, "") for part in parts))
        return {part: getattr(new, part) for part in parts if part in value}

    def _vary_latin_name(self, item: CompiledField, value: Any) -> Any:
        if "name" not in self.varied:
            return value
        surname, given = self.cast.latin(value.get("surname", ""), value.get("given_names", ""))
        return {"surname": surname, "given_names": given}

    def _vary_date(self, item: CompiledField, value: Any) -> Any:
        day = dt.date.fromisoformat(value)
        if abs((day - self.example.at).days) <= NEAR_DAYS:
            return self._moved(day).isoformat()
        if "birth" in self.varied:
            day += dt.timedelta(days=self.rng.randint(-300, 300))
        return day.isoformat()

    def _moved(self, day: dt.date) -> dt.date:
        """Return a day moved along with the day of the application; by whole weeks, the past stays past."""
        if "week" in self.varied:
            over = self.shift % 7
            return day + dt.timedelta(
                days=self.shift - over if day <= self.example.at or not over else self.shift - over + 7
            )
        return day + dt.timedelta(days=self.shift) if "day" in self.varied else day

    def _vary_year_month(self, item: CompiledField, value: Any) -> Any:
        day = dt.date.fromisoformat(f"{value}-15")
        near = abs((day - self.example.at).days) <= NEAR_DAYS
        return self._moved(day).isoformat()[:7] if near else value

    def _vary_email(self, item: CompiledField, value: Any) -> Any:
        return self.email

    def _vary_phone(self, item: CompiledField, value: Any) -> Any:
        return f"{value[:-4]}{self.rng.randint(0, 9999):04d}" if re.search(r"0000.?\d{4}$", value) else value

    def _vary_address(self, item: CompiledField, value: Any) -> Any:
        if "place" not in self.varied or not re.search(r"\d", value.get("block", "")):
            return value
        block = re.sub(r"\d+", lambda found: str(self.rng.randint(1, 30)), value["block"])
        return {**value, "block": block}

    def _vary_bank_account(self, item: CompiledField, value: Any) -> Any:
        return {**value, "number": f"{self.rng.randint(1, 9_999_999):07d}"}

    def _vary_my_number(self, item: CompiledField, value: Any) -> Any:
        return item.kind.parse(item.fd, QueryDict(f"{item.id}={value}"), item.id)

    def _vary_file(self, item: CompiledField, value: Any) -> Any:
        return [self._file(item) or each for each in value]

    def _file(self, item: CompiledField) -> dict[str, Any] | None:
        kind = next((kind for kind in MEDIA_TYPES if kind in (item.fd.accept or ("pdf",))), None)
        if kind is None:
            return None
        sample = SampleFile(uuid.UUID(int=self.rng.getrandbits(128), version=4), item.id, f"サンプル.{kind}", kind)
        self.files.append(sample)
        return {"id": str(sample.id), "name": sample.name, "size": len(SAMPLE_BYTES[kind]), "type": MEDIA_TYPES[kind]}


def correctable(evaluation: Evaluation) -> list[CompiledField]:
    """Return the questions about which an office would ask for a correction, as answered."""
    return [
        item
        for step in evaluation.steps
        for item in step.flat()
        if item.fd.type in CORRECTABLE and item.id in evaluation.visible and evaluation.scope.get(item.id)
    ]


def mend(evaluation: Evaluation, item: CompiledField, rng: random.Random) -> dict[str, Any] | None:
    """Return the change ``{field, before, after}`` by which a resident mends an answer, None when none stays valid."""
    before = evaluation.scope[item.id]
    after = _mended(item.fd.type, before, rng)
    if after is None or after == before:
        return None
    judged = evaluate(evaluation.form, {**evaluation.effective_answers(), item.id: after}, evaluation.context)
    if any(problem.field == item.id for problem in judged.problems):
        return None
    return {"field": item.id, "before": before, "after": after}


def _mended(kind: str, before: Any, rng: random.Random) -> Any:
    if kind == "phone":
        return f"{before[:-4]}{rng.randint(0, 9999):04d}"
    if kind == "email":
        return f"teisei{rng.randint(100, 999)}@example.jp"
    if kind == "address":
        return {**before, "building": f"サンプルハイツ{rng.randint(1, 9)}0{rng.randint(1, 9)}"}
    if kind == "person_name":
        return _other_given(before, rng)
    if kind in {"text", "textarea"}:
        return f"{before}（訂正）"
    return [{**each, "name": f"撮り直し{each['name']}"} for each in before] if kind == "file" else None


def _other_given(before: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    other = Cast(rng).name("", "", "", "")
    return {**before, "given": other.given, "given_kana": other.given_kana}
