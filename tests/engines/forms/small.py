"""Small forms for the tests, written the way a clerk writes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from madoguchi.engines.forms.compiler import CompiledForm, compile_form
from madoguchi.engines.forms.evaluation import Context, Evaluation, evaluate
from madoguchi.engines.forms.schema import Fee, FieldDef, FormDefinition
from madoguchi.engines.forms.types import FieldKind, kind_of

TODAY = dt.date(2026, 11, 2)
"""A Monday."""

FEE = Fee.model_validate(
    {
        "id": "copy",
        "title": "写し",
        "account": "手数料",
        "rates": [
            {
                "valid_from": "2020-04-01",
                "valid_to": "2026-03-31",
                "amount_yen": 300,
                "source": "サンプル",
                "status": "sample",
            },
            {
                "valid_from": "2026-04-01",
                "amount_yen": 350,
                "channels": {"konbini": 200},
                "source": "サンプル",
                "status": "sample",
            },
        ],
    }
)


def field(id: str, type: str = "text", **keys: Any) -> dict[str, Any]:
    """Return a question."""
    return {"id": id, "type": type, "label": f"{id} の質問", **keys}


def definition(*fields: dict[str, Any], **keys: Any) -> FormDefinition:
    """Return a form of one step, or of the steps given."""
    steps = keys.pop("steps", None) or [
        {"id": "one", "title": "一", "fields": list(fields), "checks": keys.pop("checks", [])}
    ]
    return FormDefinition.model_validate({"id": "small", "title": "小さな様式", "steps": steps, **keys})


def compiled(*fields: dict[str, Any], **keys: Any) -> CompiledForm:
    """Return a form of one step, compiled."""
    return compile_form(definition(*fields, **keys))


def judged(
    form: CompiledForm, answers: dict[str, Any], *, today: dt.date = TODAY, channel: str = "online"
) -> Evaluation:
    """Evaluate answers on a day."""
    return evaluate(form, answers, Context(today, channel, {"copy": FEE}))


def problems(form: CompiledForm, answers: dict[str, Any], **keys: Any) -> list[tuple[str, str]]:
    """Return (question, code) of what is wrong."""
    return [(item.field, item.code) for item in judged(form, answers, **keys).problems]


def kind(type: str, **keys: Any) -> tuple[FieldKind, FieldDef]:
    """Return a field type with a definition of it."""
    fd = FieldDef.model_validate(field("f", type, **keys))
    return kind_of(fd), fd
