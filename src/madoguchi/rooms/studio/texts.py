"""The texts of a document in every language: where they are, what is missing, and how easy they are to read.

Owns the walk. A text is a map with a Japanese entry; what is not one is no text. No storage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.kernel.plain_language import Remark, review
from madoguchi.rooms.studio.documents import Document, Path, identity

OTHERS = {code: name for code, name in LANGUAGES.items() if code != "ja"}
SKIPPED = frozenset({"answers", "expect", "examples", "shown_if", "required", "needed_if", "when", "compute"})


def sections_of(document: Document) -> list[tuple[str, str, Path]]:
    """Return the sections in which texts are translated: (key, name, path)."""
    steps = [(step["id"], step["title"]["ja"], ("form", "steps", step["id"])) for step in document["form"]["steps"]]
    return [("procedure", "手続の案内", ("procedure",)), ("form", "様式・書類・手数料", ("form",)), *steps]


def texts_of(document: Document, key: str) -> list[tuple[Path, dict[str, str]]]:
    """Return the texts of a section with their paths; [] for an unknown section."""
    for name, _, path in sections_of(document):
        if name == key:
            value: Any = document
            for part in path:
                value = next(item for item in value if item["id"] == part) if isinstance(value, list) else value[part]
            skipped = SKIPPED | {"steps"} if name == "form" else SKIPPED
            return list(_walk(path, value, skipped))
    return []


def _walk(path: Path, value: Any, skipped: frozenset[str]) -> Iterator[tuple[Path, dict[str, str]]]:
    if isinstance(value, dict):
        if isinstance(value.get("ja"), str):
            yield path, value
            return
        for key, inner in value.items():
            if key not in skipped:
                yield from _walk((*path, key), inner, skipped)
    elif isinstance(value, list):
        for item in value:
            name = identity(item)
            if name is not None:
                yield from _walk((*path, name), item, skipped)


def advice(text: dict[str, str]) -> list[tuple[str, Remark]]:
    """Return what a plain-language editor would mark in a text, with the language it is in: 日本語, やさしい日本語."""
    return [
        (LANGUAGES[code], remark)
        for code, level in (("ja", "plain"), ("easy", "easy"))
        for remark in review(text.get(code, ""), level=level)  # type: ignore[arg-type]
    ]


def missing(document: Document) -> dict[str, int]:
    """Return how many texts lack each language."""
    counts = dict.fromkeys(OTHERS, 0)
    for key, _, _ in sections_of(document):
        for _, text in texts_of(document, key):
            for code in counts:
                counts[code] += not text.get(code)
    return counts


def total(document: Document) -> int:
    """Return how many texts there are."""
    return sum(len(texts_of(document, key)) for key, _, _ in sections_of(document))
