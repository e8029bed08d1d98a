"""Editing a working copy part by part: steps and questions, papers, fees, and the changes of their order."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.engines.forms.api import TYPES, FormDefinition, describe_rule, describe_value, is_described
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.rooms.studio import changing, controls, parts
from madoguchi.rooms.studio.documents import Document, Faulty, at, fields_of
from madoguchi.rooms.studio.places import when, words_of
from madoguchi.rooms.studio.selectors import Copy, sharers_of
from madoguchi.rooms.studio.surroundings import surroundings
from madoguchi.rooms.studio.views import common


def step_of(document: Document, key: str) -> str:
    """Return the step a question stands in, '' when there is none."""
    return next((path[2] for path, field in fields_of(document) if field["id"] == key), "")


@common.staff
@require_GET
def steps(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Lead to the first step."""
    copy = common.load(request, draft_id)
    return redirect("studio:step", draft_id, copy.document["form"]["steps"][0]["id"])


@common.staff
@require_GET
def step(request: HttpRequest, draft_id: uuid.UUID, step_id: str) -> HttpResponse:
    """Show one step with its questions, and all steps beside it."""
    copy = common.load(request, draft_id)
    all_steps = copy.document["form"]["steps"]
    current = next((item for item in all_steps if item["id"] == step_id), None)
    if current is None:
        return redirect("studio:steps", draft_id)
    definition = FormDefinition.model_validate(copy.document["form"])
    context = common.frame(copy, "steps", ("質問", "")) | {
        "steps": [
            {"id": item["id"], "title": item["title"]["ja"], "count": len(item["fields"]), "current": item is current}
            for item in all_steps
        ],
        "step": current,
        "shown": describe_rule(current.get("shown_if"), definition) if "shown_if" in current else "",
        "fields": [row for field in current["fields"] for row in _rows(field, definition)],
        "types": parts.OFFERED_TYPES,
        "sharers": sharers_of(copy.draft.form_id, copy.draft.procedure_id),
    }
    return render(request, "studio/step.html", context)


def _rows(field: dict[str, Any], definition: FormDefinition) -> list[dict[str, Any]]:
    """Return a question and those in its group as the list shows them."""
    row = _row(field, definition)
    inner = [_row(child, definition) | {"inside": True} for child in field.get("fields", [])]
    return [row, *inner]


def _row(field: dict[str, Any], definition: FormDefinition) -> dict[str, Any]:
    required = field.get("required", True)
    return {
        "id": field["id"],
        "label": field["label"]["ja"],
        "type": TYPES[field["type"]],
        "asks": field["type"] not in {"note", "computed", "group"},
        "required": "任意" if required is False else "必須" if required is True else "場合により必須",
        "help": field.get("help", {}).get("ja", ""),
        "options": "、".join(option["label"]["ja"] for option in field.get("options", [])[:8]),
        "more": max(len(field.get("options", [])) - 8, 0),
        "shown": describe_rule(field["shown_if"], definition) if "shown_if" in field else "",
        "group": field["type"] == "group",
    }


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, draft_id: uuid.UUID, part: str, key: str) -> HttpResponse:
    """Show or save the page of one part."""
    if part not in parts.NAMES:
        raise NotFound("この部分は編集できません。", code="studio.no_part")
    if request.method != "POST":
        return _draw_part(request, common.load(request, draft_id), part, key)
    moved = {"type": False}

    def change(document: Document) -> str:
        path = changing.locate(document, part, key)
        data = at(document, path)
        before = data.get("type", "")
        controls.write(parts.controls_of(part, data, document, surroundings(document)), data, request.POST)
        if part == "basics" and "when" not in data.get("payment", {"when": ""}):
            del data["payment"]
        if part == "field":
            data["required"] = _required(request, data)
            if data["required"] is True:
                del data["required"]
            moved["type"] = data["type"] != before
            if data["type"] in TYPES:
                parts.fit_type(data, before)
        return f"{words_of(path, document)}を編集"

    try:
        saved = common.save(request, draft_id, change)
    except Faulty as error:
        return _draw_part(request, common.load(request, draft_id), part, key, refused=error)
    if not saved.conflicts and (moved["type"] or "_stay" in request.POST):
        return common.answer(request, saved, reverse("studio:part", args=[draft_id, part, key]))
    return common.answer(request, saved, back_of(saved.document, draft_id, part, key))


def _required(request: HttpRequest, data: dict[str, Any]) -> Any:
    """Return the posted choice of required; a rule stays as it is."""
    posted = request.POST.get("_required", "rule")
    now = data.get("required", True)
    return {"yes": True, "no": False}.get(posted, now)


def back_of(document: Document, draft_id: uuid.UUID, part: str, key: str) -> str:
    """Return where the page of a part leads back to."""
    if part == "step":
        return reverse("studio:step", args=[draft_id, key])
    if part == "field":
        return f"{reverse('studio:step', args=[draft_id, step_of(document, key)])}#f-{key}"
    if part in {"basics", "form"}:
        return reverse("studio:overview", args=[draft_id])
    tab = {"paper": "papers", "fee": "fees", "rate": "fees", "reduction": "fees", "example": "examples"}[part]
    return reverse(f"studio:{tab}", args=[draft_id])


def _draw_part(request: HttpRequest, copy: Copy, part: str, key: str, *, refused: Faulty | None = None) -> HttpResponse:
    document = copy.document
    path = changing.locate(document, part, key)
    data = at(document, path)
    offered = parts.controls_of(part, data, document, surroundings(document))
    names = {control.path: control.label for control in offered}
    errors, summary = common.faults_by_control(refused, path, names) if refused else ({}, [])
    posted = request.POST if refused else None
    definition = FormDefinition.model_validate(document["form"])
    tab = {"basics": "basics", "form": "overview", "paper": "papers", "fee": "fees", "rate": "fees"}.get(part, "steps")
    required = data.get("required", True)
    context = common.frame(copy, "examples" if part == "example" else tab, (parts.NAMES[part], "")) | {
        "part": part,
        "key": key,
        "part_name": parts.NAMES[part],
        "heading": words_of(path, document),
        "controls": controls.draw(offered, data, posted=posted, errors=errors),
        "errors": summary,
        "base": common.number(request, "_base") if refused else copy.draft.revision,
        "back": back_of(document, copy.draft.pk, part, key),
        "rules": _rules(part, key, data, definition),
        "asks": part == "field" and data["type"] not in {"note", "computed", "group", "consent"},
        "required": {True: "yes", False: "no"}.get(required, "rule") if isinstance(required, bool) else "rule",
        "kept": _kept(data, definition) if part == "field" else [],
        "steps": [(item["id"], item["title"]["ja"]) for item in document["form"]["steps"]],
        "own_step": path[2] if part == "field" else "",
        "movable": part == "field" and len(path) == 5,
    }
    return render(request, "studio/part.html", context, status=422 if refused else 200)


def _rules(part: str, key: str, data: dict[str, Any], definition: FormDefinition) -> list[dict[str, str]]:
    """Return the rules of a part as sentences, each with the name of its page."""
    result = []
    for slot, (title, ending) in parts.RULE_SLOTS.get(part, {}).items():
        rule = data.get(slot)
        if slot == "required" and (rule is None or isinstance(rule, bool)):
            text = "条件はありません。"
        else:
            text = when(rule, definition, ending)
        result.append({"slot": slot, "title": title, "text": text})
    return result


def _kept(data: dict[str, Any], definition: FormDefinition) -> list[tuple[str, str]]:
    """Return what a question holds that this page does not offer: it stays as it is."""
    names = {"compute": "計算", "readonly_if": "変えられない条件", "min": "最小", "max": "最大", "default": "初めの値"}
    rows = []
    for name, label in names.items():
        value = data.get(name)
        if value is None or (name in {"min", "max"} and isinstance(value, int | float)):
            continue
        text = describe_value(value, definition, beside=data["id"])
        rows.append((label, text if is_described(text) else str(value)))
    return rows


@common.staff
@require_POST
def change(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Add, move, duplicate or delete a part."""
    post = request.POST
    operation, part, key = post.get("op", ""), post.get("part", ""), post.get("key", "")
    made: dict[str, str] = {}

    def act(document: Document) -> str:
        made.clear()
        made.update(_operate(document, operation, part, key, request))
        return made["what"]

    back = _return_to(request, draft_id)
    try:
        saved = common.save(request, draft_id, act)
    except (Faulty, InvalidInput) as error:
        return common.save_or_warn(request, draft_id, _raiser(error), back)
    if not saved.conflicts and made.get("page"):
        back = reverse("studio:part", args=[draft_id, part, made["page"]])
    elif not saved.conflicts and made.get("step"):
        back = reverse("studio:step", args=[draft_id, made["step"]])
    return common.answer(request, saved, back, done=made.get("done", ""))


def _raiser(error: Exception) -> Any:
    def act(document: Document) -> str:
        raise error

    return act


def _return_to(request: HttpRequest, draft_id: uuid.UUID) -> str:
    """Return the tab the change was asked from."""
    step_id, tab = request.POST.get("step", ""), request.POST.get("tab", "")
    if step_id:
        mark = f"#f-{request.POST['key']}" if request.POST.get("op") in {"up", "down"} else ""
        return reverse("studio:step", args=[draft_id, step_id]) + mark
    return reverse(f"studio:{tab if tab in {'papers', 'fees', 'examples'} else 'steps'}", args=[draft_id])


def _operate(document: Document, operation: str, part: str, key: str, request: HttpRequest) -> dict[str, str]:
    """Do one operation; return what was done, and which page comes next."""
    post = request.POST
    name = parts.NAMES.get(part, "減免" if part == "reduction" else "")
    if operation == "add" and part == "step":
        step_id = changing.add_step(document, post.get("label", ""))
        return {"what": "画面を追加", "step": step_id}
    if operation == "add" and part == "field":
        made = changing.add_field(document, key, post.get("label", ""), post.get("type", "text"))
        return {"what": f"質問『{post.get('label', '').strip()}』を追加", "page": made if "_open" in post else ""}
    if operation == "add" and part == "paper":
        return {"what": "必要書類を追加", "page": changing.add_paper(document, post.get("label", ""))}
    if operation == "add" and part == "fee":
        changing.add_fee(document, post.get("rate", ""))
        return {"what": "手数料を追加"}
    if operation == "add" and part == "reduction":
        changing.add_reduction(document, key, post.get("exemption", ""))
        return {"what": "減免を追加"}
    where = words_of(changing.locate(document, part, key), document)
    if operation in {"up", "down"}:
        changing.move(document, part, key, by=-1 if operation == "up" else 1)
        return {"what": f"{where}を{'上' if operation == 'up' else '下'}へ移動"}
    if operation == "duplicate":
        changing.duplicate(document, part, key)
        return {"what": f"{where}を複製", "done": f"{name}を複製しました。"}
    if operation == "delete":
        changing.remove(document, part, key)
        return {"what": f"{where}を削除", "done": f"{where}を削除しました。「経過」から前の版に戻せます。"}
    if operation == "to_step":
        changing.move_to_step(document, key, post.get("to", ""))
        return {"what": f"{where}を別の画面へ移動", "step": post.get("to", "")}
    raise InvalidInput("この操作はできません。", code="studio.no_operation", mend="画面を開き直してください。")
