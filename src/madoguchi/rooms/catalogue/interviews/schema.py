"""The language in which interviews and guides are written: pydantic models of ``interviews/*.yaml``.

Owns the shape. The questions are steps of the forms language; what follows from the answers is the table ``rows``.
Pure: no Django.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from madoguchi.engines.forms.api import Example as FormExample
from madoguchi.engines.forms.api import FormDefinition, Step
from madoguchi.kernel.l10n import Text
from madoguchi.rooms.catalogue.schema import Identifier, Strict

Rule = Any
"""A JSON Logic expression over the answers of the interview."""

FORM_PREFIX = "interview_"
"""The questions of an interview are published as the form of this id and the interview's."""


class Deadline(Strict):
    """By when a procedure must be asked for: words, the day as a rule, and where that is written."""

    text: Text
    by: Rule = None
    source: str
    status: Literal["verified", "unverified", "sample"]


class Ground(Strict):
    """Why a row does not apply: the first ground whose rule holds is said."""

    when: Rule = True
    text: Text


class Elsewhere(Strict):
    """What is not handed in here: another authority, or a counter of the ward; where to go, and what to bring."""

    title: Text
    where: Text
    note: Text | None = None
    url: str | None = None


class Rows(Strict):
    """How the rows of a repeating group of the procedure's form are made.

    ``row`` is evaluated once for each row of ``each`` (a list; the names of its row stand beside the answers), or once.
    """

    each: Rule = None
    row: dict[Identifier, Rule] = Field(min_length=1)


def _rows(value: Any) -> Any:
    """Read ``{row: …}`` and ``{each: …, row: …}`` as rows; anything else is a rule."""
    return Rows.model_validate(value) if isinstance(value, dict) and "row" in value else value


Filling = Annotated[Any, BeforeValidator(_rows)]
"""A rule, or ``Rows`` for a repeating group."""


class Row(Strict):
    """One row of the decision table: a procedure of the ward, or something that is done elsewhere."""

    id: Identifier | None = None
    procedure: Identifier | None = None
    elsewhere: Elsewhere | None = None
    applies: Rule = True
    because: Text
    not_because: list[Ground] = []
    optional: bool = False
    chosen: bool = True
    deadline: Deadline | None = None
    pattern: Identifier | None = None
    answers: dict[Identifier, Filling] = {}

    @model_validator(mode="after")
    def _whole(self) -> Row:
        if self.procedure is None and (self.elsewhere is None or self.id is None):
            raise ValueError("procedure を書くか、id と elsewhere（行き先）を書いてください")
        if self.elsewhere is not None and (self.answers or self.pattern):
            raise ValueError("elsewhere の行には answers を書けません（ここでは申請しないため）")
        return self

    @property
    def key(self) -> str:
        """Return the name by which the row is spoken of: its own id, else that of its procedure."""
        return self.id or str(self.procedure)

    @property
    def handed_in(self) -> bool:
        """Tell whether the procedure is asked for here."""
        return self.elsewhere is None


class Expectation(Strict):
    """What must come of an example: the rows that apply, and what each form still asks after the answers are laid in."""

    applies: list[Identifier]
    remaining: dict[Identifier, list[Identifier]] = {}


class InterviewExample(Strict):
    """A family as they would answer on a day, and what must come of it."""

    id: Identifier
    title: Text
    at: dt.date = dt.date(2026, 11, 2)
    answers: dict[str, Any]
    expect: Expectation


class Interview(Strict):
    """An interview (``kind: bundle``, handed in together) or a guide (``kind: guide``, only says what fits).

    ``patterns`` are answers that several rows fill in the same way, by a name of the clerk's own.
    """

    id: Identifier
    kind: Literal["bundle", "guide"] = "bundle"
    title: Text
    intro: Text
    life_event: Identifier | None = None
    icon: str = "list"
    order: int = 100
    minutes: int | None = Field(default=None, ge=1, le=120)
    valid_from: dt.date = dt.date(2026, 4, 1)
    source: str
    sample: bool = True
    steps: list[Step] = Field(min_length=1, max_length=20)
    patterns: dict[Identifier, dict[Identifier, Filling]] = {}
    rows: list[Row] = Field(min_length=1, max_length=60)
    examples: list[InterviewExample] = Field(min_length=1)

    @model_validator(mode="after")
    def _patterns_known(self) -> Interview:
        unknown = sorted({row.pattern for row in self.rows if row.pattern} - set(self.patterns))
        if unknown:
            raise ValueError(f"pattern（{'、'.join(unknown)}）が patterns にありません")
        return self

    def answers_of(self, row: Row) -> dict[str, Any]:
        """Return how the questions of a row's form are filled: its pattern, then its own answers."""
        return {**(self.patterns[row.pattern] if row.pattern else {}), **row.answers}

    @property
    def form_id(self) -> str:
        """Return the id of the form under which the questions are published."""
        return FORM_PREFIX + self.id

    def as_form(self, *, with_examples: bool = False) -> FormDefinition:
        """Return the questions as a form definition; *with_examples* for the checks."""
        examples = [FormExample(id=one.id, title=one.title, at=one.at, answers=one.answers) for one in self.examples]
        return FormDefinition(
            id=self.form_id,
            title=self.title,
            intro=self.intro,
            minutes=self.minutes,
            valid_from=self.valid_from,
            source=self.source,
            steps=self.steps,
            examples=examples if with_examples else [],
        )
