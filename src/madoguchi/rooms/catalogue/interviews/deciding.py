"""What follows from the answers of an interview: which rows apply and why, and what each procedure's form is told.

Owns the decision. Pure: answers (the scope of an evaluated form) in, decisions with reasons out; no Django, no clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.forms.api import CompiledRule, RuleError, compile_rule
from madoguchi.kernel.l10n import LocalText
from madoguchi.rooms.catalogue.interviews.schema import Interview, Row, Rows

Scope = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompiledRow:
    """A row with its rules compiled; ``answers`` by field of the procedure's form."""

    row: Row
    applies: CompiledRule
    grounds: tuple[tuple[CompiledRule, LocalText], ...]
    deadline: CompiledRule | None
    answers: tuple[tuple[str, CompiledRule | CompiledRows], ...]

    def rules(self) -> Iterator[tuple[tuple[str | int, ...], CompiledRule]]:
        """Yield every rule with its place inside the row."""
        yield ("applies",), self.applies
        yield from ((("not_because", i, "when"), rule) for i, (rule, _) in enumerate(self.grounds))
        if self.deadline is not None:
            yield ("deadline", "by"), self.deadline
        for name, filling in self.answers:
            if isinstance(filling, CompiledRule):
                yield ("answers", name), filling
                continue
            if filling.each is not None:
                yield ("answers", name, "each"), filling.each
            yield from ((("answers", name, "row", child), rule) for child, rule in filling.row)


@dataclass(frozen=True, slots=True)
class CompiledRows:
    """The rules by which the rows of a repeating group are made."""

    each: CompiledRule | None
    row: tuple[tuple[str, CompiledRule], ...]

    def fill(self, scope: Scope) -> list[dict[str, Any]]:
        """Return the rows; what has no value is left out."""
        found = [{}] if self.each is None else self.each(scope)
        rows = [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
        return [_filled(self.row, {**scope, **item}) for item in rows]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the table says of one row: whether it applies, why (not), and by which day."""

    row: CompiledRow
    applies: bool
    reason: LocalText
    due_on: dt.date | None = None

    @property
    def key(self) -> str:
        """Return the key of the row."""
        return self.row.row.key


class RowError(ValueError):
    """A row that cannot be compiled; ``path`` leads to the wrong place in it."""

    def __init__(self, message: str, path: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.path = path


def compile_rows(interview: Interview) -> tuple[CompiledRow, ...]:
    """Compile the decision table. Raises RowError with the place of the wrong rule."""
    return tuple(_compile(row, interview.answers_of(row), ("rows", i)) for i, row in enumerate(interview.rows))


def _compile(row: Row, answers: Mapping[str, Any], path: tuple[str | int, ...]) -> CompiledRow:
    grounds = tuple(
        (_rule(ground.when, (*path, "not_because", i, "when")), ground.text) for i, ground in enumerate(row.not_because)
    )
    by = row.deadline.by if row.deadline else None
    return CompiledRow(
        row=row,
        applies=_rule(row.applies, (*path, "applies")),
        grounds=grounds,
        deadline=None if by is None else _rule(by, (*path, "deadline", "by")),
        answers=tuple((name, _filling(item, (*path, "answers", name))) for name, item in answers.items()),
    )


def _filling(item: Any, path: tuple[str | int, ...]) -> CompiledRule | CompiledRows:
    if not isinstance(item, Rows):
        return _rule(item, path)
    children = tuple((name, _rule(rule, (*path, "row", name))) for name, rule in item.row.items())
    return CompiledRows(None if item.each is None else _rule(item.each, (*path, "each")), children)


def _rule(rule: Any, path: tuple[str | int, ...]) -> CompiledRule:
    try:
        return compile_rule(rule)
    except RuleError as error:
        raise RowError(str(error), (*path, *error.path)) from error


def decide(rows: tuple[CompiledRow, ...], scope: Scope) -> list[Decision]:
    """Decide every row, in the order of the table."""
    return [_decide(row, scope) for row in rows]


def _decide(row: CompiledRow, scope: Scope) -> Decision:
    if row.applies(scope):
        return Decision(row, True, row.row.because, _day(row.deadline, scope))
    said = (text for rule, text in row.grounds if rule(scope))
    return Decision(row, False, next(said, LocalText()))


def _day(rule: CompiledRule | None, scope: Scope) -> dt.date | None:
    value = rule(scope) if rule is not None else None
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def answers_for(row: CompiledRow, scope: Scope) -> dict[str, Any]:
    """Return what the answers of the interview say to the questions of the row's form; unknown values are left out."""
    plain = [(name, rule) for name, rule in row.answers if isinstance(rule, CompiledRule)]
    filled = _filled(plain, scope)
    for name, rule in row.answers:
        if isinstance(rule, CompiledRows):
            filled[name] = rule.fill(scope)
    return filled


def _filled(rules: Any, scope: Scope) -> dict[str, Any]:
    values = {name: rule(scope) for name, rule in rules}
    return {name: value for name, value in values.items() if value is not None and value != ""}
