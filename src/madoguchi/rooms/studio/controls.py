"""Controls of the editing pages: each binds one place of a definition to one input, both ways.

Owns how values are drawn, read and written. What was typed and cannot be read is written as typed, so that the models refuse it
with a place and the page shows it again. A value equal to its default is left unwritten, as in the folder. No storage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from madoguchi.kernel.text import normalise_width

BLANK_OPTIONS = 3


class Post(Protocol):
    """Posted values."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def getlist(self, key: str) -> list[str]: ...

    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Control:
    """One input. ``path`` is dotted and is the name of the input.

    Kinds: text, area, select, flag, int, date, lines (a list of texts), textlines (localised ones), many, options.
    """

    path: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    default: Any = ""
    required: bool = False
    rows: int = 3

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.path.split("."))


def value_of(control: Control, data: Mapping[str, Any]) -> Any:
    """Return what lies at a control's place, its default when nothing does."""
    value: Any = data
    for key in control.keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return control.default if value is None else value


def draw(
    controls: Sequence[Control],
    data: Mapping[str, Any],
    *,
    posted: Post | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return what the template draws; *posted* values come before stored ones."""
    return [_drawn(control, data, posted, (errors or {}).get(control.path, "")) for control in controls]


def _drawn(control: Control, data: Mapping[str, Any], posted: Post | None, error: str) -> dict[str, Any]:
    stored = value_of(control, data)
    view: dict[str, Any] = {
        "name": control.path, "id": control.path.replace(".", "-"), "label": control.label, "kind": control.kind,
        "hint": control.hint, "required": control.required, "rows": control.rows, "error": error,
    }  # fmt: skip
    if control.kind == "options":
        view["options"] = _option_rows(control, stored, posted)
        return view
    if control.kind in {"select", "many"}:
        kept = stored if control.kind == "many" else [str(stored)]
        chosen = posted.getlist(control.path) if posted is not None else kept
        known = [value for value, _ in control.choices]
        unknown = [(value, f"{value}（ここにはありません）") for value in chosen if value and value not in known]
        view["choices"] = [(value, text, value in chosen) for value, text in [*control.choices, *unknown]]
    elif control.kind == "flag":
        view["value"] = control.path in posted if posted is not None else bool(stored)
    else:
        view["value"] = posted.get(control.path, "") if posted is not None else _shown(control, stored)
    return view


def _shown(control: Control, value: Any) -> str:
    if control.kind == "lines":
        return "\n".join(value or [])
    if control.kind == "textlines":
        return "\n".join(item["ja"] for item in value or [])
    return "" if value is None else str(value)


def _option_rows(control: Control, stored: Any, posted: Post | None) -> list[dict[str, Any]]:
    options = stored or []
    rows = [{"value": item["value"], "label": item["label"]["ja"]} for item in options]
    rows += [{"value": "", "label": ""}] * BLANK_OPTIONS
    if posted is not None:
        rows = [
            {"value": value, "label": label}
            for value, label in zip(
                posted.getlist(f"{control.path}.value"), posted.getlist(f"{control.path}.label"), strict=False
            )
        ]
    return [{**row, "number": i + 1} for i, row in enumerate(rows)]


def write(controls: Sequence[Control], data: dict[str, Any], posted: Post) -> None:
    """Write what was posted into *data*, in place."""
    for control in controls:
        value = _read(control, posted, value_of(control, data))
        if value == value_of(control, data):
            continue
        _put(data, control.keys, None if value in ("", None, []) else value)


def _read(control: Control, posted: Post, stored: Any) -> Any:
    kind, text = control.kind, str(posted.get(control.path, "")).strip()
    if kind == "flag":
        return control.path in posted
    if kind == "many":
        return posted.getlist(control.path)
    if kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind == "textlines":
        before = {item["ja"]: item for item in stored or []}
        return [before.get(line.strip(), {"ja": line.strip()}) for line in text.splitlines() if line.strip()]
    if kind == "options":
        return _read_options(control, posted, stored or [])
    if kind == "int":
        digits = normalise_width(text).replace(",", "")
        return int(digits) if digits.lstrip("-").isdecimal() and len(digits) < 12 else digits
    if kind == "select" and isinstance(control.default, int) and text.isdigit():
        return int(text)
    return text.replace("\r\n", "\n")


def _read_options(control: Control, posted: Post, stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    before = {item["value"]: item for item in stored}
    values, labels = posted.getlist(f"{control.path}.value"), posted.getlist(f"{control.path}.label")
    result: list[dict[str, Any]] = []
    taken = set(values)
    for value, label in zip(values, labels, strict=False):
        label = label.strip()
        if not label:
            continue
        if value in before:
            old = before[value]
            text = old["label"] if old["label"]["ja"] == label else {**old["label"], "ja": label}
            result.append({**old, "label": text})
        else:
            number = next(n for n in range(1, 1000) if f"o{n}" not in taken)
            taken.add(f"o{number}")
            result.append({"value": f"o{number}", "label": {"ja": label}})
    return result


def _put(data: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    """Set a place, or with None take it away; a text loses all its languages with its Japanese."""
    *parents, last = keys
    holders = [data]
    for key in parents:
        inner = holders[-1].get(key)
        if not isinstance(inner, dict):
            if value is None:
                return
            inner = holders[-1][key] = {}
        holders.append(inner)
    if value is not None:
        holders[-1][last] = value
        return
    if last == "ja" and parents:
        holders[-2].pop(parents[-1], None)
        return
    holders[-1].pop(last, None)
    for holder, key in zip(reversed(holders[:-1]), reversed(parents), strict=True):
        if not holder[key]:
            del holder[key]
