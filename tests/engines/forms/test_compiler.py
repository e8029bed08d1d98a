"""Compiling a definition: what is refused, and that the place of the fault is named."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from madoguchi.engines.forms.compiler import CompileError

from .small import compiled, definition, field

GROUP = {"repeat": {"max": 3, "item": "一人"}, "fields": [field("name"), field("age", "integer")]}


def refused(*fields: dict[str, Any], **keys: Any) -> CompileError:
    with pytest.raises(CompileError) as caught:
        compiled(*fields, **keys)
    return caught.value


def test_a_cycle_is_refused_with_its_way_round() -> None:
    error = refused(
        field("a", shown_if={"==": [{"var": "b"}, "x"]}),
        field("b", shown_if={"==": [{"var": "c"}, "x"]}),
        field("c", shown_if={"==": [{"var": "a"}, "x"]}),
    )
    assert "輪" in str(error)
    loop = str(error).split(": ")[1].split(" → ")
    assert loop[0] == loop[-1]
    assert set(loop) == {"a", "b", "c"}
    assert error.path[:3] == ("steps", 0, "fields")
    assert error.mend


def test_a_computed_value_may_not_read_itself() -> None:
    assert "輪" in str(refused(field("total", "computed", compute={"+": [{"var": "total"}, 1]})))


def test_a_step_may_not_depend_on_its_own_questions() -> None:
    steps = [{"id": "one", "title": "一", "shown_if": {"var": "a"}, "fields": [field("a", "yes_no")]}]
    assert "輪" in str(refused(steps=steps))


def test_an_unknown_name_is_refused_with_its_place() -> None:
    error = refused(field("a"), field("b", shown_if={"==": [{"var": "typo"}, 1]}))
    assert "typo" in str(error)
    assert error.path == ("steps", 0, "fields", 1, "shown_if")


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"papers": [{"id": "p", "title": "書類", "needed_if": {"var": "typo"}}]}, ("papers", 0, "needed_if")),
        ({"papers": [{"id": "p", "title": "書類", "field": "a"}]}, ("papers", 0, "field")),
        ({"fees": [{"id": "f", "rate": "copy", "when": {"var": "typo"}}]}, ("fees", 0, "when")),
        ({"fees": [{"id": "f", "rate": "copy", "quantity": {"var": "typo"}}]}, ("fees", 0, "quantity")),
        (
            {"checks": [{"id": "c", "rule": {"var": "typo"}, "field": "a", "message": "直す"}]},
            ("steps", 0, "checks", 0, "rule"),
        ),
        (
            {"checks": [{"id": "c", "rule": True, "field": "typo", "message": "直す"}]},
            ("steps", 0, "checks", 0, "field"),
        ),
    ],
)
def test_unknown_names_outside_questions(keys: dict[str, Any], path: tuple[Any, ...]) -> None:
    assert refused(field("a"), **keys).path == path


def test_ids_are_used_once_even_inside_groups() -> None:
    assert refused(field("a"), field("a")).path == ("steps", 0, "fields", 1, "id")
    error = refused(field("name"), field("people", "group", **GROUP))
    assert error.path == ("steps", 0, "fields", 1, "fields", 0, "id")
    twice = [{"id": "one", "title": "一", "fields": [field("a")]}, {"id": "one", "title": "一", "fields": [field("b")]}]
    assert refused(steps=twice).path == ("steps", 1, "id")


def test_rows_are_read_through_their_group_only() -> None:
    group = field("people", "group", **GROUP)
    error = refused(group, field("x", shown_if={">": [{"var": "age"}, 18]}))
    assert "繰り返しの中" in str(error)
    compiled(group, field("x", shown_if={"some": [{"var": "people"}, {">": [{"var": "age"}, 18]}]}))


def test_a_row_reads_its_own_questions_and_the_forms() -> None:
    inner = [field("age", "integer"), field("school", shown_if={"and": [{"<": [{"var": "age"}, 18]}, {"var": "asks"}]})]
    compiled(field("asks", "yes_no"), field("people", "group", repeat={"item": "一人"}, fields=inner))


def test_a_wrong_rule_names_the_place_inside_it() -> None:
    error = refused(field("a"), field("b", required={"and": [True, {"frobnicate": [1]}]}))
    assert error.path == ("steps", 0, "fields", 1, "required", "and", 1, "frobnicate")


def test_order_follows_what_rules_read_not_the_page() -> None:
    form = compiled(
        field("late", shown_if={"==": [{"var": "sum"}, 3]}),
        field("sum", "computed", compute={"+": [{"var": "a"}, {"var": "b"}]}),
        field("a", "integer"),
        field("b", "integer"),
    )
    order = [item.id for item in form.order]
    assert order.index("a") < order.index("sum") < order.index("late")


@pytest.mark.parametrize(
    "wrong",
    [
        field("a", "text", digits=3),
        field("a", "choice"),
        field("a", "computed"),
        field("a", "group"),
        field("a", "group", fields=[field("b", "group", fields=[field("c")])]),
        field("a", "text", colour="red"),
        field("A b"),
        field("a", "unknown_type"),
        field("a", "group", fields=[field("b")], repeat={"min": 5, "max": 2, "item": "一人"}),
    ],
)
def test_shapes_that_are_no_definition(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        definition(wrong)
