"""The forms on paper: every sheet of the two folders with every example, and what a layout may not do."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from madoguchi.engines.forms.compiler import CompiledField, CompiledForm, compile_form
from madoguchi.engines.forms.evaluation import Context, Evaluation, evaluate
from madoguchi.engines.forms.schema import FormDefinition
from madoguchi.engines.forms.sealing import seal
from madoguchi.engines.forms.sheets.checks import check_sheet
from madoguchi.engines.forms.sheets.filling import Filling, Stamp, sheet_data
from madoguchi.engines.forms.sheets.printing import TEMPLATE
from madoguchi.engines.forms.sheets.schema import SheetDefinition
from madoguchi.engines.forms.sheets.values import Reader, plain_lines
from madoguchi.kernel.documents import render_pdf
from madoguchi.kernel.folder import read_yaml

from .small import field

FOLDERS = Path(__file__).resolve().parents[3] / "municipalities"
SHEETS = sorted(FOLDERS.glob("*/sheets/*.yaml"))
READER = Reader(account=True)
DAY = dt.date(2026, 11, 2)
SMALL = {"id": "small", "number": "第1号様式", "title": "見本届"}


def load(path: Path) -> tuple[CompiledForm, SheetDefinition]:
    form = path.parent.parent / "forms" / path.name
    definition = FormDefinition.model_validate(read_yaml(form.read_text(), form.name).data)
    sheet = SheetDefinition.model_validate(read_yaml(path.read_text(), path.name).data)
    return compile_form(definition), sheet


def print_pages(papers: list[dict[str, Any]], grounds: dict[str, Any] | None = None) -> str:
    """Return the words of the printed papers, white space left out."""
    data = {"title": "x", "municipality": "x", "papers": papers, "backgrounds": grounds or {}}
    return words_of(render_pdf(TEMPLATE, data))


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as found:
        text = "".join(page.get_textpage().get_text_range() for page in found)
    return squeeze(text)


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b\ufffe\x02]", "", text)


def answers_of(evaluation: Evaluation) -> list[str]:
    """Return every visible answer as words."""
    found = []
    for item in evaluation.form.fields.values():
        value = evaluation.scope.get(item.id)
        if item.repeats and item.id in evaluation.visible:
            rows = value if isinstance(value, list) else []
            found += [
                line
                for row in rows
                for child in item.children
                if child.kind.asks
                for line in on_paper(child, row.get(child.id))
            ]
        elif item.id in evaluation.visible and (item.kind.asks or item.fd.type == "computed") and value is not None:
            found += on_paper(item, value)
    return found


def on_paper(item: CompiledField, value: Any) -> list[str]:
    """Return the words of an answer as the paper has them: what is agreed to, the parts of an account."""
    if item.fd.type == "consent":
        return [item.fd.label.get("ja")]
    if item.fd.type == "bank_account" and value:
        return [value["bank_name"], value["branch_name"], value["number"], value["holder_kana"]]
    return plain_lines(item, value, READER)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_example_is_printed_whole(path: Path) -> None:
    form, sheet = load(path)
    assert list(check_sheet(sheet, form)) == []
    evaluations = [evaluate(form, item.answers, Context(item.at)) for item in form.definition.examples]
    stamp = Stamp("R08-0012345-7", DAY, "オンライン")
    fillings = [Filling(form, found, DAY, stamp, READER) for found in evaluations] + [Filling(form)]
    papers = [sheet_data(sheet, filling) for filling in fillings]
    grounds = {name: (path.parent / name).read_text() for name in sheet.background}
    words = print_pages(papers, grounds)
    boxed = {box.field for box in sheet.boxes if box.option or box.part}
    for evaluation in evaluations:
        ticked = [line for name in boxed for line in plain_lines(form.fields[name], evaluation.scope.get(name), READER)]
        missing = [line for line in answers_of(evaluation) if squeeze(line) not in words and line not in ticked]
        assert missing == []
    assert words.count("R08-0012345-7") >= len(evaluations)


def test_fifteen_procedures_and_the_town_have_a_sheet() -> None:
    assert len([path for path in SHEETS if "suginami" in path.parts]) >= 15
    assert [path for path in SHEETS if "sample-town" in path.parts]


def small_form(*fields: dict[str, Any]) -> CompiledForm:
    steps = [{"id": "one", "title": "一", "fields": list(fields)}]
    return compile_form(FormDefinition.model_validate({"id": "small", "title": "見本", "steps": steps}))


def small_sheet(**keys: Any) -> SheetDefinition:
    return SheetDefinition.model_validate({**SMALL, **keys})


def printed(form: CompiledForm, sheet: SheetDefinition, answers: dict[str, Any], reader: Reader = READER) -> str:
    found = evaluate(form, answers, Context(DAY))
    return print_pages([sheet_data(sheet, Filling(form, found, reader=reader))])


def test_a_long_text_shrinks_and_then_goes_onto_the_annex_whole() -> None:
    form = small_form(field("a", type="textarea"))
    sheet = small_sheet(blocks=[{"lines": [{"label": "理由", "field": "a", "height": 12}]}])
    fits, too_long = "あ" * 150, "".join(f"{n}番目の文です。" for n in range(200))
    assert "別紙" not in printed(form, sheet, {"a": fits})
    words = printed(form, sheet, {"a": too_long})
    assert "別紙1のとおり" in words
    assert too_long in words


def test_a_word_without_a_break_stays_in_its_cell_or_goes_onto_the_annex() -> None:
    form = small_form(field("a", type="text", max_length=200), field("b", type="text"))
    line = [{"label": "甲", "field": "a", "units": 4}, {"label": "乙", "field": "b"}]
    word = "https://example.jp/" + "abcdefghij" * 15
    words = printed(form, small_sheet(blocks=[{"lines": [line]}]), {"a": word, "b": "となり"})
    assert word in words
    assert "別紙1のとおり" in words


def test_rows_beyond_the_ruled_lines_and_columns_go_onto_the_annex() -> None:
    child = [field("name", type="text"), field("age", type="integer")]
    form = small_form(
        {"id": "people", "type": "group", "label": "人", "repeat": {"max": 9, "item": "人"}, "fields": child}
    )
    rows = {"group": "people", "count": 2, "columns": [{"field": "name", "label": "名", "units": 23}]}
    words = printed(
        form, small_sheet(blocks=[{"rows": rows}]), {"people": [{"name": f"甲{n}", "age": n + 70} for n in range(4)]}
    )
    assert all(f"甲{n}" in words and str(n + 70) in words for n in range(4))


def test_my_number_is_printed_only_when_the_sheet_says_so_and_the_reader_may() -> None:
    form = small_form(field("n", type="my_number"))
    answers = {"n": {"sealed": seal("123456789018"), "fits": True}}
    open_sheet = small_sheet(blocks=[{"lines": [{"label": "番号", "field": "n", "number": True}]}])
    shut_sheet = small_sheet(blocks=[{"lines": [{"label": "番号", "field": "n"}]}])
    may = Reader(my_number=True)
    assert "123456789018" in printed(form, open_sheet, answers, may)
    assert "123456789018" not in printed(form, open_sheet, answers)
    assert "123456789018" not in printed(form, shut_sheet, answers, may)


def test_a_name_is_printed_as_typed() -> None:
    form = small_form(field("p", type="person_name"))
    sheet = small_sheet(
        applicant=[{"label": "氏名", "field": "p"}], blocks=[{"lines": [{"label": "備考", "text": "―"}]}]
    )
    name = {"family": "葛\U000e0100城", "given": "髙子", "family_kana": "カツラギ", "given_kana": "タカコ"}
    data = sheet_data(sheet, Filling(form, evaluate(form, {"p": name}, Context(DAY))))
    assert data["applicant"][0]["pieces"][0]["lines"] == ["葛\U000e0100城　髙子"]
    assert "髙子" in printed(form, sheet, {"p": name})


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"blocks": [{"lines": [{"label": "甲", "field": "nowhere"}]}]}, "ありません"),
        (
            {
                "blocks": [
                    {"lines": [[{"label": "甲", "field": "a", "units": 12}, {"label": "乙", "units": 12, "text": "x"}]]}
                ]
            },
            "幅",
        ),
        ({"blocks": [{"rows": {"group": "a", "columns": [{"field": "x", "label": "x", "units": 23}]}}]}, "繰り返し"),
        ({"background": "b.svg", "boxes": [{"field": "a", "x": 200, "y": 1, "w": 20, "h": 5}]}, "はみ出し"),
        (
            {
                "background": "b.svg",
                "boxes": [
                    {"field": "a", "x": 1, "y": 1, "w": 20, "h": 5},
                    {"field": "b", "x": 10, "y": 2, "w": 20, "h": 5},
                ],
            },
            "重なって",
        ),
    ],
)
def test_a_wrong_layout_is_said_with_its_place(keys: dict[str, Any], words: str) -> None:
    faults = list(check_sheet(small_sheet(**keys), small_form(field("a"), field("b"))))
    assert len(faults) == 1
    assert words in faults[0].message
