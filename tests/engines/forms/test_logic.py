"""The rule language: operators, what a missing operand does, errors with their path, and that it never raises."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.engines.forms.logic import _ITERATORS, _OPERATORS, RuleError, compile_rule

SCOPE: dict[str, Any] = {
    "n": 3,
    "s": "杉並",
    "yes": True,
    "no": False,
    "list": [1, 2, 3],
    "rows": [{"age": 10, "name": "a"}, {"age": 20, "name": "b"}],
    "address": {"city": "杉並区"},
    "born": "2000-02-29",
    "@today": "2026-11-02",
    "@rates": {"copy": 350}.get,
}


def run(rule: Any, **scope: Any) -> Any:
    return compile_rule(rule)({**SCOPE, **scope})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (5, 5),
        ({"var": "n"}, 3),
        ({"var": "address.city"}, "杉並区"),
        ({"var": "address.town"}, None),
        ({"var": "n.deeper"}, None),
        ({"var": ["gone", "x"]}, "x"),
        ({"==": [{"var": "n"}, 3]}, True),
        ({"==": [{"var": "n"}, "3"]}, True),
        ({"==": [{"var": "yes"}, 1]}, False),
        ({"==": [{"var": "yes"}, True]}, True),
        ({"===": [{"var": "s"}, "杉並"]}, True),
        ({"!=": [{"var": "s"}, "中野"]}, True),
        ({"!==": [{"var": "s"}, "杉並"]}, False),
        ({"!": [{"var": "no"}]}, True),
        ({"!": {"var": "no"}}, True),
        ({"!!": [{"var": "list"}]}, True),
        ({"!!": [[]]}, False),
        ({"and": [True, {"var": "yes"}]}, True),
        ({"and": [True, {"var": "no"}]}, False),
        ({"or": [False, {"var": "no"}]}, False),
        ({"or": [False, {"var": "yes"}]}, True),
        ({"if": [{"var": "no"}, "a", {"var": "yes"}, "b", "c"]}, "b"),
        ({"if": [{"var": "no"}, "a", "c"]}, "c"),
        ({"if": [{"var": "no"}, "a"]}, None),
        ({"<": [1, {"var": "n"}, 5]}, True),
        ({"<": [1, {"var": "n"}, 3]}, False),
        ({"<=": [{"var": "n"}, 3]}, True),
        ({">": ["2026-11-02", "2026-11-01"]}, True),
        ({">=": [{"var": "n"}, "3"]}, True),
        ({"in": ["並", {"var": "s"}]}, True),
        ({"in": [2, {"var": "list"}]}, True),
        ({"in": [{"var": "s"}, ["杉並", "中野"]]}, True),
        ({"+": [1, {"var": "n"}, "2"]}, 6),
        ({"-": [{"var": "n"}]}, -3),
        ({"-": [5, {"var": "n"}]}, 2),
        ({"*": [2, {"var": "n"}]}, 6),
        ({"/": [6, {"var": "n"}]}, 2),
        ({"/": [1, 0]}, None),
        ({"%": [7, 3]}, 1),
        ({"floor": [2.7]}, 2),
        ({"ceil": [2.1]}, 3),
        ({"min": [3, 1, 2]}, 1),
        ({"max": [{"var": "list"}]}, 3),
        ({"max": ["2026-01-01", "2026-02-01"]}, "2026-02-01"),
        ({"cat": ["A", {"var": "n"}, {"var": "gone"}]}, "A3"),
        ({"some": [{"var": "rows"}, {">": [{"var": "age"}, 15]}]}, True),
        ({"all": [{"var": "rows"}, {">": [{"var": "age"}, 15]}]}, False),
        ({"all": [[], True]}, False),
        ({"none": [{"var": "rows"}, {">": [{"var": "age"}, 30]}]}, True),
        ({"map": [{"var": "rows"}, {"var": "name"}]}, ["a", "b"]),
        ({"map": [{"var": "list"}, {"*": [{"var": ""}, 2]}]}, [2, 4, 6]),
        ({"filter": [{"var": "list"}, {">": [{"var": ""}, 1]}]}, [2, 3]),
        ({"reduce": [{"var": "list"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}, 6),
        ({"count": [{"var": "rows"}]}, 2),
        ({"sum": [{"map": [{"var": "rows"}, {"var": "age"}]}]}, 30),
        ({"empty": [{"var": "gone"}]}, True),
        ({"empty": [{"var": "s"}]}, False),
        ({"age": [{"var": "born"}, "2018-02-28"]}, 17),
        ({"age": [{"var": "born"}, "2018-03-01"]}, 18),
        ({"days_between": ["2026-11-02", "2026-11-30"]}, 28),
        ({"add_days": [{"var": "@today"}, 30]}, "2026-12-02"),
        ({"add_months": ["2026-01-31", 1]}, "2026-02-28"),
        ({"add_years": ["2024-02-29", 1]}, "2025-02-28"),
        ({"fiscal_year": ["2027-03-31"]}, 2026),
        ({"fiscal_year": ["2027-04-01"]}, 2027),
        ({"year": [{"var": "@today"}]}, 2026),
        ({"month": [{"var": "@today"}]}, 11),
        ({"weekday": [{"var": "@today"}]}, 0),
        ({"rate": ["copy"]}, 350),
        ({"rate": ["unknown"]}, None),
        ([1, {"var": "n"}], [1, 3]),
    ],
)
def test_operators(rule: Any, expected: Any) -> None:
    assert run(rule) == expected


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("arguments", [[{"var": "gone"}, 1], [1, {"var": "gone"}], [{"var": "gone"}, {"var": "gone"}]])
def test_a_missing_operand_makes_a_comparison_false(operator: str, arguments: list[Any]) -> None:
    assert run({operator: arguments}) is False


@pytest.mark.parametrize(
    "operator", ["+", "-", "*", "/", "%", "age", "days_between", "add_days", "add_months", "add_years"]
)
def test_a_missing_operand_makes_a_result_missing(operator: str) -> None:
    assert run({operator: [{"var": "gone"}, 1]}) is None
    assert run({operator: ["2026-01-01", {"var": "gone"}]}) is None


@pytest.mark.parametrize("operator", ["some", "all", "map", "filter", "none"])
def test_iterating_over_nothing(operator: str) -> None:
    assert run({operator: [{"var": "gone"}, True]}) in (False, [], True)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"frobnicate": [1]}, ("frobnicate",)),
        ({"and": [True, {"frobnicate": [1]}]}, ("and", 1, "frobnicate")),
        ({"==": [1]}, ("==",)),
        ({"<": [1, 2, 3, 4]}, ("<",)),
        ({"==": [1, 2], "!=": [1, 2]}, ()),
        ({}, ()),
        ({"var": 3}, ("var",)),
        ({"var": ""}, ("var",)),
        ({"rate": [1]}, ("rate",)),
        ({"rate": ["a", "b"]}, ("rate",)),
        ({"some": [{"var": "rows"}]}, ("some",)),
        ({"map": [{"var": "rows"}, {"nope": 1}]}, ("map", 1, "nope")),
        ([True, {"nope": 1}], (1, "nope")),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(rule: Any, path: tuple[Any, ...]) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rule(rule)
    assert caught.value.path == path


def test_what_a_rule_reads() -> None:
    rule = compile_rule(
        {"and": [{"var": "a.b"}, {"some": [{"var": "rows"}, {"==": [{"var": "own"}, {"var": "c"}]}]}, {"rate": "copy"}]}
    )
    assert rule.variables == {"a.b", "rows", "?own", "?c"}
    assert rule.rates == {"copy"}
    assert not rule.constant
    assert compile_rule(True).constant


@pytest.mark.parametrize("operator", ["floor", "ceil", "%", "/", "add_days", "add_months", "min", "max", "<"])
@pytest.mark.parametrize("huge", [float("inf"), float("-inf"), float("nan"), 1e300, 10**400])
def test_numbers_beyond_all_bounds_do_not_raise(operator: str, huge: float) -> None:
    low, high, _ = _OPERATORS[operator]
    run({operator: [{"var": "huge"}, {"var": "huge"}][: max(low, 1)]}, huge=huge)
    if high > 1:
        run({operator: ["2026-11-02", {"var": "huge"}]}, huge=huge)
        run({operator: [{"*": [{"var": "huge"}, {"var": "huge"}]}, 3]}, huge=huge)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.dates().map(lambda day: day.isoformat()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["a", "b", "a.b", "@today", "gone"])


def _call(operator: str, arguments: list[Any]) -> dict[str, Any]:
    return {operator: arguments}


def _rules() -> st.SearchStrategy[Any]:
    leaf = VALUES.filter(lambda value: not isinstance(value, dict | list)) | NAMES.map(lambda name: {"var": name})

    def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        calls = [
            st.builds(_call, st.just(name), st.lists(inner, min_size=low, max_size=min(high, 4)))
            for name, (low, high, _) in _OPERATORS.items()
        ]
        loops = [
            st.builds(_call, st.just(name), st.lists(inner, min_size=2, max_size=2))
            for name in _ITERATORS
            if name != "reduce"
        ]
        return st.one_of(*calls, *loops)

    return st.recursive(leaf, grow, max_leaves=12)


@settings(max_examples=250, deadline=None)
@given(rule=_rules(), a=VALUES, b=VALUES)
def test_a_compiled_rule_never_raises(rule: Any, a: Any, b: Any) -> None:
    compile_rule(rule)({"a": a, "b": b, "@today": "2026-11-02", "@rates": lambda name: None})


@settings(max_examples=100, deadline=None)
@given(rule=VALUES)
def test_compiling_anything_gives_a_rule_or_a_rule_error(rule: Any) -> None:
    with contextlib.suppress(RuleError):
        compile_rule(rule)
