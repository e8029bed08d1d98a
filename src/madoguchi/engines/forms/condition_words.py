"""The words of described rules: labels of questions and answers, units, and the endings of Japanese predicates.

Owns how a name, a constant and a predicate are spelled. What an operator means in words is in ``conditions``. No storage.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from madoguchi.engines.forms.messages import message
from madoguchi.engines.forms.schema import FieldDef, FormDefinition
from madoguchi.engines.forms.types.choices import options_of
from madoguchi.kernel import calendar

Ending = Literal["noun", "nai", "aru", "fukumu", "ataru", "naritatsu", "koeru"]

# ending: (before a noun, at the end, before "and")
_ENDINGS: dict[str, tuple[str, str, str]] = {
    "noun": ("の", "である", "で"),
    "nai": ("ない", "ない", "なく"),
    "aru": ("ある", "ある", "あり"),
    "fukumu": ("含む", "含む", "含み"),
    "ataru": ("当てはまる", "当てはまる", "当てはまり"),
    "naritatsu": ("成り立つ", "成り立つ", "成り立ち"),
    "koeru": ("超える", "超える", "超え"),
}
_DENIED = {"noun": "で", "aru": "", "fukumu": "含ま", "ataru": "当てはまら", "naritatsu": "成り立た", "koeru": "超え"}
_AFFIRMED: dict[str, Ending] = {
    "で": "noun", "含ま": "fukumu", "当てはまら": "ataru", "成り立た": "naritatsu", "超え": "koeru",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Predicate:
    """A statement whose ending follows its place: 「…のとき」「…であること」「…で、かつ…」."""

    stem: str
    ending: Ending = "noun"

    @property
    def attributive(self) -> str:
        """Return the statement as it stands before a noun (とき, もの)."""
        return self.stem + _ENDINGS[self.ending][0]

    @property
    def final(self) -> str:
        """Return the statement as it ends a sentence."""
        return self.stem + _ENDINGS[self.ending][1]

    @property
    def joined(self) -> str:
        """Return the statement as it stands before かつ."""
        return self.stem + _ENDINGS[self.ending][2]

    @property
    def before_or(self) -> str:
        """Return the statement as it stands before または."""
        return self.stem if self.ending == "noun" else self.final

    def denied(self) -> Predicate:
        """Return the opposite statement."""
        if self.ending != "nai":
            return Predicate(self.stem + _DENIED[self.ending], "nai")
        for tail, ending in _AFFIRMED.items():
            if self.stem.endswith(tail):
                return Predicate(self.stem.removesuffix(tail), ending)
        return Predicate(self.stem, "aru")


CONTEXT = {
    "@today": "今日",
    "@fiscal_year": "今年度",
    "@channel": "受付方法",
    "": "それ",
    "accumulator": "ここまでの値",
}
"""What the variables are called that no question answers."""

CHANNELS = {"online": "オンライン", "counter": "窓口", "post": "郵送", "phone": "電話", "konbini": "コンビニ"}
WEEKDAYS = "月火水木金土日"
UNITS = {
    "days_between": "日",
    "age": "歳",
    "rate": "円",
    "fiscal_year": "年度",
    "year": "年",
    "month": "月",
    "count": "個",
}
"""The unit of what an operator returns."""

_DATES = frozenset({"add_days", "add_months", "add_years"})
_DATE_TYPES = frozenset({"date", "year_month", "time"})
_NUMBER_TYPES = frozenset({"integer", "decimal", "yen"})
_YES_NO = {True: "はい", False: "いいえ"}


def quoted(text: str) -> str:
    """Return a label in the brackets that labels stand in."""
    return f"『{text}』"


def operation(rule: Any) -> tuple[str, list[Any]]:
    """Return (operator, arguments) of a rule; ('', []) for a constant or what is no rule."""
    if not isinstance(rule, dict) or len(rule) != 1:
        return "", []
    operator, raw = next(iter(rule.items()))
    return str(operator), raw if isinstance(raw, list) else [raw]


def show_day(text: str) -> str:
    """Return an ISO date or month as people read it, anything else unchanged."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return calendar.wareki(dt.date.fromisoformat(text))
        except ValueError:
            return text
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return calendar.wareki(dt.date.fromisoformat(f"{text}-01")).removesuffix("1日")
    return text


def show_number(value: int | float) -> str:
    """Return a number with separators between thousands."""
    return f"{value:,}"


@dataclass(slots=True)
class Words:
    """The labels of one form, by id; ``fees`` gives titles of fees by id where they are known.

    ``bare`` is the question whose single answers the variable "" stands for, inside "some" and its like.
    """

    definition: FormDefinition
    fees: Mapping[str, str] = field(default_factory=dict)
    fields: dict[str, FieldDef] = field(init=False)
    bare: FieldDef | None = None

    def __post_init__(self) -> None:
        self.fields = {item.id: item for item in _all_fields(self.definition)}

    def asked(self, rule: Any) -> FieldDef | None:
        """Return the question whose whole answer a rule reads, or None."""
        operator, arguments = operation(rule)
        if operator != "var" or not arguments or not isinstance(arguments[0], str):
            return None
        return self.fields.get(arguments[0].removeprefix("current.")) if arguments[0] else self.bare

    def name(self, variable: str) -> str:
        """Return what a variable is called."""
        if variable in CONTEXT:
            return CONTEXT[variable]
        if variable == "current" or variable.startswith("current."):
            inner = variable.removeprefix("current").removeprefix(".")
            return f"その行の{self.name(inner)}" if inner else "その行"
        head, _, tail = variable.partition(".")
        asked = self.fields.get(head)
        label = quoted(str(asked.label) if asked else head)
        return f"{label}の{self.part(tail)}" if tail else label

    def part(self, name: str) -> str:
        """Return what a part of an answer (a line of an address, say) is called."""
        known = message(f"part.{name}", "ja") if re.fullmatch(r"[a-z_]+", name) else name
        return name if known.endswith(f"part.{name}") else known

    def constant(self, value: Any, *, beside: Any = None) -> str:
        """Return a constant as it reads next to the rule it is compared with."""
        asked, (operator, arguments) = self.asked(beside), operation(beside)
        if isinstance(value, bool):
            return quoted(_YES_NO[value])
        if value is None:
            return "値なし"
        if isinstance(value, list):
            return "・".join(self.constant(item, beside=beside) for item in value)
        if operator == "var" and arguments == ["@channel"]:
            return quoted(CHANNELS.get(str(value), str(value)))
        if asked:
            for option in options_of(asked):
                if option.value == value:
                    return quoted(str(option.label))
        if isinstance(value, int | float):
            if operator == "weekday" and value in range(7):
                return f"{WEEKDAYS[int(value)]}曜日"
            return show_number(value) + self.unit(beside)
        shown = show_day(str(value))
        return shown if shown != value else f"「{value}」"

    def unit(self, rule: Any) -> str:
        """Return the unit of what a rule returns, '' when it has none."""
        asked, (operator, arguments) = self.asked(rule), operation(rule)
        if asked:
            return "円" if asked.type == "yen" or asked.format == "yen" else str(asked.unit or "")
        if operator == "var" and arguments == ["@fiscal_year"]:
            return "年度"
        if operator in {"+", "-", "min", "max", "floor", "ceil", "if"}:
            return next((unit for item in arguments if (unit := self.unit(item))), "")
        return UNITS.get(operator, "")

    def is_time(self, rule: Any) -> bool:
        """Tell whether a rule returns a day or a time of day."""
        asked, (operator, arguments) = self.asked(rule), operation(rule)
        if asked:
            return asked.type in _DATE_TYPES or asked.format == "date"
        if operator in {"min", "max"}:
            return any(self.is_time(item) for item in arguments)
        return operator in _DATES or arguments == ["@today"] or (isinstance(rule, str) and show_day(rule) != rule)

    def is_number(self, rule: Any) -> bool:
        """Tell whether a rule returns a number."""
        asked, (operator, _) = self.asked(rule), operation(rule)
        if asked:
            return asked.type in _NUMBER_TYPES or asked.format in {"integer", "yen"}
        return operator in {*UNITS, "+", "-", "*", "/", "%", "floor", "ceil", "sum", "min", "max"}


def _all_fields(definition: FormDefinition) -> Iterator[FieldDef]:
    """Yield every question of a form, those in groups included."""
    for step in definition.steps:
        for item in step.fields:
            yield item
            yield from item.fields or ()
