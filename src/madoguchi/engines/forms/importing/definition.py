"""From a proposal to a form definition that compiles, with an example resident. Owns the writing of ``forms/<id>.yaml``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from madoguchi.engines.forms.importing.deciding import ProposedField
from madoguchi.engines.forms.importing.examples import example_answers
from madoguchi.engines.forms.importing.naming import slug, stable, unique
from madoguchi.engines.forms.importing.proposing import Proposal

MAX_STEPS = 40
_WAREKI = frozenset({"date", "year_month"})


def to_definition(
    proposal: Proposal, *, accepted: Collection[str] | None = None, form_id: str = "", examples: bool = True
) -> dict[str, Any]:
    """Return the data of ``forms/<id>.yaml`` with the accepted fields (by id; all when None).

    Raises ValueError when nothing is left to ask.
    """
    fields = [item for item in proposal.fields if accepted is None or item.id in accepted]
    if not fields:
        raise ValueError("受け入れた質問が一つもありません。")
    steps = _steps(fields, accepted)
    definition: dict[str, Any] = {
        "id": form_id or slug(proposal.title) or stable(proposal.title, "form"),
        "title": proposal.title,
        "source": f"{proposal.number} {proposal.source}".strip(),
        "steps": steps,
    }
    papers = [
        {"id": f"{item.id}_paper", "title": item.label, "field": item.id, "how": "upload"}
        for item in fields
        if item.type == "file"
    ]
    if papers:
        definition["papers"] = papers
    if examples:
        answers = example_answers([field for step in steps for field in step["fields"]])
        definition["examples"] = [
            {"id": "sample", "title": "すべての質問に答える（見本）", "answers": answers, "expect": {"valid": True}}
        ]
    return definition


def _steps(fields: list[ProposedField], accepted: Collection[str] | None) -> list[dict[str, Any]]:
    steps: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for item in fields:
        name = item.step if item.step in steps or len(steps) < MAX_STEPS else next(reversed(steps))
        if name not in steps:
            steps[name] = {
                "id": unique(f"step_{slug(name) or stable(name, 's')}"[:55], taken),
                "title": name,
                "fields": [],
            }
        steps[name]["fields"].append(_field(item, accepted))
    return list(steps.values())


def _field(item: ProposedField, accepted: Collection[str] | None, *, inside: bool = False) -> dict[str, Any]:
    kind = "text" if item.type == "postal_code" else item.type
    data: dict[str, Any] = {"id": item.id, "type": kind, "label": item.label}
    if item.help:
        data["help"] = item.help
    if not item.required and kind not in {"group", "note"}:
        data["required"] = False
    if kind in _WAREKI:
        data["wareki"] = True
    if item.unit and kind in {"integer", "decimal", "text"}:
        data["unit"] = item.unit
    if kind in {"choice", "choices"}:
        data["options"] = _options(item.options or ("はい", "いいえ"))
    if kind == "file":
        data["accept"] = ["pdf", "jpeg", "png"]
    if kind == "textarea":
        data["max_length"] = 2000
    if kind == "group":
        chosen = [child for child in item.children if accepted is None or child.id in accepted or item.id in accepted]
        data["repeat"] = {"min": 1, "max": min(50, max(10, item.rows)), "item": item.label}
        data["fields"] = [_field(child, accepted, inside=True) for child in chosen if child.type != "file"]
    return data


def _options(labels: tuple[str, ...]) -> list[dict[str, str]]:
    taken: set[str] = set()
    return [
        {"value": unique(slug(label) or f"option_{n}", taken), "label": label}
        for n, label in enumerate(labels, start=1)
    ]
