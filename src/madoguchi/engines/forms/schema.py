"""The language in which forms are written: pydantic models of a form definition.

Owns the shape of ``forms/*.yaml`` and its JSON Schema. Knows nothing of pages, storage or evaluation: what the
definition *means* is in ``compiler`` and ``evaluation``; what is wrong with one beyond its shape is in ``checks``.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from madoguchi.kernel.l10n import Text

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Rule = Any
"""A JSON Logic expression: a constant, or a one-key object ``{operator: arguments}``."""

FieldType = Literal[
    "text", "textarea", "person_name", "latin_name", "kana", "address", "date", "year_month", "time", "integer",
    "decimal", "yen", "choice", "choices", "yes_no", "phone", "email", "file", "consent", "relationship",
    "bank_account", "insured_number", "my_number", "corporate_number", "computed", "note", "group",
]  # fmt: skip

ALLOWED_KEYS: dict[str, frozenset[str]] = {
    "text": frozenset({"min_length", "max_length", "pattern", "pattern_message", "unit"}),
    "textarea": frozenset({"min_length", "max_length"}),
    "kana": frozenset({"max_length"}),
    "date": frozenset({"min", "max", "wareki"}),
    "year_month": frozenset({"min", "max", "wareki"}),
    "time": frozenset({"min", "max"}),
    "integer": frozenset({"min", "max", "unit"}),
    "decimal": frozenset({"min", "max", "unit"}),
    "yen": frozenset({"min", "max"}),
    "choice": frozenset({"options", "layout"}),
    "choices": frozenset({"options", "min_items", "max_items"}),
    "relationship": frozenset({"options"}),
    "file": frozenset({"accept", "max_files", "max_mb", "max_pages"}),
    "insured_number": frozenset({"digits"}),
    "computed": frozenset({"compute", "format", "unit"}),
    "group": frozenset({"fields", "repeat"}),
}
"""The keys beyond the common ones that each type understands."""


class Strict(BaseModel):
    """Base of all definitions: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Why(Strict):
    """Why a question is asked, with the article it rests on."""

    text: Text
    article: str | None = None


class Option(Strict):
    """One answer of a choice."""

    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,59}$")]
    label: Text
    help: Text | None = None
    shown_if: Rule = None


class Repeat(Strict):
    """How often a group may be repeated and what one of them is called."""

    min: int = Field(default=0, ge=0, le=50)
    max: int = Field(default=10, ge=1, le=50)
    item: Text

    @model_validator(mode="after")
    def _ordered(self) -> Repeat:
        if self.min > self.max:
            raise ValueError("min が max より大きくなっています")
        return self


class FieldDef(Strict):
    """One question. Which keys beyond the common ones a type understands is in ``ALLOWED_KEYS``."""

    id: Identifier
    type: FieldType
    label: Text
    help: Text | None = None
    why: Why | None = None
    required: Rule = True
    shown_if: Rule = None
    readonly_if: Rule = None
    default: Any = None
    autocomplete: str | None = None
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, ge=1, le=20_000)
    pattern: str | None = None
    pattern_message: Text | None = None
    unit: Text | None = None
    min: Rule = None
    max: Rule = None
    wareki: bool = False
    options: list[Option] | None = None
    layout: Literal["radio", "select"] = "radio"
    min_items: int | None = Field(default=None, ge=0)
    max_items: int | None = Field(default=None, ge=1)
    accept: list[Literal["pdf", "jpeg", "png", "heic", "docx", "xlsx", "csv"]] | None = None
    max_files: int = Field(default=5, ge=1, le=20)
    max_mb: int = Field(default=10, ge=1, le=50)
    max_pages: int = Field(default=100, ge=1, le=500)
    digits: int | None = Field(default=None, ge=1, le=20)
    compute: Rule = None
    format: Literal["text", "integer", "yen", "date"] = "text"
    fields: list[FieldDef] | None = None
    repeat: Repeat | None = None

    @model_validator(mode="after")
    def _fits_type(self) -> FieldDef:
        special = {key for keys in ALLOWED_KEYS.values() for key in keys}
        foreign = (self.model_fields_set & special) - ALLOWED_KEYS.get(self.type, frozenset())
        if foreign:
            raise ValueError(f"type: {self.type} では使えない項目です: {', '.join(sorted(foreign))}")
        if self.type in {"choice", "choices"} and not self.options:
            raise ValueError("options（選択肢）を書いてください")
        if self.type == "computed" and self.compute is None:
            raise ValueError("compute（計算式）を書いてください")
        if self.type == "group" and not self.fields:
            raise ValueError("fields（中の質問）を書いてください")
        if self.type == "group" and any(child.type == "group" for child in self.fields or ()):
            raise ValueError("group の中に group は置けません")
        if self.repeat and (files := sorted(child.id for child in self.fields or () if child.type == "file")):
            raise ValueError(
                f"繰り返し（repeat）の中に添付ファイル（file）は置けません。外に置いてください: {', '.join(files)}"
            )
        return self


class Check(Strict):
    """A condition across fields: when judged false, *message* is shown at *field*."""

    id: Identifier
    rule: Rule
    field: Identifier
    message: Text


class Step(Strict):
    """One page of questions on one topic."""

    id: Identifier
    title: Text
    help: Text | None = None
    shown_if: Rule = None
    fields: list[FieldDef] = Field(min_length=1)
    checks: list[Check] = []


class Paper(Strict):
    """A paper the office needs, and when.

    ``article``: why it need not be handed in (``how: omitted``). ``valid_days``: how long one handed in earlier, under the
    same ``kind`` (or id, in the same form), still counts. ``due_days``: days to post the original; ``returned``: it goes back.
    """

    id: Identifier
    title: Text
    needed_if: Rule = True
    field: Identifier | None = None
    how: Literal["upload", "post", "show", "omitted"] = "upload"
    note: Text | None = None
    article: str | None = None
    kind: Identifier | None = None
    valid_days: int | None = Field(default=None, ge=1, le=3660)
    due_days: int = Field(default=14, ge=1, le=120)
    returned: bool = False


class FeeReduction(Strict):
    """When a fee is reduced or waived (減免): the id of an exemption of the rate, which holds percentage and source.

    ``proof`` is the id of the paper that shows it applies: it must be asked for whenever the fee is reduced.
    """

    exemption: Identifier
    when: Rule = True
    proof: Identifier | None = None


def _listed(value: Any) -> Any:
    """Return a single reduction as a list of one."""
    return [value] if isinstance(value, dict) else value


class FeeLine(Strict):
    """A fee: a dated rate (``fees.yaml``) times a quantity, reduced by the largest exemption that applies."""

    id: Identifier
    rate: Identifier
    quantity: Rule = 1
    when: Rule = True
    title: Text | None = None
    reduction: Annotated[list[FeeReduction], BeforeValidator(_listed)] = []


class Expectation(Strict):
    """What an example resident must see."""

    valid: bool = True
    steps: list[Identifier] | None = None
    papers: list[Identifier] | None = None
    fee_yen: int | None = None
    errors: dict[str, str] = {}
    computed: dict[Identifier, Any] = {}


class Example(Strict):
    """An example resident: answers on a day, and what must come of them."""

    id: Identifier
    title: Text
    at: dt.date = dt.date(2026, 11, 2)
    answers: dict[str, Any]
    expect: Expectation = Expectation()


class FormDefinition(Strict):
    """A whole form as written by a clerk."""

    id: Identifier
    title: Text
    intro: Text | None = None
    minutes: int | None = Field(default=None, ge=1, le=240)
    valid_from: dt.date = dt.date(2026, 4, 1)
    source: str | None = None
    steps: list[Step] = Field(min_length=1, max_length=40)
    papers: list[Paper] = []
    fees: list[FeeLine] = []
    examples: list[Example] = []


class FeeRate(Strict):
    """An amount in a period."""

    valid_from: dt.date
    valid_to: dt.date | None = None
    amount_yen: int = Field(ge=0)
    channels: dict[str, int] = {}
    source: str
    status: Literal["verified", "unverified", "sample"]


class FeeExemption(Strict):
    """A ground on which a fee is reduced or waived (減免)."""

    id: Identifier
    title: Text
    source: str
    percent: int = Field(ge=0, le=100)


class Fee(Strict):
    """A fee of the ordinance: its rates over time and its exemptions."""

    id: Identifier
    title: Text
    unit: Text | None = None
    account: str
    note: Text | None = None
    rates: list[FeeRate] = Field(min_length=1)
    exemptions: list[FeeExemption] = []

    def rate_on(self, day: dt.date) -> FeeRate | None:
        """Return the rate in force on *day*, or None."""
        for rate in self.rates:
            if rate.valid_from <= day and (rate.valid_to is None or day <= rate.valid_to):
                return rate
        return None

    def exemption(self, exemption_id: str) -> FeeExemption | None:
        """Return an exemption by id, or None."""
        return next((item for item in self.exemptions if item.id == exemption_id), None)


class FeeTable(Strict):
    """The file ``fees.yaml``."""

    fees: list[Fee]
