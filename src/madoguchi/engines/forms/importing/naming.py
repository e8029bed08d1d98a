"""Ids for questions and options: words of the lexicon, else a stable short code of the label. Owns ids only."""

from __future__ import annotations

import hashlib
import re
from functools import cache

from madoguchi.engines.forms.importing.deciding import ProposedField
from madoguchi.engines.forms.importing.lexicon import fold, lexicon, type_of

MAX_LENGTH = 48
_PERSONAL = frozenset({"name", "address", "phone", "phone_number", "email", "title", "location", "birth_on", "sex"})
"""Ids that say little without whose they are."""


@cache
def _words() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(lexicon()["ids"].items(), key=lambda item: -len(item[0])))


def slug(label: str) -> str:
    """Return a label's id in lower-case ASCII, or '' when no word of it is known."""
    rest, parts = fold(label), []
    while rest:
        hit = next(((word, name) for word, name in _words() if rest.startswith(word)), None)
        if hit is None:
            rest = rest[1:]
        else:
            parts.append(hit[1])
            rest = rest[len(hit[0]) :]
    kept: list[str] = []
    for part in dict.fromkeys(parts):
        if len("_".join([*kept, part])) > MAX_LENGTH:
            break
        kept.append(part)
    return "_".join(kept)


def stable(label: str, prefix: str) -> str:
    """Return an id that depends on the label alone."""
    return f"{prefix}_{hashlib.sha256(fold(label).encode()).hexdigest()[:6]}"


def unique(name: str, taken: set[str]) -> str:
    """Return *name*, numbered when it is taken, and take it."""
    chosen, n = name, 2
    while chosen in taken:
        chosen, n = f"{name}_{n}", n + 1
    taken.add(chosen)
    return chosen


def _base(item: ProposedField) -> str:
    own = slug(item.label)
    if not own:
        word = type_of(item.label)
        own = word.id if word is not None and item.type not in {"choice", "choices"} else ""
    if not own:
        return stable(item.label, "item" if item.type != "file" else "file")
    return own if item.type != "file" else f"{own}_file"


def give_ids(fields: list[ProposedField]) -> None:
    """Give every field an id that is unique in the form and the same at every run."""
    bases: dict[str, int] = {}
    everything = [each for item in fields for each in (item, *item.children)]
    for item in everything:
        bases[_base(item)] = bases.get(_base(item), 0) + 1
    taken: set[str] = set()
    for top in fields:
        whose = any(role in top.section for role in lexicon()["roles"]) and _base(top) in _PERSONAL
        _name(top, slug(top.section) if whose or bases[_base(top)] > 1 else "", taken)
        for child in top.children:
            _name(child, top.id if bases[_base(child)] > 1 else "", taken)


def _name(item: ProposedField, prefix: str, taken: set[str]) -> None:
    base = _base(item)
    name = f"{prefix}_{base}" if prefix and not base.startswith(prefix) else base
    name = re.sub(r"[^a-z0-9_]", "", name)[:MAX_LENGTH]
    item.id = unique(name if re.match("[a-z]", name) else f"item_{name}", taken)
