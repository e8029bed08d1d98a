"""Recall and precision of proposed fields against the gold. A field is found when place, label and type fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.forms_import.gold import F, read_gold
from madoguchi.engines.forms.importing import Proposal, ProposedField, propose_form, read_paper_form
from madoguchi.engines.forms.importing.lexicon import fold

PAPERS = Path(__file__).parent / "papers"
SAME = ({"text", "textarea"}, {"integer", "decimal"})
NEAR = 14.0
"""Points by which a PDF mark may stand beside the box it belongs to."""


@dataclass
class Result:
    """What was found in one file."""

    name: str
    expected: int = 0
    proposed: int = 0
    hits: int = 0
    title: bool = False
    addressee: bool = False
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


def same_place(expected: list[str], found: ProposedField) -> bool:
    """Tell whether a proposed field stands where the gold says."""
    for place in found.places:
        if str(place) in expected:
            return True
        for wanted in expected:
            if place.box is None or not (match := re.fullmatch(r"p\.(\d+) (\d+),(\d+)", wanted)):
                continue
            page, x, y = (int(part) for part in match.groups())
            left, top, right, bottom = place.box
            high = top - NEAR <= y <= bottom + NEAR if not place.ruled else top - 3 <= y <= bottom + 3
            wide = not place.ruled or left - 3 <= x <= right + 3
            if page == place.page and high and wide:
                return True
    return False


def same_label(expected: str, found: str) -> bool:
    """Tell whether two labels name the same thing: one holds the other, or half of their letter pairs agree."""
    a, b = (re.sub(r"[^\w]|の", "", fold(re.sub(r"[(（].{5,}?[)）]", "", text))) for text in (expected, found))
    if not a or not b:
        return False
    if a in b or b in a:
        return True
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b)]
    total = len(pairs[0]) + len(pairs[1])
    return total > 0 and 2 * len(pairs[0] & pairs[1]) / total >= 0.5


def same_type(expected: str, found: str) -> bool:
    """Tell whether a type is one of those the gold allows (long and short text count as one, as do numbers)."""
    allowed = set(expected.split("|"))
    return found in allowed or any(found in pair and allowed & pair for pair in SAME)


def measure(path: Path) -> tuple[Result, Proposal]:
    """Compare the proposal for one file with its gold."""
    gold = read_gold(path.with_suffix(".json"))
    proposal = propose_form(read_paper_form(path))
    flat = [each for item in proposal.fields for each in (item, *item.children)]
    result = Result(path.name, len(gold.fields), len(flat))
    result.title = fold(proposal.title) == fold(gold.title) or fold(gold.title) in fold(proposal.title)
    result.addressee = proposal.addressee == gold.addressee
    free = list(flat)
    for wanted in gold.fields:
        hit = _match(wanted, free)
        if hit is None:
            result.missed.append(f"{wanted.label}（{wanted.type}）{wanted.places[0]}")
        else:
            free.remove(hit)
            result.hits += 1
    result.extra = [f"{item.label}（{item.type}）{item.place}" for item in free]
    return result, proposal


def _match(wanted: F, free: list[ProposedField]) -> ProposedField | None:
    fits = [
        item for item in free
        if same_place(wanted.places, item) and (item.type == "consent" or same_label(wanted.label, item.label)) and same_type(wanted.type, item.type)
    ]  # fmt: skip
    exact = [item for item in fits if fold(item.label) == fold(wanted.label)]
    return (exact or fits or [None])[0]


def measure_split(split: str) -> list[Result]:
    """Measure every file of a split."""
    files = sorted(path for path in (PAPERS / split).iterdir() if path.suffix in {".xlsx", ".docx", ".pdf"})
    return [measure(path)[0] for path in files]


def summary(results: list[Result]) -> dict[str, Any]:
    """Return recall, precision and counts over files (every field counts once)."""
    expected, proposed, hits = (sum(getattr(r, key) for r in results) for key in ("expected", "proposed", "hits"))
    return {
        "files": len(results),
        "fields": expected,
        "proposed": proposed,
        "found": hits,
        "recall": round(hits / expected, 3),
        "precision": round(hits / max(proposed, 1), 3),
        "titles": sum(r.title for r in results),
        "addressees": sum(r.addressee for r in results),
    }
