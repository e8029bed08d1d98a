"""JSON Logic compiled once to Python closures.

Owns the operators of the rule language. Pure: no Django, no clock; "today" comes in as the variable ``@today``.

A compiled rule is a function of a *scope* (a mapping from variable name to value). A missing operand makes a comparison
false and an arithmetic result ``None``: an unanswered question never raises. Source of the exchange format:
jsonlogic.com; our own operators are in ``_OWN``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LARGEST = 10**18
"""Numbers beyond this are no answer and no amount: rules treat them as missing."""

Scope = Mapping[str, Any]
Closure = Callable[[Scope], Any]


class RuleError(ValueError):
    """A rule that cannot be compiled; ``path`` says where inside the rule."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run, with the variables and fee rates it reads."""

    run: Closure
    variables: frozenset[str]
    rates: frozenset[str] = frozenset()
    constant: bool = False

    def __call__(self, scope: Scope) -> Any:
        return self.run(scope)


def is_true(value: Any) -> bool:
    """JSON Logic truth: empty list, empty string, 0 and None are false."""
    return bool(value)


def compile_rule(rule: Any) -> CompiledRule:
    """Compile a JSON Logic *rule*. Raises RuleError with the path of the wrong part."""
    reads: set[str] = set()
    rates: set[str] = set()
    run = _compile(rule, (), reads, rates, inner=False)
    return CompiledRule(run, frozenset(reads), frozenset(rates), constant=not isinstance(rule, dict | list))


def _compile(rule: Any, path: tuple[str | int, ...], reads: set[str], rates: set[str], *, inner: bool) -> Closure:
    if isinstance(rule, list):
        parts = [_compile(item, (*path, i), reads, rates, inner=inner) for i, item in enumerate(rule)]
        return lambda scope: [part(scope) for part in parts]
    if not isinstance(rule, dict):
        return lambda scope: rule
    if len(rule) != 1:
        raise RuleError("規則は {演算子: 引数} の形で、演算子は一つだけ書いてください", path)
    operator, raw = next(iter(rule.items()))
    here = (*path, operator)
    if operator == "var":
        return _compile_var(raw, here, reads, inner=inner)
    arguments = raw if isinstance(raw, list) else [raw]
    if operator == "rate":
        return _compile_rate(arguments, here, rates)
    if operator == "reduce" or operator in _ITERATORS:
        return _compile_iterator(operator, arguments, here, reads, rates)
    if operator not in _OPERATORS:
        raise RuleError(f"知らない演算子です: {operator}", here)
    low, high, build = _OPERATORS[operator]
    if not low <= len(arguments) <= high:
        raise RuleError(f"{operator} の引数は {low}〜{high} 個です（{len(arguments)} 個あります）", here)
    return build([_compile(item, (*here, i), reads, rates, inner=inner) for i, item in enumerate(arguments)])


def _compile_var(raw: Any, path: tuple[str | int, ...], reads: set[str], *, inner: bool) -> Closure:
    arguments = raw if isinstance(raw, list) else [raw]
    name, default = arguments[0], arguments[1] if len(arguments) > 1 else None
    if not isinstance(name, str) or (not name and not inner):
        raise RuleError("var には質問の id を書いてください", path)
    if name == "":
        return lambda scope: scope.get("", default)
    head, *tail = name.split(".")
    reads.add(name)
    if not tail:

        def plain(scope: Scope) -> Any:
            value = scope.get(head)
            return default if value is None else value

        return plain

    def deep(scope: Scope) -> Any:
        value = scope.get(head)
        for key in tail:
            value = value.get(key) if isinstance(value, Mapping) else None
        return default if value is None else value

    return deep


def _compile_rate(arguments: list[Any], path: tuple[str | int, ...], rates: set[str]) -> Closure:
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise RuleError("rate には fees.yaml の id を一つ書いてください", path)
    name = arguments[0]
    rates.add(name)

    def rate(scope: Scope) -> Any:
        table = scope.get("@rates")
        return table(name) if callable(table) else None

    return rate


def _compile_iterator(
    operator: str, arguments: list[Any], path: tuple[str | int, ...], reads: set[str], rates: set[str]
) -> Closure:
    expected = 3 if operator == "reduce" else 2
    if len(arguments) != expected:
        raise RuleError(f"{operator} の引数は {expected} 個です", path)
    source = _compile(arguments[0], (*path, 0), reads, rates, inner=True)
    body_reads: set[str] = set()
    body = _compile(arguments[1], (*path, 1), body_reads, rates, inner=True)
    # names read in the body may be the row's own or the form's: the compiler sorts them out
    reads |= {f"?{name}" for name in body_reads if not name.startswith("?")}
    if operator == "reduce":
        start = arguments[2]

        def reduce(scope: Scope) -> Any:
            total = start
            for item in _rows(source(scope)):
                total = body({**scope, "current": item, "accumulator": total})
            return total

        return reduce
    return _ITERATORS[operator](source, body)


def _rows(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _row_scope(scope: Scope, item: Any) -> Scope:
    row = dict(scope)
    if isinstance(item, Mapping):
        row.update(item)
    row[""] = item
    return row


_ITERATORS: dict[str, Callable[[Closure, Closure], Closure]] = {
    "some": lambda src, body: lambda s: any(is_true(body(_row_scope(s, i))) for i in _rows(src(s))),
    "all": lambda src, body: (
        lambda s: bool(_rows(src(s))) and all(is_true(body(_row_scope(s, i))) for i in _rows(src(s)))
    ),
    "none": lambda src, body: lambda s: not any(is_true(body(_row_scope(s, i))) for i in _rows(src(s))),
    "map": lambda src, body: lambda s: [body(_row_scope(s, i)) for i in _rows(src(s))],
    "filter": lambda src, body: lambda s: [i for i in _rows(src(s)) if is_true(body(_row_scope(s, i)))],
}


def _number(value: Any) -> int | float | None:
    """Return a value as a number, None when it is none or beyond ``LARGEST`` (infinite and NaN included)."""
    if isinstance(value, str) and len(value) <= 30:
        value = _read_number(value)
    if not isinstance(value, int | float):
        return None
    return value + 0 if -LARGEST < value < LARGEST else None


def _read_number(text: str) -> int | float | None:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _comparable(left: Any, right: Any) -> tuple[Any, Any] | None:
    if left is None or right is None:
        return None
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    a, b = _number(left), _number(right)
    return None if a is None or b is None else (a, b)


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[list[Closure]], Closure]:
    def build(args: list[Closure]) -> Closure:
        def run(scope: Scope) -> bool:
            values = [arg(scope) for arg in args]
            for left, right in itertools.pairwise(values):
                pair = _comparable(left, right)
                if pair is None or not test(*pair):
                    return False
            return True

        return run

    return build


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if type(left) is type(right) or left is None or right is None:
        return bool(left == right)
    a, b = _number(left), _number(right)
    return a == b if a is not None and b is not None else left == right


def _fold_numbers(step: Callable[[Any, Any], Any]) -> Callable[[list[Closure]], Closure]:
    def build(args: list[Closure]) -> Closure:
        def run(scope: Scope) -> Any:
            total: Any = None
            for arg in args:
                number = _number(arg(scope))
                if number is None:
                    return None
                total = number if total is None else step(total, number)
            return total

        return run

    return build


def _minus(args: list[Closure]) -> Closure:
    if len(args) == 1:
        return lambda s: None if (n := _number(args[0](s))) is None else -n
    return _fold_numbers(lambda a, b: a - b)(args)


def _divide(step: Callable[[Any, Any], Any]) -> Callable[[list[Closure]], Closure]:
    def build(args: list[Closure]) -> Closure:
        def run(scope: Scope) -> Any:
            a, b = _number(args[0](scope)), _number(args[1](scope))
            if a is None or b is None or b == 0:
                return None
            result = step(a, b)
            return int(result) if isinstance(result, float) and result.is_integer() else result

        return run

    return build


def _whole(step: Callable[[float], int], value: Any) -> int | None:
    number = _number(value)
    return None if number is None else step(number)


def _extreme(pick: Callable[[list[Any]], Any]) -> Callable[[list[Closure]], Closure]:
    def build(args: list[Closure]) -> Closure:
        def run(scope: Scope) -> Any:
            values = [value for arg in args if (value := arg(scope)) is not None]
            if len(values) == 1 and isinstance(values[0], list):
                values = [value for value in values[0] if value is not None]
            if values and all(isinstance(value, str) for value in values):
                return pick(values)
            numbers = [number for value in values if (number := _number(value)) is not None]
            return pick(numbers) if numbers else None

        return run

    return build


def _and(args: list[Closure]) -> Closure:
    return lambda scope: all(is_true(arg(scope)) for arg in args)


def _or(args: list[Closure]) -> Closure:
    return lambda scope: any(is_true(arg(scope)) for arg in args)


def _if(args: list[Closure]) -> Closure:
    def run(scope: Scope) -> Any:
        for i in range(0, len(args) - 1, 2):
            if is_true(args[i](scope)):
                return args[i + 1](scope)
        return args[-1](scope) if len(args) % 2 else None

    return run


def _in(args: list[Closure]) -> Closure:
    def run(scope: Scope) -> bool:
        needle, hay = args[0](scope), args[1](scope)
        if needle is None or hay is None:
            return False
        if isinstance(hay, str):
            return isinstance(needle, str) and needle in hay
        return isinstance(hay, list | tuple) and needle in hay

    return run


def _cat(args: list[Closure]) -> Closure:
    def text(value: Any) -> str:
        return "" if value is None else str(value)

    return lambda scope: "".join(text(arg(scope)) for arg in args)


def _date(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and len(value) >= 10:
        try:
            return dt.date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None


def _on_dates(count: int, step: Callable[..., Any]) -> Callable[[list[Closure]], Closure]:
    """Build an operator whose first *count* arguments are dates and the rest whole numbers."""

    def build(args: list[Closure]) -> Closure:
        def run(scope: Scope) -> Any:
            values: list[Any] = [_date(arg(scope)) for arg in args[:count]]
            values += [_number(arg(scope)) for arg in args[count:]]
            if any(value is None for value in values):
                return None
            try:
                result = step(*values)
            except (OverflowError, ValueError):
                return None
            return result.isoformat() if isinstance(result, dt.date) else result

        return run

    return build


def add_months(day: dt.date, months: float) -> dt.date:
    """Add *months* to *day*; the day is cut to the month's last (31 Jan + 1 = 28 Feb). 民法第143条第2項."""
    index = day.year * 12 + day.month - 1 + int(months)
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def age_on(birth: dt.date, day: dt.date) -> int:
    """Return full years of age on *day* as forms ask it (the birthday itself counts)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _count(args: list[Closure]) -> Closure:
    return lambda scope: len(_rows(args[0](scope)))


def _sum(args: list[Closure]) -> Closure:
    return lambda scope: sum(number for item in _rows(args[0](scope)) if (number := _number(item)) is not None)


def _empty(args: list[Closure]) -> Closure:
    return lambda scope: (value := args[0](scope)) is None or value in ("", [], {})


_OPERATORS: dict[str, tuple[int, int, Callable[[list[Closure]], Closure]]] = {
    "==": (2, 2, lambda a: lambda s: _equal(a[0](s), a[1](s))),
    "===": (2, 2, lambda a: lambda s: _equal(a[0](s), a[1](s))),
    "!=": (2, 2, lambda a: lambda s: not _equal(a[0](s), a[1](s))),
    "!==": (2, 2, lambda a: lambda s: not _equal(a[0](s), a[1](s))),
    "!": (1, 1, lambda a: lambda s: not is_true(a[0](s))),
    "!!": (1, 1, lambda a: lambda s: is_true(a[0](s))),
    "and": (1, 50, _and),
    "or": (1, 50, _or),
    "if": (2, 51, _if),
    "<": (2, 3, _compare(lambda a, b: a < b)),
    "<=": (2, 3, _compare(lambda a, b: a <= b)),
    ">": (2, 3, _compare(lambda a, b: a > b)),
    ">=": (2, 3, _compare(lambda a, b: a >= b)),
    "in": (2, 2, _in),
    "+": (1, 50, _fold_numbers(lambda a, b: a + b)),
    "-": (1, 2, _minus),
    "*": (1, 50, _fold_numbers(lambda a, b: a * b)),
    "/": (2, 2, _divide(lambda a, b: a / b)),
    "%": (2, 2, _divide(lambda a, b: a % b)),
    "floor": (1, 1, lambda a: lambda s: _whole(math.floor, a[0](s))),
    "ceil": (1, 1, lambda a: lambda s: _whole(math.ceil, a[0](s))),
    "min": (1, 50, _extreme(min)),
    "max": (1, 50, _extreme(max)),
    "cat": (1, 50, _cat),
    "count": (1, 1, _count),
    "sum": (1, 1, _sum),
    "empty": (1, 1, _empty),
    "age": (2, 2, _on_dates(2, age_on)),
    "days_between": (2, 2, _on_dates(2, lambda a, b: (b - a).days)),
    "add_days": (2, 2, _on_dates(1, lambda d, n: d + dt.timedelta(days=int(n)))),
    "add_months": (2, 2, _on_dates(1, add_months)),
    "add_years": (2, 2, _on_dates(1, lambda d, n: add_months(d, int(n) * 12))),
    "fiscal_year": (1, 1, _on_dates(1, lambda d: d.year if d.month >= 4 else d.year - 1)),
    "year": (1, 1, _on_dates(1, lambda d: d.year)),
    "month": (1, 1, _on_dates(1, lambda d: d.month)),
    "weekday": (1, 1, _on_dates(1, lambda d: d.weekday())),
}
