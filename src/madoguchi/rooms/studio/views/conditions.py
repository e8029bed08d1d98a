"""Branches as sentences: the page on which the clauses of a rule are chosen, 「〜のとき表示」."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.engines.forms.api import FormDefinition
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.studio import changing, parts, sentences
from madoguchi.rooms.studio.documents import Document, at, fields_of
from madoguchi.rooms.studio.places import when, words_of
from madoguchi.rooms.studio.selectors import Copy
from madoguchi.rooms.studio.sentences import Clause, Sentence
from madoguchi.rooms.studio.views import common
from madoguchi.rooms.studio.views.editing import back_of

BLANKS = 1
MAX_CLAUSES = 12


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, draft_id: uuid.UUID, part: str, key: str, slot: str) -> HttpResponse:
    """Show or save one rule as clauses."""
    if slot not in parts.RULE_SLOTS.get(part, {}):
        raise NotFound("この条件は編集できません。", code="studio.no_part")
    if request.method != "POST" or "_more" in request.POST:
        return _draw(request, common.load(request, draft_id), part, key, slot)
    problems: dict[int, str] = {}

    def change(document: Document) -> str:
        path = changing.locate(document, part, key)
        data = at(document, path)
        if "_clear" in request.POST:
            data.pop(slot, None)
            return f"{words_of((*path, slot), document)}をなくす"
        sentence = _posted(request, document, problems)
        if problems:
            raise _Unfinished
        if sentence is None:
            data.pop(slot, None)
        else:
            data[slot] = sentences.write_rule(sentence)
        return f"{words_of((*path, slot), document)}を編集"

    try:
        saved = common.save(request, draft_id, change)
    except _Unfinished:
        return _draw(request, common.load(request, draft_id), part, key, slot, problems=problems)
    back = back_of(saved.document, draft_id, part, key)
    if part in {"field", "paper", "fee", "step"}:
        back = reverse("studio:part", args=[draft_id, part, key])
    return common.answer(request, saved, back)


class _Unfinished(Exception):  # noqa: N818 - never leaves this module
    """A clause that cannot be read yet."""


def _fields(document: Document, part: str, key: str) -> dict[str, dict[str, Any]]:
    """Return the questions a rule may name: not itself, not notes, not those in rows of a group."""
    repeated = {path[4] for path, field in fields_of(document) if "repeat" in field}
    return {
        field["id"]: field
        for path, field in fields_of(document)
        if field["type"] not in {"note", "group", "my_number"}
        and not (part == "field" and field["id"] == key)
        and not (len(path) > 5 and path[4] in repeated)
    }


def _posted(request: HttpRequest, document: Document, problems: dict[int, str]) -> Sentence | None:
    """Return the posted clauses; what cannot be read is put into *problems* by the number of its row."""
    fields = {field["id"]: field for _, field in fields_of(document)}
    clauses: list[Clause] = []
    for number in range(MAX_CLAUSES):
        field_id = request.POST.get(f"field.{number}", "")
        if not field_id:
            continue
        comparison = request.POST.get(f"comparison.{number}", "")
        if field_id not in fields:
            problems[number] = "この質問はなくなりました。別の質問を選んでください。"
            continue
        if comparison not in sentences.offered(fields[field_id]["type"]):
            problems[number] = "比べ方を選んでください。"
            continue
        try:
            value = sentences.read_value(fields[field_id], comparison, request.POST.getlist(f"value.{number}"))
        except ValueError as error:
            problems[number] = str(error)
            continue
        clauses.append(Clause(field_id, comparison, value))
    joint = "or" if request.POST.get("joint") == "or" else "and"
    return Sentence(tuple(clauses), joint) if clauses else None


def _draw(
    request: HttpRequest, copy: Copy, part: str, key: str, slot: str, *, problems: dict[int, str] | None = None
) -> HttpResponse:
    document = copy.document
    path = changing.locate(document, part, key)
    rule_now = at(document, path).get(slot)
    if slot == "required" and isinstance(rule_now, bool):
        rule_now = None
    sentence = sentences.read_rule(rule_now) if isinstance(rule_now, dict) else Sentence(())
    title, ending = parts.RULE_SLOTS[part][slot]
    posted = request.method == "POST"
    fields = _fields(document, part, key)
    rows = _posted_rows(request) if posted else _stored_rows(sentence)
    wanted = len(rows) + (BLANKS if not posted or "_more" in request.POST or not rows else 0)
    rows = [*rows, *({} for _ in range(wanted - len(rows)))][:MAX_CLAUSES]
    definition = FormDefinition.model_validate(document["form"])
    context = common.frame(copy, "steps" if part in {"field", "step"} else f"{part}s", (title, "")) | {
        "heading": words_of(path, document),
        "title": title,
        "text": when(rule_now, definition, ending),
        "editable": sentence is not None,
        "there": rule_now is not None,
        "joint": request.POST.get("joint") if posted else (sentence.joint if sentence else "and"),
        "rows": [_row(number, row, fields, (problems or {}).get(number, "")) for number, row in enumerate(rows)],
        "fields": [(field_id, field["label"]["ja"]) for field_id, field in fields.items()],
        "base": common.number(request, "_base") if posted else copy.draft.revision,
        "errors": [
            {"target": f"value-{number}", "message": f"{number + 1}番目：{text}"}
            for number, text in (problems or {}).items()
        ],
        "back": reverse("studio:part", args=[copy.draft.pk, part, key])
        if part != "reduction"
        else back_of(document, copy.draft.pk, part, key),
    }
    return render(request, "studio/rule.html", context, status=422 if problems else 200)


def _posted_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "field": request.POST.get(f"field.{number}", ""),
            "comparison": request.POST.get(f"comparison.{number}", ""),
            "values": request.POST.getlist(f"value.{number}"),
        }
        for number in range(MAX_CLAUSES)
        if request.POST.get(f"field.{number}")
    ]


def _stored_rows(sentence: Sentence | None) -> list[dict[str, Any]]:
    return [
        {"field": clause.field, "comparison": clause.comparison, "values": _texts(clause.value)}
        for clause in (sentence.clauses if sentence else ())
    ]


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return ["1" if value else "0"]
    return [] if value is None else [str(value)]


def _row(number: int, row: dict[str, Any], fields: dict[str, dict[str, Any]], error: str) -> dict[str, Any]:
    """Return one clause as the page draws it: its selects and the input its question wants."""
    field = fields.get(row.get("field", ""))
    kind = field["type"] if field else ""
    comparison = row.get("comparison") or (sentences.offered(kind)[0] if field else "")
    if field and comparison not in sentences.offered(kind):
        comparison = sentences.offered(kind)[0]
    values = row.get("values", [])
    options: list[tuple[str, str]] = []
    if field and field.get("options"):
        options = [(option["value"], option["label"]["ja"]) for option in field["options"]]
    elif kind in {"yes_no", "consent"}:
        options = [("1", "はい"), ("0", "いいえ")]
    return {
        "number": number,
        "field": row.get("field", ""),
        "comparisons": [(name, sentences.COMPARISONS[name], name == comparison) for name in sentences.offered(kind)]
        if field
        else [],
        "options": [(value, text, value in values) for value, text in options],
        "many": comparison == "one_of",
        "no_value": comparison in sentences.NO_VALUE,
        "value": values[0] if values else "",
        "input": "date" if kind == "date" else "text",
        "unit": field.get("unit", {}).get("ja", "円" if kind == "yen" else "") if field else "",
        "error": error,
    }
