"""Changes of structure: add, move, duplicate, delete steps, questions, papers, fee lines.

Owns the small operations; each changes a copied document in place and returns in words what was done. Raises InvalidInput for
what cannot be. No storage.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from madoguchi.engines.forms.api import Fee, suggest_id
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.rooms.studio.documents import Document, Path, at, identity, ids_of, place_of
from madoguchi.rooms.studio.parts import fit_type


def locate(document: Document, part: str, key: str) -> Path:
    """Return the path of a part. Raises NotFound."""
    try:
        return place_of(document, part, key)
    except KeyError:
        raise NotFound(
            "この部分は見つかりません。",
            code="studio.no_part",
            mend="ほかの職員が消したのかもしれません。一覧から選び直してください。",
        ) from None


def fresh_id(document: Document, label: str, prefix: str) -> str:
    """Return an id that is free: from the words of the label, else a short code of it."""
    wanted = suggest_id(label) or f"{prefix}_{hashlib.sha256(label.encode()).hexdigest()[:6]}"
    taken, name, number = ids_of(document), wanted[:50], 2
    while name in taken:
        name, number = f"{wanted[:50]}_{number}", number + 1
    return name


def _label(text: str) -> str:
    label = text.strip()
    if not label:
        raise InvalidInput("名前がありません。", code="studio.no_name", mend="名前を入力してから追加してください。")
    return label[:200]


def add_step(document: Document, title: str) -> str:
    """Add a page with one question at the end; return its id."""
    label = _label(title)
    step_id = fresh_id(document, label, "step")
    form = document["form"]
    form["steps"].append({"id": step_id, "title": {"ja": label}, "fields": []})
    add_field(document, step_id, "新しい質問", "text")
    return step_id


def add_field(document: Document, container: str, label: str, kind: str) -> str:
    """Add a question at the end of a step or a group; return its id."""
    text = _label(label)
    field: dict[str, Any] = {"id": fresh_id(document, text, "q"), "type": kind, "label": {"ja": text}}
    fit_type(field, "")
    _container(document, container)["fields"].append(field)
    if kind == "file":
        document["form"].setdefault("papers", []).append(
            {"id": f"{field['id'][:50]}_paper", "title": {"ja": text}, "field": field["id"], "how": "upload"}
        )
    return str(field["id"])


def _container(document: Document, key: str) -> dict[str, Any]:
    for step in document["form"]["steps"]:
        if step["id"] == key:
            return dict_of(step)
        for field in step["fields"]:
            if field["id"] == key and field["type"] == "group":
                return dict_of(field)
    raise NotFound("追加する先が見つかりません。", code="studio.no_part", mend="画面を選び直してください。")


def dict_of(value: Any) -> dict[str, Any]:
    """Return a part that is known to be a map."""
    assert isinstance(value, dict)
    return value


def add_paper(document: Document, title: str) -> str:
    """Add a paper; return its id."""
    label = _label(title)
    paper_id = fresh_id(document, label, "paper")
    document["form"].setdefault("papers", []).append({"id": paper_id, "title": {"ja": label}})
    return paper_id


def add_fee(document: Document, rate: str) -> str:
    """Add a fee line of a rate; return its id."""
    if not rate:
        raise InvalidInput("手数料の種類がありません。", code="studio.no_rate", mend="手数料の種類を選んでください。")
    taken, name, number = ids_of(document), rate, 2
    while name in taken:
        name, number = f"{rate}_{number}", number + 1
    document["form"].setdefault("fees", []).append({"id": name, "rate": rate})
    return name


def add_reduction(document: Document, line: str, exemption: str) -> str:
    """Let an exemption apply to a fee line; return the key of the reduction."""
    fee = at(document, locate(document, "fee", line))
    if not exemption or any(item["exemption"] == exemption for item in fee.get("reduction", [])):
        raise InvalidInput("減免を追加できません。", code="studio.no_exemption", mend="まだない減免を選んでください。")
    fee.setdefault("reduction", []).append({"exemption": exemption})
    return f"{line}.{exemption}"


def add_rate(document: Document, fee: dict[str, Any], *, known: set[str]) -> str:
    """Add a fee that the municipality does not have yet, as data; return its id. Raises pydantic's ValidationError."""
    base = suggest_id(fee["title"]["ja"]) or f"fee_{hashlib.sha256(fee['title']['ja'].encode()).hexdigest()[:6]}"
    name, number = base, 2
    while name in known or any(item["id"] == name for item in document.get("fees", [])):
        name, number = f"{base}_{number}", number + 1
    made = {"id": name, **fee}
    Fee.model_validate(made)
    document.setdefault("fees", []).append(made)
    return name


def move(document: Document, part: str, key: str, *, by: int) -> None:
    """Move a part up (-1) or down (+1) among its neighbours; at the end nothing happens."""
    path = locate(document, part, key)
    siblings = at(document, path[:-1])
    here = next(i for i, item in enumerate(siblings) if identity(item) == path[-1])
    there = here + by
    if 0 <= there < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]


def move_to_step(document: Document, field_id: str, step_id: str) -> None:
    """Move a question to the end of another step."""
    path = locate(document, "field", field_id)
    field = at(document, path)
    if len(path) > 5:  # inside a group
        raise InvalidInput("まとまりの中の質問は、ほかの画面に移せません。", code="studio.inside_group")
    _refuse_last(document, path, "画面に質問が一つだけなので移せません。")
    at(document, path[:-1]).remove(field)
    _container(document, step_id)["fields"].append(field)


def remove(document: Document, part: str, key: str) -> None:
    """Take a part away. Raises InvalidInput for the last step, and the last question of a step or group."""
    path = locate(document, part, key)
    if part in {"step", "field"}:
        what = "画面" if part == "step" else "質問"
        _refuse_last(document, path, f"{what}は少なくとも一つ要ります。")
    siblings = at(document, path[:-1])
    siblings.remove(at(document, path))
    if not siblings and part not in {"step", "field"}:
        del at(document, path[:-2])[path[-2]]
    if part == "field":
        papers = [item for item in document["form"].get("papers", []) if item.get("field") != key]
        if "papers" in document["form"]:
            document["form"]["papers"] = papers
            if not papers:
                del document["form"]["papers"]


def _refuse_last(document: Document, path: Path, message: str) -> None:
    if len(at(document, path[:-1])) == 1:
        raise InvalidInput(message, code="studio.last", mend="先に別のものを追加してください。")


def duplicate(document: Document, part: str, key: str) -> str:
    """Put a copy of a part right after it, with ids of its own; return the copy's id."""
    path = locate(document, part, key)
    siblings = at(document, path[:-1])
    original = at(document, path)
    twin = copy.deepcopy(original)
    taken = ids_of(document)
    _rename(twin, taken)
    name = "label" if part == "field" else "title"
    if name in twin:
        twin[name] = {**twin[name], "ja": f"{twin[name]['ja']}（写し）"}
    siblings.insert(siblings.index(original) + 1, twin)
    return str(twin["id"])


def _rename(item: dict[str, Any], taken: set[str]) -> None:
    """Give a copied part, and the questions in it, ids that are free."""
    stem, number = item["id"][:50], 2
    while f"{stem}_{number}" in taken:
        number += 1
    item["id"] = f"{stem}_{number}"
    taken.add(item["id"])
    for child in item.get("fields", []):
        _rename(child, taken)
