"""Form CI for clerks: every kind of fault is found, each with its place."""

from __future__ import annotations

from typing import Any

import pytest

from madoguchi.engines.forms.checks import FormFault, check_form

from .small import FEE, definition, field

OPTIONS = [{"value": "a", "label": "あ"}, {"value": "b", "label": "い"}]


def faults(*fields: dict[str, Any], **keys: Any) -> list[FormFault]:
    keys.setdefault("examples", [{"id": "e", "title": "例", "answers": {}, "expect": {"valid": False}}])
    return check_form(definition(*fields, **keys), {"copy": FEE})


def example(answers: dict[str, Any], **expect: Any) -> list[dict[str, Any]]:
    return [{"id": "e", "title": "例", "answers": answers, "expect": expect}]


def test_a_good_form_has_no_faults() -> None:
    fields = [
        field("ask", "choice", options=OPTIONS),
        field("why", shown_if={"==": [{"var": "ask"}, "a"]}),
        field("n", "integer", min=1),
    ]
    examples = [
        {
            "id": "one",
            "title": "あ",
            "answers": {"ask": "a", "why": "x", "n": 1},
            "expect": {"fee_yen": 350, "steps": ["one"]},
        },
        {"id": "two", "title": "い", "answers": {"ask": "b", "n": 2}, "expect": {"fee_yen": 700, "papers": []}},
        {
            "id": "bad",
            "title": "×",
            "answers": {"ask": "b", "n": 0},
            "expect": {"valid": False, "errors": {"n": "min"}},
        },
    ]
    assert faults(*fields, examples=examples, fees=[{"id": "f", "rate": "copy", "quantity": {"var": "n"}}]) == []


def test_what_cannot_be_compiled_is_one_fault_with_its_mend() -> None:
    (fault,) = faults(field("a", shown_if={"var": "typo"}))
    assert fault.path == ("steps", 0, "fields", 0, "shown_if")
    assert fault.mend


@pytest.mark.parametrize(
    ("fields", "keys", "path", "words"),
    [
        ([field("a")], {"fees": [{"id": "f", "rate": "gone"}]}, ("fees", 0, "rate"), "fees.yaml にありません"),
        ([field("a", "computed", compute={"rate": ["gone"]}), field("b")], {}, (), "gone"),
        ([field("a", pattern="[", pattern_message="x")], {}, ("steps", 0, "fields", 0, "pattern"), "正規表現"),
        ([field("a", pattern="x")], {}, ("steps", 0, "fields", 0, "pattern"), "pattern_message"),
        ([field("a", "integer", min=3, max=1)], {}, ("steps", 0, "fields", 0, "min"), "min が max より"),
        ([field("a", "choice", options=[*OPTIONS, OPTIONS[0]])], {}, ("steps", 0, "fields", 0, "options"), "二度"),
        ([field("a", "file")], {}, ("steps", 0, "fields", 0), "必要書類"),
        ([field("a", shown_if=False), field("b")], {}, ("steps", 0, "fields", 0, "shown_if"), "いつも偽"),
        (
            [field("a")],
            {"papers": [{"id": "p", "title": "紙", "needed_if": False}]},
            ("papers", 0, "needed_if"),
            "いつも偽",
        ),
        (
            [field("a", "choice", options=OPTIONS), field("b", shown_if={"==": [{"var": "a"}, "zzz"]})],
            {},
            ("steps", 0, "fields", 1, "shown_if"),
            "選択肢はない",
        ),
        (
            [field("a", "choices", options=OPTIONS), field("b", shown_if={"in": ["zzz", {"var": "a"}]})],
            {},
            ("steps", 0, "fields", 1, "shown_if"),
            "選択肢はない",
        ),
    ],
)
def test_static_faults(fields: list[dict[str, Any]], keys: dict[str, Any], path: tuple[Any, ...], words: str) -> None:
    found = [fault for fault in faults(*fields, **keys) if fault.path == path and words in fault.message]
    assert found, faults(*fields, **keys)
    assert all(fault.mend for fault in found)


def test_a_rule_may_not_read_a_later_page() -> None:
    steps = [
        {"id": "one", "title": "一", "fields": [field("a", shown_if={"var": "b"})]},
        {"id": "two", "title": "二", "fields": [field("b", "yes_no")]},
    ]
    found = [fault for fault in faults(steps=steps) if "後の画面" in fault.message]
    assert [fault.path for fault in found] == [("steps", 0, "fields", 0, "shown_if")]


@pytest.mark.parametrize(
    ("answers", "expect", "key", "words"),
    [
        ({}, {"valid": True}, "valid", "a（required）"),
        ({"a": "x"}, {"valid": False}, "valid", "誤りがあるはず"),
        ({}, {"valid": False, "errors": {"a": "length"}}, "errors", "required です"),
        ({"a": "x"}, {"valid": True, "errors": {"a": "required"}}, "errors", "誤りなし"),
        ({"a": "x"}, {"steps": ["two"]}, "steps", "['one']"),
        ({"a": "x"}, {"papers": ["p", "q"]}, "papers", "['p']"),
        ({"a": "x"}, {"fee_yen": 1}, "fee_yen", "350"),
        ({"a": "x"}, {"computed": {"c": "y"}}, "computed", "x"),
    ],
)
def test_an_example_that_turns_out_otherwise(
    answers: dict[str, Any], expect: dict[str, Any], key: str, words: str
) -> None:
    found = faults(
        field("a"),
        field("c", "computed", compute={"var": "a"}),
        papers=[{"id": "p", "title": "紙"}],
        fees=[{"id": "f", "rate": "copy"}],
        examples=example(answers, **expect),
    )
    assert any(fault.path == ("examples", 0, "expect", key) and words in fault.message for fault in found), found


def test_more_errors_than_the_example_names() -> None:
    found = faults(field("a"), field("b"), examples=example({}, valid=False, errors={"a": "required"}))
    assert any("ほかにも誤り" in fault.message and "b" in fault.message for fault in found)


def test_an_example_may_not_answer_what_nobody_asks() -> None:
    found = faults(field("a"), examples=example({"a": "x", "typo": 1}))
    assert [fault.path for fault in found] == [("examples", 0, "answers", "typo")]


def test_a_form_needs_examples() -> None:
    assert [fault.path for fault in faults(field("a"), examples=[])] == [("examples",)]


def test_branches_no_example_reaches() -> None:
    steps = [
        {
            "id": "one",
            "title": "一",
            "fields": [
                field("ask", "yes_no"),
                field("why", required=False, shown_if={"var": "ask"}),
                field(
                    "pick", "choice", options=[OPTIONS[0], {**OPTIONS[1], "shown_if": {"var": "ask"}}], required=False
                ),
            ],
        },
        {"id": "two", "title": "二", "shown_if": {"var": "ask"}, "fields": [field("x", required=False)]},
    ]
    keys = {
        "steps": steps,
        "papers": [{"id": "p", "title": "紙", "needed_if": {"var": "ask"}}],
        "fees": [{"id": "f", "rate": "copy", "when": {"var": "ask"}}],
    }
    found = faults(**keys, examples=example({"ask": False, "pick": "a"}))
    assert {fault.path for fault in found if "真になる例がありません" in fault.message} == {
        ("steps", 0, "fields", 1, "shown_if"),
        ("steps", 0, "fields", 2),
        ("steps", 1, "shown_if"),
        ("papers", 0, "needed_if"),
        ("fees", 0, "when"),
    }
    both = [*example({"ask": False, "pick": "a"}), {"id": "f", "title": "例", "answers": {"ask": True, "pick": "b"}}]
    assert faults(**keys, examples=both) == []
