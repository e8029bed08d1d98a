"""What the pages show of answers: computed values, defaults and sealed numbers inside rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from pydantic import ValidationError

from madoguchi.engines.forms.compiler import CompiledForm, compile_form
from madoguchi.engines.forms.evaluation import Context, evaluate
from madoguchi.engines.forms.pages import answer_sections
from madoguchi.engines.forms.schema import FormDefinition
from madoguchi.engines.forms.services import _posted_rows

DAY = dt.date(2026, 11, 4)


def form_of(*fields: dict[str, Any]) -> CompiledForm:
    """Return a form of one step with these questions."""
    step = {"id": "only", "title": "質問", "fields": list(fields)}
    return compile_form(FormDefinition.model_validate({"id": "small", "title": "小さな様式", "steps": [step]}))


def rows_of(form: CompiledForm, answers: dict[str, Any], before: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the rows of the summary."""
    (section,) = answer_sections(evaluate(form, answers, Context(DAY)), lang="ja", before=before)
    rows: list[dict[str, Any]] = section["rows"]
    return rows


@pytest.mark.parametrize(
    ("rule", "shape", "shown"),
    [
        ({"*": [{"var": "copies"}, 300]}, "yen", "900円"),
        ({"+": [{"var": "copies"}, 1]}, "integer", "4通"),
        ({"/": [{"var": "copies"}, 2]}, "text", "1.5通"),
        ({"if": [{">": [{"var": "copies"}, 2]}, "多い", "少ない"]}, "text", "多い通"),
        ({"add_days": [{"var": "@today"}, 1]}, "date", "令和8年11月5日"),
    ],
)
def test_a_computed_value_of_any_scalar_is_shown(rule: Any, shape: str, shown: str) -> None:
    form = form_of(
        {"id": "copies", "type": "integer", "label": "通数"},
        {"id": "total", "type": "computed", "label": "計", "compute": rule, "format": shape, "unit": "通"},
    )
    total = rows_of(form, {"copies": 3})[1]
    assert shown in total["value"]


def test_a_default_counts_inside_a_row_too() -> None:
    group = {
        "id": "dogs",
        "type": "group",
        "label": "犬",
        "repeat": {"item": "犬"},
        "fields": [
            {"id": "dog", "type": "text", "label": "名前"},
            {"id": "kind", "type": "text", "label": "種類", "default": "雑種"},
        ],
    }
    form = form_of(group)
    result = evaluate(form, {"dogs": [{"dog": "ポチ"}, {"dog": "シロ", "kind": "柴"}]}, Context(DAY))
    assert result.valid
    assert [row["kind"] for row in result.scope["dogs"]] == ["雑種", "柴"]


def test_a_number_inside_a_row_is_sealed_at_once_and_never_shown() -> None:
    group = {
        "id": "members",
        "type": "group",
        "label": "家族",
        "repeat": {"item": "方"},
        "fields": [{"id": "number", "type": "my_number", "label": "個人番号"}],
    }
    form = form_of(group)
    post = QueryDict("members.open=0&members.0.number=123456789018")
    saved = _posted_rows(form.fields["members"], post, [{}])
    assert saved is not None
    assert set(saved[0]["number"]) == {"sealed", "fits"}
    assert "123456789018" not in str(saved)
    (row,) = rows_of(form, {"members": saved})
    assert row["value"] == "個人番号：●●●●●●●●●●●●"


def test_a_file_inside_a_row_is_refused_in_words() -> None:
    group = {
        "id": "members",
        "type": "group",
        "label": "家族",
        "repeat": {"item": "方"},
        "fields": [{"id": "card", "type": "file", "label": "本人確認書類"}],
    }
    with pytest.raises(ValidationError, match=r"file）は置けません.*card"):
        form_of(group)
