"""Branches as sentences: 「『申請者』が『代理人』」 as a question, a comparison and a value, joined by かつ or または.

Owns the reading of rules into clauses and back. A rule is offered for editing only when writing its clauses back gives exactly
the same rule; every other rule is shown as it is and kept untouched. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from madoguchi.kernel.text import normalise_width

CHOICES = frozenset({"choice", "relationship"})
NUMBERS = frozenset({"integer", "decimal", "yen"})
DAYS = frozenset({"date", "year_month", "time"})
COMPARISONS = {
    "is": "が次の答え",
    "is_not": "が次の答えでない",
    "one_of": "が次のどれか",
    "holds": "に次が含まれる",
    "at_least": "が次以上・以後",
    "at_most": "が次以下・以前",
    "more": "が次より大きい・後",
    "less": "が次より小さい・前",
    "answered": "に答えがある",
    "empty": "に答えがない",
}
"""What a clause may say, by id."""
_ORDER = {"at_least": ">=", "at_most": "<=", "more": ">", "less": "<"}
NO_VALUE = frozenset({"answered", "empty"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement about a question; ``value`` is a constant (a list for "one_of")."""

    field: str
    comparison: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Clauses that all (``and``) or partly (``or``) hold."""

    clauses: tuple[Clause, ...]
    joint: str = "and"


def offered(kind: str) -> list[str]:
    """Return the comparisons that make sense for a type of question."""
    if kind in CHOICES:
        return ["is", "is_not", "one_of", "answered", "empty"]
    if kind == "choices":
        return ["holds", "answered", "empty"]
    if kind in {"yes_no", "consent"}:
        return ["is", "is_not"]
    if kind in NUMBERS | DAYS:
        return ["at_least", "at_most", "more", "less", "is", "is_not", "answered", "empty"]
    return ["is", "is_not", "answered", "empty"]


def read_rule(rule: Any) -> Sentence | None:
    """Return a rule as clauses, None when clauses cannot say exactly the same."""
    sentence = _read(rule)
    return sentence if sentence is not None and write_rule(sentence) == rule else None


def _read(rule: Any) -> Sentence | None:
    if isinstance(rule, dict) and len(rule) == 1:
        operator, arguments = next(iter(rule.items()))
        if operator in {"and", "or"} and isinstance(arguments, list) and len(arguments) > 1:
            clauses = [_clause(item) for item in arguments]
            return None if None in clauses else Sentence(tuple(c for c in clauses if c), operator)
    clause = _clause(rule)
    return Sentence((clause,)) if clause else None


def _clause(rule: Any) -> Clause | None:
    if not isinstance(rule, dict) or len(rule) != 1:
        return None
    operator, arguments = next(iter(rule.items()))
    if operator == "empty":
        return _named(_variable(arguments), "empty")
    if operator == "!" and isinstance(arguments, dict) and "empty" in arguments:
        return _named(_variable(arguments["empty"]), "answered")
    if not isinstance(arguments, list) or len(arguments) != 2:
        return None
    if operator == "in":
        if isinstance(arguments[1], list):
            return _named(_variable(arguments[0]), "one_of", arguments[1])
        return _named(_variable(arguments[1]), "holds", arguments[0])
    comparison = {"==": "is", "!=": "is_not", **{sign: name for name, sign in _ORDER.items()}}.get(operator)
    return _named(_variable(arguments[0]), comparison, arguments[1]) if comparison else None


def _named(field: str | None, comparison: str, value: Any = None) -> Clause | None:
    constant = not isinstance(value, dict) and not (isinstance(value, list) and any(isinstance(v, dict) for v in value))
    return Clause(field, comparison, value) if field and constant else None


def _variable(rule: Any) -> str | None:
    """Return the question whose whole answer a rule reads, None for anything else."""
    if isinstance(rule, list) and len(rule) == 1:
        rule = rule[0]
    if isinstance(rule, dict) and set(rule) == {"var"}:
        name = rule["var"]
        if isinstance(name, str) and name and not name.startswith("@") and "." not in name:
            return name
    return None


def write_rule(sentence: Sentence) -> Any:
    """Return the rule that clauses say."""
    rules = [_rule(clause) for clause in sentence.clauses]
    return rules[0] if len(rules) == 1 else {sentence.joint: rules}


def _rule(clause: Clause) -> dict[str, Any]:
    variable = {"var": clause.field}
    if clause.comparison == "empty":
        return {"empty": variable}
    if clause.comparison == "answered":
        return {"!": {"empty": variable}}
    if clause.comparison == "one_of":
        return {"in": [variable, list(clause.value)]}
    if clause.comparison == "holds":
        return {"in": [clause.value, variable]}
    sign = {"is": "==", "is_not": "!=", **_ORDER}[clause.comparison]
    return {sign: [variable, clause.value]}


def read_value(field: Mapping[str, Any], comparison: str, posted: Sequence[str]) -> Any:
    """Return the constant that was typed for a question. Raises ValueError with the mend in Japanese."""
    kind, values = str(field["type"]), [text.strip() for text in posted if text.strip()]
    if comparison in NO_VALUE:
        return None
    if not values:
        raise ValueError("比べる答えを選ぶか、入力してください。")
    if comparison == "one_of":
        return values
    text = values[0]
    if kind in {"yes_no", "consent"}:
        return text == "1"
    if kind in NUMBERS:
        digits = normalise_width(text).replace(",", "").replace("円", "")
        try:
            return int(digits) if kind != "decimal" or digits.lstrip("-").isdigit() else float(digits)
        except ValueError:
            raise ValueError("数字を入力してください。") from None
    return text
