"""Rules read as Japanese: every operator has words, labels are those of the form, what is unknown is shown as written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from madoguchi.engines.forms.api import (
    FormDefinition,
    describe_requirement,
    describe_rule,
    describe_value,
    is_described,
)
from madoguchi.engines.forms.logic import _ITERATORS, _OPERATORS
from madoguchi.kernel.folder import read_folder

from .small import definition, field

MUNICIPALITIES = Path(__file__).parents[3] / "municipalities"


def labelled(id: str, label: str, type: str = "text", **keys: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "label": label, **keys}


FORM = definition(
    labelled("who", "申請者", "choice", options=[
        {"value": "self", "label": "本人"}, {"value": "agent", "label": "代理人"}, {"value": "firm", "label": "法人"},
    ]),
    labelled("uses", "使い道", "choices", options=[{"value": "tax", "label": "税金"}, {"value": "job", "label": "仕事"}]),
    labelled("moved", "引っ越しましたか", "yes_no"),
    labelled("agreed", "同意", "consent"),
    labelled("copies", "通数", "integer", unit="通"),
    labelled("paid", "払った額", "yen"),
    labelled("on", "引っ越す日", "date"),
    labelled("born", "生年月日", "date"),
    labelled("home", "住所", "address"),
    labelled("memo", "メモ"),
    labelled("tie", "続柄", "relationship"),
    labelled("people", "家族", "group", repeat={"item": "家族"}, fields=[
        labelled("age_of", "年齢", "integer", unit="歳"), labelled("kin", "続柄（家族）", "relationship"),
    ]),
)  # fmt: skip
IS_AGENT = {"==": [{"var": "who"}, "agent"]}
MANY = {">": [{"var": "copies"}, 3]}
TAX = {"in": ["tax", {"var": "uses"}]}
OLD = {">=": [{"var": "age_of"}, 65]}

CONDITIONS: list[tuple[Any, str]] = [
    (None, "いつも"),
    (True, "いつも"),
    (False, "当てはまることはない"),
    (IS_AGENT, "『申請者』が『代理人』のとき"),
    ({"===": ["agent", {"var": "who"}]}, "『申請者』が『代理人』のとき"),
    ({"!=": [{"var": "who"}, "agent"]}, "『申請者』が『代理人』でないとき"),
    ({"!==": [{"var": "who"}, "agent"]}, "『申請者』が『代理人』でないとき"),
    ({"==": [{"var": "who"}, None]}, "『申請者』に答えがないとき"),
    ({"!=": [{"var": "who"}, None]}, "『申請者』に答えがあるとき"),
    ({"==": [{"var": "moved"}, True]}, "『引っ越しましたか』が『はい』のとき"),
    ({"var": "moved"}, "『引っ越しましたか』が『はい』のとき"),
    ({"!": [{"var": "moved"}]}, "『引っ越しましたか』が『はい』でないとき"),
    ({"!!": {"var": "agreed"}}, "『同意』に同意があるとき"),
    ({"var": "copies"}, "『通数』が0でないとき"),
    ({"!": {"var": "copies"}}, "『通数』が0のとき"),
    ({"!": [IS_AGENT]}, "『申請者』が『代理人』でないとき"),
    ({"!": [{"!=": [{"var": "who"}, "agent"]}]}, "『申請者』が『代理人』のとき"),
    ({"!": [TAX]}, "『使い道』に『税金』を含まないとき"),
    ({"!": [{"!": [TAX]}]}, "『使い道』に『税金』を含むとき"),
    ({"!": [MANY]}, "『通数』が3通を超えないとき"),
    ({"==": [{"var": "@channel"}, "counter"]}, "受付方法が『窓口』のとき"),
    ({"==": [{"var": "tie"}, "spouse"]}, "『続柄』が『配偶者（夫・妻）』のとき"),
    ({"==": [{"var": "home.city"}, "杉並区"]}, "『住所』の市区町村が「杉並区」のとき"),
    ({"and": [IS_AGENT, MANY]}, "『申請者』が『代理人』で、かつ『通数』が3通を超えるとき"),
    ({"and": [TAX, IS_AGENT]}, "『使い道』に『税金』を含み、かつ『申請者』が『代理人』のとき"),
    ({"or": [IS_AGENT, MANY]}, "『申請者』が『代理人』か、または『通数』が3通を超えるとき"),
    ({"or": [IS_AGENT]}, "『申請者』が『代理人』のとき"),
    ({"or": [IS_AGENT, {"==": [{"var": "who"}, "firm"]}]}, "『申請者』が『代理人』・『法人』のどれかのとき"),
    (
        {"or": [{"and": [IS_AGENT, TAX]}, MANY]},
        "次のどれかに当てはまるとき：① 『申請者』が『代理人』で、かつ『使い道』に『税金』を含む　② 『通数』が3通を超える",
    ),
    (
        {"!": [{"or": [IS_AGENT, TAX, MANY]}]},
        "次のどれにも当てはまらないとき：① 『申請者』が『代理人』である　② 『使い道』に『税金』を含む　③ 『通数』が3通を超える",
    ),
    ({"!": [{"and": [IS_AGENT, MANY]}]}, "（『申請者』が『代理人』で、かつ『通数』が3通を超える）でないとき"),
    (
        {"and": [MANY, {"or": [IS_AGENT, TAX]}, {"var": "moved"}]},
        "次のすべてに当てはまるとき：① 『通数』が3通を超える　② 『申請者』が『代理人』か、または『使い道』に『税金』を含む"
        "　③ 『引っ越しましたか』が『はい』である",
    ),
    ({"in": [{"var": "who"}, ["agent", "firm"]]}, "『申請者』が『代理人』・『法人』のどれかのとき"),
    ({"in": [{"var": "who"}, ["agent"]]}, "『申請者』が『代理人』のとき"),
    ({"in": ["区", {"var": "memo"}]}, "『メモ』に「区」を含むとき"),
    ({"<": [{"var": "copies"}, 3]}, "『通数』が3通未満のとき"),
    ({"<": [3, {"var": "copies"}]}, "『通数』が3通を超えるとき"),
    ({"<=": [{"var": "paid"}, 12000]}, "『払った額』が12,000円以下のとき"),
    ({"<=": [1, {"var": "copies"}, 5]}, "『通数』が1通以上、5通以下のとき"),
    ({">": [5, {"var": "copies"}, 1]}, "『通数』が1通より大きく、5通未満のとき"),
    ({">": [{"var": "on"}, {"var": "@today"}]}, "『引っ越す日』が今日より後のとき"),
    ({">=": [{"var": "on"}, "2026-04-01"]}, "『引っ越す日』が令和8年4月1日以後のとき"),
    ({"<": [{"age": [{"var": "born"}, {"var": "@today"}]}, 18]}, "『生年月日』に生まれた方の今日時点の年齢が18歳未満のとき"),
    ({">": [{"days_between": [{"var": "on"}, {"var": "@today"}]}, 14]}, "『引っ越す日』から今日までの日数が14日を超えるとき"),
    ({"==": [{"weekday": [{"var": "on"}]}, 0]}, "『引っ越す日』の曜日が月曜日のとき"),
    ({"==": [{"month": [{"var": "on"}]}, 4]}, "『引っ越す日』の月が4月のとき"),
    ({"==": [{"fiscal_year": [{"var": "on"}]}, {"var": "@fiscal_year"}]}, "『引っ越す日』の年度が今年度のとき"),
    ({"empty": [{"var": "people"}]}, "『家族』に答えがないとき"),
    ({"some": [{"var": "people"}, OLD]}, "『家族』の中に、『年齢』が65歳以上のものがあるとき"),
    ({"none": [{"var": "people"}, OLD]}, "『家族』の中に、『年齢』が65歳以上のものがないとき"),
    ({"all": [{"var": "people"}, OLD]}, "『家族』のすべてに「『年齢』が65歳以上である」が当てはまるとき"),
    ({"some": [{"var": "uses"}, {"==": [{"var": ""}, "job"]}]}, "『使い道』の中に、それが『仕事』のものがあるとき"),
]  # fmt: skip

VALUES: list[tuple[Any, str]] = [
    ({"var": ["copies", 1]}, "『通数』（未回答なら1）"),
    ({"add_days": [{"var": "@today"}, -14]}, "今日の14日前"),
    ({"add_days": [{"var": "@today"}, 0]}, "今日"),
    ({"add_months": [{"var": "@today"}, 3]}, "今日の3か月後"),
    ({"add_years": [{"var": "on"}, {"var": "copies"}]}, "『引っ越す日』に「『通数』」年を足した日"),
    ({"year": [{"var": "on"}]}, "『引っ越す日』の年"),
    ({"*": [{"rate": ["copy"]}, {"+": [{"var": "copies"}, 1]}]}, "手数料『写しの交付』の額 × （『通数』 ＋ 1）"),
    ({"-": [{"var": "copies"}]}, "『通数』の符号を変えた値"),
    ({"-": [{"var": "copies"}, 1]}, "『通数』 － 1"),
    ({"%": [{"var": "copies"}, 2]}, "『通数』を2で割った余り"),
    ({"floor": [{"/": [{"var": "paid"}, 2]}]}, "（『払った額』 ÷ 2）（小数点以下を切り捨て）"),
    ({"ceil": [{"var": "paid"}]}, "『払った額』（小数点以下を切り上げ）"),
    ({"min": [{"var": "copies"}, 10]}, "『通数』と10のうち小さい方"),
    ({"max": [{"var": "on"}, {"var": "born"}, {"var": "@today"}]}, "『引っ越す日』と『生年月日』と今日のうち最も遅い方"),
    ({"max": [{"map": [{"var": "people"}, {"var": "age_of"}]}]}, "『家族』それぞれの『年齢』のうち最も大きい値"),
    ({"cat": [{"var": "memo"}, "-01"]}, "『メモ』と「-01」をつないだ文字"),
    ({"count": [{"filter": [{"var": "people"}, OLD]}]}, "『家族』のうち『年齢』が65歳以上のものの数"),
    ({"sum": [{"map": [{"var": "people"}, {"var": "age_of"}]}]}, "『家族』それぞれの『年齢』の合計"),
    ({"if": [IS_AGENT, 1, TAX, 2, 3]}, "『申請者』が『代理人』のときは1、『使い道』に『税金』を含むときは2、それ以外は3"),
    ({"+": [1, {"if": [{"var": "moved"}, 1]}]}, "1 ＋ （『引っ越しましたか』が『はい』のときは1）"),
    (IS_AGENT, "（『申請者』が『代理人』かどうか）"),
    (["a", {"var": "memo"}], "「a」・『メモ』"),
    (
        {"reduce": [{"var": "people"}, {"+": [{"var": "accumulator"}, {"var": "current.age_of"}]}, 0]},
        "『家族』を順に「ここまでの値 ＋ その行の『年齢』」でまとめた値（初めは0）",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said"), CONDITIONS)
def test_a_condition_reads_as_a_sentence(rule: Any, said: str) -> None:
    assert describe_rule(rule, FORM) == said


@pytest.mark.parametrize(("rule", "said"), VALUES)
def test_a_value_reads_as_a_phrase(rule: Any, said: str) -> None:
    assert describe_value(rule, FORM, fees={"copy": "写しの交付"}) == said


def test_no_operator_is_without_words() -> None:
    shown = [operator for rule, _ in CONDITIONS + VALUES for operator in operators(rule)]
    assert {*_OPERATORS, *_ITERATORS, "var", "rate", "reduce"} - set(shown) == set()


def operators(rule: Any) -> Iterator[str]:
    if isinstance(rule, list):
        for item in rule:
            yield from operators(item)
    elif isinstance(rule, dict):
        for operator, inner in rule.items():
            yield operator
            yield from operators(inner)


@pytest.mark.parametrize(
    "rule",
    [{"frob": [1, 2]}, {"==": [1]}, {"some": [{"var": "people"}]}, {"a": 1, "b": 2}, {"and": [{"x": 1}, IS_AGENT]}, {}],
)
def test_what_has_no_words_is_shown_as_it_is_written(rule: Any) -> None:
    said = describe_rule(rule, FORM)
    assert "規則 {" in said
    assert not is_described(said)
    assert is_described(describe_rule(IS_AGENT, FORM))


def test_a_value_without_words_is_shown_as_it_is_written() -> None:
    for rule in ({"frob": [1]}, {"rate": [1]}, {"var": [1]}, {"add_days": []}):
        assert "規則 {" in describe_value({"max": [rule, 1]}, FORM)


def test_a_check_reads_as_a_demand() -> None:
    assert (
        describe_requirement({">=": [{"var": "on"}, {"var": "born"}]}, FORM)
        == "『引っ越す日』が『生年月日』以後であること"
    )
    when = {"or": [{"!=": [{"var": "who"}, "agent"]}, TAX]}
    assert describe_requirement(when, FORM) == "『申請者』が『代理人』のときは、『使い道』に『税金』を含むこと"


def test_a_constant_takes_the_unit_of_its_question() -> None:
    assert describe_value(1, FORM, beside="copies") == "1通"
    assert describe_value("2026-04", definition(field("m", "year_month")), beside="m") == "令和8年4月"


def test_labels_follow_the_definition_given() -> None:
    other = definition(labelled("who", "手続する人", "choice", options=[{"value": "agent", "label": "頼まれた人"}]))
    assert describe_rule(IS_AGENT, other) == "『手続する人』が『頼まれた人』のとき"
    assert describe_rule({"==": [{"var": "gone"}, "x"]}, other) == "『gone』が「x」のとき"


@pytest.mark.parametrize("folder", ["suginami", "sample-town"])
def test_every_rule_of_the_folders_has_words(folder: str) -> None:
    speechless, count = [], 0
    for entry in read_folder(MUNICIPALITIES / folder).of("forms"):
        for said in descriptions(entry.value):
            count += 1
            if not is_described(said):
                speechless.append(f"{entry.value.id}: {said}")
    assert speechless == []
    assert count > 50


def descriptions(form: FormDefinition) -> Iterator[str]:
    """Yield every rule of a form in words."""
    for step in form.steps:
        yield describe_rule(step.shown_if, form)
        yield from (describe_requirement(check.rule, form) for check in step.checks)
        for item in step.fields:
            for each in (item, *(item.fields or ())):
                yield from (describe_rule(rule, form) for rule in (each.shown_if, each.required, each.readonly_if))
                yield from (describe_value(rule, form) for rule in (each.min, each.max, each.compute))
                yield from (describe_rule(option.shown_if, form) for option in each.options or ())
    yield from (describe_rule(paper.needed_if, form) for paper in form.papers)
    for line in form.fees:
        yield from (describe_rule(line.when, form), describe_value(line.quantity, form))
        yield from (describe_rule(item.when, form) for item in line.reduction)
