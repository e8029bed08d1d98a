"""The questions of giving or asking for a delegation, as the forms engine's own controls draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from madoguchi.engines.identity.api import DelegationKind
from madoguchi.kernel import clock
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue import api as catalogue

PROCEDURES = 3
FIELDS = 2
"""How many procedures or fields of the catalogue one delegation names; for more, "all" or a second one."""
NOTHING_TYPED = {"y": "", "m": "", "d": ""}


def typed_day(post: Mapping[str, str], name: str) -> dict[str, str]:
    """Return a day as typed in three boxes."""
    return {part: post.get(f"{name}.{part}", "").strip()[:4] for part in NOTHING_TYPED}


def form_fields(
    post: Any, kinds: Sequence[DelegationKind], *, name: str, way: str, lang: str, faults: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the fields of the page in order, filled with what was posted; *faults* are words by field."""

    def field(kind: str, key: str, *, value: Any = None, required: bool = True, **more: Any) -> dict[str, Any]:
        given = post.get(key, "") if value is None else value
        words = text(f"portal.delegation.{key if key != 'principal_name' else f'{way}_principal_name'}", lang)
        shown = {"type": kind, "id": key, "name": key, "label": words, "value": given, "required": required}
        error = faults.get(key, "")
        return {**shown, "error": error, "described_by": f"{key}-error" if error else "", "attrs": {}, **more}

    def options(rows: Sequence[tuple[str, str, str]], chosen: str) -> list[tuple[str, str, str, bool]]:
        return [(*row, row[0] == chosen) for row in rows]

    kind_rows = [(kind.id, kind.title.get(lang), kind.help.get(lang) if kind.help else "") for kind in kinds]
    scopes = [(each, text(f"portal.delegation.scope_{each}", lang), "") for each in ("list", "field", "all")]
    today = clock.today()
    starts = typed_day(post, "valid_from") if post else {"y": today.year, "m": today.month, "d": today.day}
    rows = [
        field("choice_radio", "kind", options=options(kind_rows, post.get("kind", ""))),
        field("text", "principal_name", **({"value": post.get("principal_name", name)} if way == "given" else {})),
    ]
    if way == "statutory":
        rows += [
            field("text", "principal_kana", required=False),
            field("date", "born_on", value=typed_day(post, "born_on"), required=False),
            field("text", "delegate_name", value=post.get("delegate_name", name)),
        ]
    rows.append(field("choice_radio", "scope", options=options(scopes, post.get("scope", "list"))))
    rows += _picks("procedures", PROCEDURES, _procedures(lang), post, lang)
    rows += _picks("fields", FIELDS, _areas(), post, lang)
    rows.append(field("date", "valid_from", value=starts))
    rows.append(field("date", "valid_to", value=typed_day(post, "valid_to"), required=way == "given"))
    return rows


def _picks(key: str, count: int, rows: list[tuple[str, str]], post: Any, lang: str) -> list[dict[str, Any]]:
    """Return *count* selections of the same name; what was posted stands in them in order."""
    chosen = post.getlist(key) if post else []
    return [
        {
            "type": "choice_select",
            "id": f"{key}-{place}",
            "name": key,
            "label": text(f"portal.delegation.{key}", lang, number=place),
            "required": False,
            "error": "",
            "described_by": "",
            "attrs": {},
            "options": [(value, title, "", value in chosen[place - 1 : place]) for value, title in rows],
        }
        for place in range(1, count + 1)
    ]


def _procedures(lang: str) -> list[tuple[str, str]]:
    rows = [item for item in catalogue.list_procedures() if item.in_scope and "*" not in item.no_delegation]
    return [(item.id, item.title.get(lang)) for item in sorted(rows, key=lambda item: item.kana)]


def _areas() -> list[tuple[str, str]]:
    return [(area, area) for area in sorted({item.field for item in catalogue.list_procedures() if item.in_scope})]
