"""Two definitions compared: each kind of change is found, named in Japanese and nothing else is reported."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path
from typing import Any

import pytest

from madoguchi.engines.forms.api import Change, FormDefinition, compare_definitions
from madoguchi.engines.forms.change_words import FIELD_ATTRIBUTES, FIELD_TEXTS, TYPES
from madoguchi.engines.forms.schema import FieldDef, FieldType
from madoguchi.kernel.folder import read_folder

from .small import field

SUGINAMI = Path(__file__).parents[3] / "municipalities/suginami"

BASE: dict[str, Any] = {
    "id": "small", "title": "小さな様式", "minutes": 5,
    "steps": [
        {
            "id": "who", "title": "届出をする方",
            "fields": [
                {"id": "phone", "type": "text", "label": "電話番号"},
                {"id": "kind", "type": "choice", "label": "区分", "options": [
                    {"value": "a", "label": "本人"}, {"value": "b", "label": "代理人"}, {"value": "c", "label": "法人"},
                ]},
                {"id": "copies", "type": "integer", "label": "通数", "min": 1, "max": 10, "unit": "通"},
            ],
            "checks": [{"id": "few", "rule": {"<": [{"var": "copies"}, 9]}, "field": "copies", "message": "多すぎます。"}],
        },
        {
            "id": "house", "title": "家族",
            "fields": [
                {"id": "people", "type": "group", "label": "家族の方", "repeat": {"item": "家族"}, "fields": [
                    {"id": "age", "type": "integer", "label": "年齢"},
                ]},
                {"id": "sum", "type": "computed", "label": "合計", "compute": {"+": [{"var": "copies"}, 1]}},
            ],
        },
        {"id": "end", "title": "確認", "fields": [{"id": "memo", "type": "text", "label": "メモ", "required": False}]},
    ],
    "papers": [{"id": "identity", "title": "本人確認書類"}, {"id": "proxy", "title": "委任状", "how": "post"}],
    "fees": [{"id": "copies", "rate": "copy", "quantity": {"var": "copies"}}],
    "examples": [{"id": "one", "title": "例", "answers": {}}],
}  # fmt: skip
WHO = "ステップ『届出をする方』"
PHONE = f"{WHO} › 質問『電話番号』"


def form(data: dict[str, Any]) -> FormDefinition:
    return FormDefinition.model_validate(data)


class Changed(dict[str, Any]):
    """A copy of the small form on which changes are made; ``step`` and ``field`` reach into it."""

    def __init__(self) -> None:
        super().__init__(copy.deepcopy(BASE))

    def fields(self, step: int = 0) -> list[dict[str, Any]]:
        return self["steps"][step]["fields"]  # type: ignore[no-any-return]

    def changes(self) -> list[Change]:
        return compare_definitions(form(BASE), form(self), fees={"copy": "写しの交付", "free": "無料"})


@pytest.fixture
def new() -> Changed:
    return Changed()


def test_the_same_form_has_no_changes(new: Changed) -> None:
    assert new.changes() == []


def test_texts_of_the_form(new: Changed) -> None:
    new.update(
        title={"ja": "新しい様式", "easy": "あたらしい"}, intro="はじめに", minutes=None, valid_from="2027-04-01"
    )
    assert new.changes() == [
        Change("changed", "様式の全体", "様式の名前", "小さな様式", "新しい様式"),
        Change("added", "様式の全体", "様式の名前（やさしい日本語）", "", "あたらしい"),
        Change("added", "様式の全体", "はじめの説明", "", "はじめに"),
        Change("removed", "様式の全体", "かかる時間", "5分", ""),
        Change("changed", "様式の全体", "使い始める日", "令和8年4月1日", "令和9年4月1日"),
    ]


def test_steps_come_go_move_and_get_conditions(new: Changed) -> None:
    new["steps"] = [new["steps"][2], new["steps"][0], {"id": "extra", "title": "追加", "fields": [field("x")]}]
    new["steps"][0]["shown_if"] = {"==": [{"var": "kind"}, "b"]}
    del new["steps"][1]["fields"][2:], new["steps"][1]["checks"], new["fees"]
    changes = new.changes()
    assert Change("moved", "ステップ『確認』", "順序", "『家族』の次", "先頭") in changes
    assert Change("changed", "ステップ『確認』", "表示の条件", "いつも", "『区分』が『代理人』のとき") in changes
    assert Change("added", "ステップ『追加』", "ステップ", "", "質問などが1個") in changes
    assert Change("added", "ステップ『追加』 › 質問『x の質問』", "質問", "", "文字、必須") in changes
    assert Change("removed", "ステップ『家族』", "ステップ", "質問などが2個", "") in changes
    assert (
        Change("removed", "ステップ『家族』 › まとまり『家族の方』 › 質問『年齢』", "質問", "整数、必須", "") in changes
    )
    assert Change("removed", "ステップ『家族』 › 計算『合計』", "質問", "計算した値、『通数』 ＋ 1", "") in changes
    assert Change("removed", WHO, "入力の検査", "『通数』が9通未満であること", "") in changes


def test_a_question_moves_to_another_step_and_into_a_group(new: Changed) -> None:
    phone = new.fields().pop(0)
    new.fields(1)[0]["fields"].append(phone)
    place = "ステップ『家族』 › まとまり『家族の方』"
    assert new.changes() == [Change("moved", f"{place} › 質問『電話番号』", "場所", WHO, place)]


def test_a_question_moves_inside_its_step(new: Changed) -> None:
    new.fields().append(new.fields().pop(0))
    assert new.changes() == [Change("moved", PHONE, "順序", "先頭", "『通数』の次")]


def test_an_added_question_moves_no_other(new: Changed) -> None:
    new.fields().insert(0, field("first", "choice", options=[{"value": "y", "label": "はい"}], required=False))
    assert [(item.kind, item.what, item.after) for item in new.changes()] == [
        ("added", "質問", "一つ選ぶ、任意、選択肢：『はい』")
    ]
    assert [item.whole for item in new.changes()] == [True]


ATTRIBUTES: list[tuple[int, dict[str, Any], tuple[str, str, str, str]]] = [
    (0, {"label": "携帯電話"}, ("changed", "質問の文", "電話番号", "携帯電話")),
    (0, {"help": {"ja": "日中", "en": "Daytime"}}, ("added", "説明", "", "日中")),
    (0, {"type": "phone"}, ("changed", "質問の種類", "文字", "電話番号")),
    (0, {"why": {"text": "連絡のため", "article": "条例第1条"}}, ("added", "なぜ聞くか", "", "連絡のため（条例第1条）")),
    (0, {"required": False}, ("changed", "必須", "必須", "任意")),
    (0, {"required": {"==": [{"var": "kind"}, "b"]}}, ("changed", "必須", "必須", "『区分』が『代理人』のときは必須")),
    (0, {"shown_if": {"==": [{"var": "kind"}, "b"]}}, ("changed", "表示の条件", "いつも", "『区分』が『代理人』のとき")),
    (0, {"shown_if": True}, ("changed", "表示の条件", "いつも　規則 null", "いつも　規則 true")),
    (0, {"readonly_if": {"==": [{"var": "kind"}, "b"]}}, ("added", "変更できない条件", "", "『区分』が『代理人』のとき")),
    (0, {"default": "03"}, ("added", "初めの値", "", "「03」")),
    (0, {"autocomplete": "tel"}, ("added", "自動入力", "", "tel")),
    (0, {"min_length": 2}, ("added", "文字数の下限", "", "2文字")),
    (0, {"max_length": 2000}, ("added", "文字数の上限", "", "2,000文字")),
    (0, {"pattern": "[0-9]+"}, ("added", "書き方の決まり", "", "[0-9]+")),
    (0, {"unit": "番"}, ("added", "単位", "", "番")),
    (1, {"layout": "select"}, ("changed", "選択肢の見せ方", "並べて選ぶ", "一覧から選ぶ")),
    (2, {"min": None}, ("removed", "下限", "1通", "")),
    (2, {"max": 20}, ("changed", "上限", "10通", "20通")),
]  # fmt: skip


@pytest.mark.parametrize(("at", "keys", "said"), ATTRIBUTES)
def test_an_attribute_of_a_question(new: Changed, at: int, keys: dict[str, Any], said: tuple[str, ...]) -> None:
    new.fields()[at].update(keys)
    first = new.changes()[0]
    assert (first.kind, first.what, first.before, first.after) == said
    assert first.section == WHO


def test_computed_values_and_repetition(new: Changed) -> None:
    new.fields(1)[1]["compute"] = {"+": [{"var": "copies"}, 2]}
    new.fields(1)[0]["repeat"] = {"min": 1, "max": 3, "item": "家族"}
    assert [(item.inner, item.what, item.before, item.after) for item in new.changes()] == [
        ("まとまり『家族の方』", "繰り返し", "『家族』を0〜10件", "『家族』を1〜3件"),
        ("計算『合計』", "計算", "『通数』 ＋ 1", "『通数』 ＋ 2"),
    ]


def test_options_one_by_one(new: Changed) -> None:
    new.fields()[1]["options"] = [
        {"value": "c", "label": "会社"},
        {"value": "a", "label": "本人", "shown_if": {"==": [{"var": "phone"}, "1"]}, "help": "あなた"},
        {"value": "d", "label": "団体"},
    ]
    assert [(item.kind, item.what, item.before, item.after) for item in new.changes()] == [
        ("changed", "選択肢『会社』の文", "法人", "会社"),
        ("added", "選択肢『本人』の説明", "", "あなた"),
        ("changed", "選択肢『本人』の表示の条件", "いつも", "『電話番号』が「1」のとき"),
        ("added", "選択肢", "", "『団体』"),
        ("removed", "選択肢", "『代理人』", ""),
        ("moved", "選択肢『会社』の順序", "『代理人』の次", "先頭"),
    ]


def test_checks(new: Changed) -> None:
    new["steps"][0]["checks"] = [
        {"id": "few", "rule": {"<": [{"var": "copies"}, 5]}, "field": "kind", "message": "5通未満です。"},
        {"id": "more", "rule": {">": [{"var": "copies"}, 1]}, "field": "copies", "message": "少なすぎます。"},
    ]
    assert [(item.kind, item.inner, item.what, item.before, item.after) for item in new.changes()] == [
        (
            "changed",
            "入力の検査（『区分』）",
            "満たすべきこと",
            "『通数』が9通未満であること",
            "『通数』が5通未満であること",
        ),
        ("changed", "入力の検査（『区分』）", "誤りを示す質問", "『通数』", "『区分』"),
        ("changed", "入力の検査（『区分』）", "誤りの文", "多すぎます。", "5通未満です。"),
        ("added", "", "入力の検査", "", "『通数』が1通を超えること"),
    ]


def test_papers(new: Changed) -> None:
    new["papers"] = [
        {"id": "proxy", "title": "委任状（原本）", "how": "show", "needed_if": {"==": [{"var": "kind"}, "b"]}},
        {"id": "lease", "title": "契約書"},
    ]
    assert [(item.kind, item.place, item.what, item.before, item.after) for item in new.changes()] == [
        ("changed", "書類『委任状（原本）』", "書類の名前", "委任状", "委任状（原本）"),
        ("changed", "書類『委任状（原本）』", "必要な条件", "いつも", "『区分』が『代理人』のとき"),
        ("changed", "書類『委任状（原本）』", "出し方", "郵送する", "見せる"),
        ("added", "書類『契約書』", "書類", "", "いつも必要、添付する"),
        ("removed", "書類『本人確認書類』", "書類", "いつも必要、添付する", ""),
    ]


def test_fees(new: Changed) -> None:
    new["fees"] = [
        {
            "id": "copies", "rate": "free", "quantity": 1, "when": {"==": [{"var": "kind"}, "b"]},
            "reduction": {"exemption": "poor", "when": {"==": [{"var": "kind"}, "c"]}},
        },
        {"id": "post", "rate": "copy", "title": "送料"},
    ]  # fmt: skip
    assert [(item.kind, item.place, item.what, item.before, item.after) for item in new.changes()] == [
        ("changed", "手数料『無料』", "料金", "『写しの交付』", "『無料』"),
        ("changed", "手数料『無料』", "数", "『通数』", "1"),
        ("changed", "手数料『無料』", "かかる条件", "いつも", "『区分』が『代理人』のとき"),
        ("added", "手数料『無料』", "減免「poor」の条件", "", "『区分』が『法人』のとき"),
        ("added", "手数料『送料』", "手数料", "", "『写しの交付』 × 1"),
    ]


def test_examples_are_only_counted(new: Changed) -> None:
    new["examples"] = [{"id": "one", "title": "別の例", "answers": {}}, {"id": "two", "title": "例", "answers": {}}]
    (change,) = new.changes()
    assert (change.before, change.after) == ("1件", "2件（追加1件、削除0件、内容の変更1件）")


def test_the_other_way_round_additions_are_removals(new: Changed) -> None:
    new.fields().append(field("extra"))
    there, back = new.changes(), compare_definitions(form(new), form(BASE))
    assert [item.kind for item in there] == ["added"]
    assert [(item.kind, item.before) for item in back] == [("removed", there[0].after)]


def test_no_key_of_a_question_is_overlooked() -> None:
    seen = {*FIELD_TEXTS, *FIELD_ATTRIBUTES, "options"}
    assert set(FieldDef.model_fields) - seen == {"id", "fields"}
    assert set(TYPES) == set(FieldType.__args__)


def test_every_form_of_the_folder_compares_with_another() -> None:
    """Nothing in a real form breaks the comparison: each against the next one, and with itself."""
    forms = [entry.value for entry in read_folder(SUGINAMI).of("forms")]
    for old, new in itertools.pairwise(forms):
        assert compare_definitions(old, old) == []
        assert compare_definitions(old, new)
