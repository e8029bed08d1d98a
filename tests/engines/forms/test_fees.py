"""Reductions and waivers of fees (減免): the amount, what is kept and shown, what the check refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from madoguchi.engines.forms.checks import check_form
from madoguchi.engines.forms.compiler import CompileError, compile_form
from madoguchi.engines.forms.evaluation import Context, Evaluation, evaluate
from madoguchi.engines.forms.pages import fees_context
from madoguchi.engines.forms.schema import Fee, FormDefinition
from madoguchi.engines.forms.services import fee_lines

DAY = dt.date(2026, 11, 4)
FEE = Fee.model_validate(
    {
        "id": "room",
        "title": "集会室",
        "account": "使用料及び手数料",
        "rates": [{"valid_from": "2020-04-01", "amount_yen": 333, "source": "サンプル", "status": "sample"}],
        "exemptions": [
            {"id": "half", "title": "子どもの団体", "source": "規則（サンプル）", "percent": 50},
            {"id": "all", "title": "区の事業", "source": "条例（サンプル）", "percent": 100},
        ],
    }
)
HALF = {"exemption": "half", "when": {"in": ["half", {"var": "grounds"}]}}
ALL = {"exemption": "all", "when": {"in": ["all", {"var": "grounds"}]}}


def definition_of(reduction: Any, *, examples: list[dict[str, Any]] | None = None) -> FormDefinition:
    """Return a form that asks on which grounds the fee is reduced."""
    options = [{"value": "half", "label": "子ども"}, {"value": "all", "label": "区"}]
    field = {"id": "grounds", "type": "choices", "label": "減免", "required": False, "options": options}
    return FormDefinition.model_validate(
        {
            "id": "room_form",
            "title": "集会室",
            "steps": [{"id": "only", "title": "減免", "fields": [field]}],
            "fees": [{"id": "room", "rate": "room", "quantity": 3, "reduction": reduction}],
            "examples": examples or [],
        }
    )


def charge(grounds: list[str], reduction: Any = (HALF, ALL)) -> Evaluation:
    """Return what the form says to these grounds."""
    wanted = reduction if isinstance(reduction, dict) else list(reduction)
    return evaluate(compile_form(definition_of(wanted)), {"grounds": grounds}, Context(DAY, fees={"room": FEE}))


@pytest.mark.parametrize(("grounds", "yen"), [([], 999), (["half"], 499), (["all"], 0), (["half", "all"], 0)])
def test_the_largest_reduction_applies_and_yen_are_cut_off(grounds: list[str], yen: int) -> None:
    assert charge(grounds).fee_yen == yen


def test_a_single_reduction_needs_no_list() -> None:
    assert charge(["half"], HALF).fee_yen == 499


def test_title_and_source_are_kept_and_shown() -> None:
    half = charge(["half"])
    (line,) = fee_lines(half)
    assert line["exemption"] == {
        "id": "half",
        "title": {"ja": "子どもの団体"},
        "source": "規則（サンプル）",
        "percent": 50,
    }
    assert fees_context(half, lang="ja")[0]["reduced"] == "50%減額：子どもの団体（規則（サンプル））"
    assert fees_context(charge(["all"]), lang="ja")[0]["reduced"] == "免除：区の事業（条例（サンプル））"
    assert fees_context(charge([]), lang="ja")[0]["reduced"] == ""
    assert fee_lines(charge([]))[0]["exemption"] is None


def test_an_exemption_that_the_fee_does_not_have_is_a_fault() -> None:
    wrong = definition_of({"exemption": "none", "when": HALF["when"]})
    (fault,) = [item for item in check_form(wrong, {"room": FEE}) if item.path[-1] == "exemption"]
    assert fault.path == ("fees", 0, "reduction", 0, "exemption")
    assert "「none」という減免は" in fault.message


def test_a_reduction_that_no_example_reaches_is_a_fault() -> None:
    example = {"id": "a", "title": "例", "answers": {"grounds": ["half"]}, "expect": {"fee_yen": 499}}
    faults = check_form(definition_of([HALF], examples=[example]), {"room": FEE})
    assert [fault.message for fault in faults] == ["手数料「room」の減免「half」の条件が偽になる例がありません"]
    both = [example, {"id": "b", "title": "例", "answers": {}, "expect": {"fee_yen": 999}}]
    assert check_form(definition_of([HALF], examples=both), {"room": FEE}) == []


def test_a_reduction_may_only_read_questions_that_exist() -> None:
    with pytest.raises(CompileError, match="「nobody」という質問はありません"):
        compile_form(definition_of({"exemption": "half", "when": {"var": "nobody"}}))
