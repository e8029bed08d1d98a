"""The words by which a paper form is understood, read once from ``lexicon.yaml``.

Owns the folding of printed words (width, spaces, numbering) and the look-up. Holds no word itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from madoguchi.kernel import text

_NUMBERING = re.compile(
    r"^\s*(?:[■□●◆◇○▼▶]\s*|[(（]\s*[0-9０-９]{1,2}\s*[)）]\s*|[①-⑳]\s*|[0-9０-９]{1,2}\s*[.．、 　]\s*|第?[0-9０-９]+\s{1,}|[ア-カ]\s*[.．、]\s*)"
)


@dataclass(frozen=True, slots=True)
class TypeWord:
    """What a label's words say about the question."""

    type: str
    id: str
    unit: str = ""
    part: str = ""


@cache
def lexicon() -> dict[str, Any]:
    """Return the data of ``lexicon.yaml``."""
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "lexicon.yaml").read_text(encoding="utf-8"))
    return data


def fold(printed: str) -> str:
    """Return the look-up key of printed words: width folded, no white space."""
    return re.sub(r"\s+", "", text.normalise_width(printed.replace("\u3000", " ")))


def tidy(printed: str) -> str:
    """Return printed words as a label: without numbering, marks and the spaces that spread them out."""
    line = re.sub(r"\s+", " ", printed.replace("\u3000", " ")).strip(" :：")
    line = _NUMBERING.sub("", line, count=1) if len(line) > 2 else line
    line = line.strip(" :：　【】〔〕")
    whole = re.fullmatch(r"[(（]([^()（）]+)[)）]", line)
    if whole:
        line = whole[1]
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", line)


_SPREAD = re.compile(r"(?<![^\s])[^\x00-\x7f\s](?:[ \u3000]+[^\x00-\x7f\s])+(?![^\s])")
_KEEP_APART = frozenset("年月日時分男女有無火水木金土円同別大中小印㊞雄雌要否可")


def gather(printed: str) -> str:
    """Join words whose characters were spread over the line (住　　所), but no blanks (年　月　日) or options (男　女)."""

    def join(match: re.Match[str]) -> str:
        word = re.sub(r"\s", "", match.group())
        return match.group() if _KEEP_APART & set(word) or len(word) > 5 else word

    return _SPREAD.sub(join, printed)


@cache
def _pattern(*path: str) -> re.Pattern[str]:
    words: Any = lexicon()
    for key in path:
        words = words[key]
    return re.compile("|".join(f"(?:{word})" for word in words))


def says(what: str, printed: str, *, below: str = "") -> bool:
    """Tell whether the words of the list *what* (or *what*/*below*) occur in a printed text."""
    return bool(_pattern(*((what, below) if below else (what,))).search(fold(printed)))


@cache
def _type_patterns() -> tuple[tuple[re.Pattern[str], TypeWord], ...]:
    return tuple(
        (
            re.compile("|".join(f"(?:{word})" for word in item["words"])),
            TypeWord(item["type"], item["id"], item.get("unit", ""), item.get("part", "")),
        )
        for item in lexicon()["types"]
    )


@cache
def type_of(label: str) -> TypeWord | None:
    """Return what a label's words say, or None when they say nothing. Words in brackets count last."""
    whole = fold(label)
    plain = re.sub(r"[(（].*?[)）]", "", whole)
    inside = re.search(r"[(（](.{2,12}?)[)）]", whole)
    if plain.endswith("連絡先") and inside and (said := type_of(inside[1])) is not None:
        return said
    for printed in dict.fromkeys((plain or whole, whole)):
        for pattern, word in _type_patterns():
            if pattern.search(printed):
                return word
    return None


@cache
def unit_of(printed: str) -> TypeWord | None:
    """Return the number type of a unit printed in a blank (円, ㎡, 人), or None."""
    key = fold(printed)
    for item in lexicon()["content"]["units"]:
        if key in {fold(word) for word in item["words"]}:
            return TypeWord(item["type"], "", item["unit"] or key)
    return None
