"""Rules as Japanese sentences: 「『申請者の区分』が『代理人』のとき」.

Owns the words of every operator of ``logic``. What it does not know, or cannot read, is shown as it is written (JSON),
never hidden. No storage, no clock; labels come from the definition the rule stands in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from madoguchi.engines.forms.condition_words import Predicate, Words, operation, quoted
from madoguchi.engines.forms.schema import FormDefinition

Fees = Mapping[str, str]
Said = TypeVar("Said")
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
UNREADABLE = "規則 "
"""Stands before the JSON of a rule that has no words."""


def describe_rule(rule: Any, definition: FormDefinition, *, fees: Fees | None = None) -> str:
    """Return when a rule holds: 「…のとき」, 「いつも」 for a condition that is not written. *fees* are titles by id."""
    if rule is None or rule is True:
        return "いつも"
    if rule is False:
        return "当てはまることはない"
    return _Reader(Words(definition, fees or {})).sentence(rule, "とき")


def describe_requirement(rule: Any, definition: FormDefinition, *, fees: Fees | None = None) -> str:
    """Return what a check demands: 「…であること」, 「…のときは、…であること」."""
    reader = _Reader(Words(definition, fees or {}))
    operator, arguments = operation(rule)
    if operator == "or" and len(arguments) == 2 and operation(arguments[0])[0] in {"!", "!=", "!=="}:
        first = reader.predicate(arguments[0]).denied()
        return f"{first.attributive}ときは、{reader.sentence(arguments[1], 'こと')}"
    return reader.sentence(rule, "こと")


def describe_value(rule: Any, definition: FormDefinition, *, fees: Fees | None = None, beside: str = "") -> str:
    """Return what a rule computes: 「今日の30日後」. *beside* is the id of the question whose unit a constant has."""
    text = _Reader(Words(definition, fees or {})).value(rule, beside={"var": beside} if beside else None)
    return text[1:-1] if operation(rule)[0] in _BRACKETED else text


def is_described(text: str) -> bool:
    """Tell whether a description has words for everything (no part was shown as JSON)."""
    return UNREADABLE not in text


def as_written(rule: Any) -> str:
    """Return a rule as it is written (JSON)."""
    return UNREADABLE + json.dumps(rule, ensure_ascii=False, default=str)


_SIDES = {">=": ("以上", "以後"), "<=": ("以下", "以前"), ">": ("より大きく", "より後"), "<": ("未満", "より前")}
_FLIPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_BRACKETED = frozenset({"if", "min", "max", "cat"})
_JOINTS = {"and": "、かつ", "or": "、または"}
_LISTS = {"and": "次のすべてに当てはまる", "or": "次のどれかに当てはまる"}
_DENIED_LISTS = {"and": "次のすべてに同時には当てはまらない", "or": "次のどれにも当てはまらない"}


class _Reader:
    """Reads one rule with the labels of one form."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def sentence(self, rule: Any, noun: str) -> str:
        """Return a rule as a sentence that ends in *noun*; long ones as a numbered list."""
        operator, arguments = operation(rule)
        inner, denied = (
            (operation(arguments[0]), True) if operator == "!" and arguments else ((operator, arguments), False)
        )
        if inner[0] in _LISTS and self._is_long(*inner):
            head = (_DENIED_LISTS if denied else _LISTS)[inner[0]] + noun
            lines = [f"{mark} {self.predicate(item).final}" for mark, item in zip(MARKS, inner[1], strict=False)]
            return f"{head}：{'　'.join(lines)}"
        found = self.predicate(rule)
        return (found.attributive if noun == "とき" else found.final) + noun

    def predicate(self, rule: Any) -> Predicate:
        """Return a rule as a statement."""
        operator, arguments = operation(rule)
        read = _PREDICATES.get(operator)
        if read is not None:
            try:
                return read(self, operator, arguments)
            except (IndexError, TypeError, ValueError):
                return Predicate(f"{as_written(rule)} が", "naritatsu")
        if operator in _VALUES:
            return self._truth(rule)
        if isinstance(rule, bool):
            return Predicate("いつも" if rule else "当てはまら", "noun" if rule else "nai")
        return Predicate(f"{as_written(rule)} が", "naritatsu")

    def value(self, rule: Any, *, beside: Any = None) -> str:
        """Return a rule as a noun phrase; *beside* is the rule a constant is compared with."""
        if isinstance(rule, list) and any(isinstance(item, dict) for item in rule):
            return "・".join(self.value(item, beside=beside) for item in rule)
        if not isinstance(rule, dict):
            return self.words.constant(rule, beside=beside)
        operator, arguments = operation(rule)
        if operator in _PREDICATES:
            return f"（{self.predicate(rule).before_or}かどうか）"
        try:
            return _VALUES[operator](self, operator, arguments)
        except (KeyError, IndexError, TypeError, ValueError):
            return as_written(rule)

    def _is_long(self, operator: str, arguments: list[Any]) -> bool:
        if operator == "or" and self._same_question(arguments):
            return False
        mixed = any(operation(item)[0] in {*_LISTS, "some", "all", "none"} for item in arguments)
        return len(arguments) > 2 or (len(arguments) == 2 and mixed)

    def _truth(self, rule: Any) -> Predicate:
        asked = self.words.asked(rule)
        if asked and asked.type == "yes_no":
            return Predicate(f"{self.value(rule)}が『はい』")
        if asked and asked.type == "consent":
            return Predicate(f"{self.value(rule)}に同意が", "aru")
        if self.words.is_number(rule):
            return Predicate(f"{self.value(rule)}が0で", "nai")
        return Predicate(f"{self.value(rule)}に答えが", "aru")

    def equal(self, operator: str, arguments: list[Any]) -> Predicate:
        """Read == and !=."""
        left, right = arguments
        if not isinstance(left, dict):
            left, right = right, left
        if right is None:
            return self._truth(left) if operator.startswith("!") else self._truth(left).denied()
        found = Predicate(f"{self.value(left)}が{self.value(right, beside=left)}")
        return found.denied() if operator.startswith("!") else found

    def order(self, operator: str, arguments: list[Any]) -> Predicate:
        """Read <, <=, > and >=, of two or three."""
        if len(arguments) == 3:
            if operator in {">", ">="}:
                operator, arguments = _FLIPPED[operator], arguments[::-1]
            low, middle, high = arguments
            first = self._side(_FLIPPED[operator], low, middle)
            return Predicate(f"{self.value(middle)}が{first}、{self._side(operator, high, middle)}")
        left, right = arguments
        if not isinstance(left, dict):
            left, right, operator = right, left, _FLIPPED[operator]
        if operator == ">" and not self._is_time(left, right):
            return Predicate(f"{self.value(left)}が{self.value(right, beside=left)}を", "koeru")
        return Predicate(f"{self.value(left)}が{self._side(operator, right, left)}")

    def _is_time(self, *rules: Any) -> bool:
        return any(self.words.is_time(rule) for rule in rules)

    def _side(self, operator: str, bound: Any, beside: Any) -> str:
        return self.value(bound, beside=beside) + _SIDES[operator][self._is_time(bound, beside)]

    def within(self, operator: str, arguments: list[Any]) -> Predicate:
        """Read "in"."""
        needle, hay = arguments
        if isinstance(hay, list):
            some = "" if len(hay) == 1 else "のどれか"
            return Predicate(f"{self.value(needle)}が{self.value(hay, beside=needle)}{some}")
        if not isinstance(hay, dict):
            return Predicate(f"{self.value(hay)}に{self.value(needle)}を", "fukumu")
        return Predicate(f"{self.value(hay)}に{self.value(needle, beside=hay)}を", "fukumu")

    def joined(self, operator: str, arguments: list[Any]) -> Predicate:
        """Read "and" and "or"."""
        if len(arguments) == 1:
            return self.predicate(arguments[0])
        same = self._same_question(arguments) if operator == "or" else None
        if same:
            asked, values = same
            return Predicate(f"{self.value(asked)}が{self.value(values, beside=asked)}のどれか")
        parts = [self._wrapped(item, operator) for item in arguments]
        middle = [part.joined if operator == "and" else f"{part.before_or}か" for part in parts[:-1]]
        return Predicate(_JOINTS[operator].join([*middle, parts[-1].stem]), parts[-1].ending)

    def _wrapped(self, rule: Any, outer: str) -> Predicate:
        """Return a part of "and"/"or"; the other of the two inside it stands in brackets."""
        inner, arguments = operation(rule)
        if inner in _LISTS and inner != outer and len(arguments) > 1 and not self._same_question(arguments):
            return Predicate(f"（{self.predicate(rule).final}）")
        return self.predicate(rule)

    def _same_question(self, arguments: list[Any]) -> tuple[Any, list[Any]] | None:
        """Return (question, answers) when every part asks whether the same question has some answer."""
        pairs = [operation(item)[1] for item in arguments if operation(item)[0] in {"==", "==="}]
        if len(pairs) < len(arguments) or len(pairs) < 2 or any(len(pair) != 2 for pair in pairs):
            return None
        constant = all(not isinstance(pair[1], dict | list) for pair in pairs)
        return (
            (pairs[0][0], [pair[1] for pair in pairs]) if constant and all(p[0] == pairs[0][0] for p in pairs) else None
        )

    def denied(self, operator: str, arguments: list[Any]) -> Predicate:
        """Read "!"."""
        inner, parts = operation(arguments[0])
        if inner in _LISTS and len(parts) > 1 and not self._same_question(parts):
            return Predicate(f"（{self.predicate(arguments[0]).final}）", "noun").denied()
        return self.predicate(arguments[0]).denied()

    def rows(self, operator: str, arguments: list[Any]) -> Predicate:
        """Read "some", "all" and "none"."""
        source, body = arguments
        if operator == "all":
            return Predicate(f"{self.value(source)}のすべてに「{self._each(body, source).final}」が", "ataru")
        return Predicate(
            f"{self.value(source)}の中に、{self._each(body, source).attributive}ものが",
            "aru" if operator == "some" else "nai",
        )

    def _each(self, body: Any, source: Any) -> Predicate:
        """Return the statement about one row; the bare row (var "") is compared like the question it belongs to."""
        return self._within_rows(source, lambda: self.predicate(body))

    def _within_rows(self, source: Any, read: Callable[[], Said]) -> Said:
        before, self.words.bare = self.words.bare, self.words.asked(source)
        try:
            return read()
        finally:
            self.words.bare = before

    def chosen(self, operator: str, arguments: list[Any]) -> str:
        """Read "if"."""
        pairs = list(zip(arguments[::2], arguments[1::2], strict=False))
        parts = [f"{self.predicate(when).attributive}ときは{self.value(then)}" for when, then in pairs]
        if len(arguments) % 2:
            parts.append(f"それ以外は{self.value(arguments[-1])}")
        return f"（{'、'.join(parts)}）"

    def variable(self, operator: str, arguments: list[Any]) -> str:
        """Read "var"."""
        name = self.words.name(_text(arguments[0]))
        return name if len(arguments) < 2 else f"{name}（未回答なら{self.value(arguments[1])}）"

    def arithmetic(self, operator: str, arguments: list[Any]) -> str:
        """Read +, -, *, / and %."""
        if operator == "-" and len(arguments) == 1:
            return f"{self._term(arguments[0])}の符号を変えた値"
        if operator == "%":
            return f"{self._term(arguments[0])}を{self._term(arguments[1])}で割った余り"
        sign = {"+": " ＋ ", "-": " － ", "*": " × ", "/": " ÷ "}[operator]
        return sign.join(self._term(item) for item in arguments)

    def _term(self, rule: Any) -> str:
        text = self.value(rule)
        return f"（{text}）" if operation(rule)[0] in {"+", "-", "*", "/", "%"} else text

    def shifted(self, operator: str, arguments: list[Any]) -> str:
        """Read add_days, add_months and add_years."""
        unit = {"add_days": "日", "add_months": "か月", "add_years": "年"}[operator]
        start, count = self.value(arguments[0]), arguments[1]
        if not isinstance(count, int):
            return f"{start}に「{self.value(count)}」{unit}を足した日"
        if count == 0:
            return start
        return f"{start}の{abs(count)}{unit}{'後' if count > 0 else '前'}"

    def extreme(self, operator: str, arguments: list[Any]) -> str:
        """Read "min" and "max"; a single list is a question with rows."""
        if len(arguments) == 1:
            return f"（{self.value(arguments[0])}のうち最も{'小さい' if operator == 'min' else '大きい'}値）"
        words = {"min": ("小さい", "早い"), "max": ("大きい", "遅い")}[operator]
        which = words[self._is_time(*arguments)]
        shown = "と".join(self._term(item) for item in arguments)
        return f"（{shown}のうち{'' if len(arguments) == 2 else '最も'}{which}方）"

    def filtered(self, operator: str, arguments: list[Any]) -> str:
        """Read "filter"."""
        return f"{self.value(arguments[0])}のうち{self._each(arguments[1], arguments[0]).attributive}もの"

    def mapped(self, operator: str, arguments: list[Any]) -> str:
        """Read "map"."""
        return (
            f"{self.value(arguments[0])}それぞれの{self._within_rows(arguments[0], lambda: self.value(arguments[1]))}"
        )

    def reduced(self, operator: str, arguments: list[Any]) -> str:
        """Read "reduce"."""
        source, body, start = arguments
        return f"{self.value(source)}を順に「{self.value(body)}」でまとめた値（初めは{self.value(start)}）"

    def rate(self, operator: str, arguments: list[Any]) -> str:
        """Read "rate"."""
        return f"手数料{quoted(self.words.fees.get(_text(arguments[0]), arguments[0]))}の額"

    def phrase(self, operator: str, arguments: list[Any]) -> str:
        """Read the operators that are one phrase around their arguments."""
        phrase = _PHRASES[operator]
        return phrase.format(*(self._term(item) for item in arguments[: phrase.count("{}")]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a name is a text")
    return value


_PHRASES = {
    "floor": "{}（小数点以下を切り捨て）",
    "ceil": "{}（小数点以下を切り上げ）",
    "count": "{}の数",
    "sum": "{}の合計",
    "age": "{}に生まれた方の{}時点の年齢",
    "days_between": "{}から{}までの日数",
    "fiscal_year": "{}の年度",
    "year": "{}の年",
    "month": "{}の月",
    "weekday": "{}の曜日",
}

_PREDICATES: dict[str, Callable[[_Reader, str, list[Any]], Predicate]] = {
    **dict.fromkeys(("==", "===", "!=", "!=="), _Reader.equal),
    **dict.fromkeys(("<", "<=", ">", ">="), _Reader.order),
    **dict.fromkeys(("and", "or"), _Reader.joined),
    **dict.fromkeys(("some", "all", "none"), _Reader.rows),
    "in": _Reader.within,
    "!": _Reader.denied,
    "!!": lambda reader, _, arguments: reader.predicate(arguments[0]),
    "empty": lambda reader, _, arguments: Predicate(f"{reader.value(arguments[0])}に答えが", "nai"),
}
_VALUES: dict[str, Callable[[_Reader, str, list[Any]], str]] = {
    **dict.fromkeys(("+", "-", "*", "/", "%"), _Reader.arithmetic),
    **dict.fromkeys(("add_days", "add_months", "add_years"), _Reader.shifted),
    **dict.fromkeys(("min", "max"), _Reader.extreme),
    **dict.fromkeys(_PHRASES, _Reader.phrase),
    "var": _Reader.variable,
    "if": _Reader.chosen,
    "cat": lambda reader, _, arguments: f"（{'と'.join(reader.value(item) for item in arguments)}をつないだ文字）",
    "filter": _Reader.filtered,
    "map": _Reader.mapped,
    "reduce": _Reader.reduced,
    "rate": _Reader.rate,
}
