"""Sub-labels that make one answer: フリガナ and 氏名, 〒 and 住所, the parts of a bank account. Owns these joins only."""

from __future__ import annotations

import re

from madoguchi.engines.forms.importing.deciding import ProposedField
from madoguchi.engines.forms.importing.lexicon import says


def merge(fields: list[ProposedField]) -> list[ProposedField]:
    """Return the fields with composite answers joined, order kept."""
    return _bank(_postal(_kana(fields)))


def _kana(fields: list[ProposedField]) -> list[ProposedField]:
    kept: list[ProposedField] = []
    for item in fields:
        last = kept[-1] if kept else None
        if last is not None and last.type == "kana" and item.type == "person_name" and _near(last, item):
            item.places = [*item.places, *last.places]
            item.confidence = 0.95
            kept[-1] = item
        elif last is not None and item.type == "kana" and last.type == "person_name" and _near(last, item):
            last.places += item.places
        else:
            kept.append(item)
    return _kana_apart(kept)


def _kana_apart(fields: list[ProposedField]) -> list[ProposedField]:
    """Join a kana row to the name below it when another field stands between (two columns)."""
    for item in [field for field in fields if field.type == "kana"]:
        at = fields.index(item)
        near = [field for field in fields[at + 1 : at + 4] if field.type == "person_name" and _near(item, field)]
        if near:
            near[0].places += item.places
            near[0].confidence = 0.95
            fields.remove(item)
    return fields


def _near(a: ProposedField, b: ProposedField) -> bool:
    return a.section == b.section


def _postal(fields: list[ProposedField]) -> list[ProposedField]:
    kept: list[ProposedField] = []
    for item in fields:
        last = kept[-1] if kept else None
        first_half = last is not None and (last.type == "postal_code" or re.fullmatch("〒|郵便番号", last.label))
        if last is not None and first_half and item.type == "address":
            item.places = [*item.places, *last.places]
            kept[-1] = item
        elif item.type == "postal_code" and last is not None and last.type == "address":
            last.places += item.places
        else:
            kept.append(item)
    for item in kept:
        if item.type == "postal_code" or (item.type == "address" and item.label == "〒"):
            item.type, item.label = "address", "住所"
    return kept


def _bank(fields: list[ProposedField]) -> list[ProposedField]:
    """Join runs of three or more parts of a bank account."""
    kept: list[ProposedField] = []
    run: list[ProposedField] = []

    def close() -> None:
        if len({item.part for item in run}) >= 3:
            section = run[0].section
            label = section if section and not says("forms", section) else "振込先口座"
            kept.append(
                ProposedField("bank_account", label, [place for item in run for place in item.places], 0.95, section)
            )
        else:
            kept.extend(_loose(item) for item in run)
        run.clear()

    for item in fields:
        in_run = (
            item.part
            or (run and item.type == "kana")
            or (run and item.type in {"choice", "text"} and _bank_words(item))
        )
        if in_run and (item.part or len(run) > 0):
            run.append(item)
        else:
            close()
            kept.append(item)
    close()
    return kept


def _bank_words(item: ProposedField) -> bool:
    return any(says("content", word, below="bank") for word in item.options) or {"普通", "当座"} <= set(item.options)


def _loose(item: ProposedField) -> ProposedField:
    if item.type == "bank_part":
        item.type = "choice" if len(item.options) >= 2 else "text"
    return item
