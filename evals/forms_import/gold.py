"""What a person expects of a paper form: fields with label, type and place. Owns the gold's shape, no judgement."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class F:
    """One expected field. ``type`` may name alternatives with ``|``; ``inside`` is the label of its repeating group."""

    label: str
    type: str
    inside: str = ""
    places: list[str] = field(default_factory=list)


@dataclass
class Gold:
    """Everything expected of one file: title, fields, labels of office-only areas."""

    title: str
    addressee: str = ""
    fields: list[F] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, expected: F | list[F] | tuple[F, ...] | None, place: str) -> None:
        """Note that *expected* stands at *place*; one field may stand at several."""
        for item in [expected] if isinstance(expected, F) else expected or []:
            if not any(item is known for known in self.fields):
                self.fields.append(item)
            if place not in item.places:
                item.places.append(place)

    def write(self, path: Path) -> None:
        """Write the gold beside its file."""
        data = {
            "title": self.title,
            "addressee": self.addressee,
            "fields": [
                {"label": f.label, "type": f.type, "places": f.places, **({"inside": f.inside} if f.inside else {})}
                for f in self.fields
            ],
            "left_out": self.left_out,
        }
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_gold(path: Path) -> Gold:
    """Read the gold of one file."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    fields = [F(item["label"], item["type"], item.get("inside", ""), item["places"]) for item in data["fields"]]
    return Gold(data["title"], data["addressee"], fields, data["left_out"])
