"""The language of a municipality folder: how easy its texts are to read, and which languages they lack.

Owns the walk over every text of a folder. Advice is no fault: a folder with advice loads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from madoguchi.kernel.folder import Entry, Folder, Where
from madoguchi.kernel.l10n import FALLBACK, LANGUAGES, LocalText
from madoguchi.kernel.plain_language import Level, review

_LEVELS: dict[str, Level] = {"ja": "plain", "easy": "easy"}


@dataclass(frozen=True, slots=True)
class Advice:
    """A remark of the plain-language review with its place in the folder."""

    file: str
    line: int
    path: str
    rule: str
    excerpt: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: 「{self.excerpt}」{self.message}{self.mend}"


def texts_of(value: object, path: Where = ()) -> Iterator[tuple[Where, LocalText]]:
    """Yield every text of a validated value with its path."""
    if isinstance(value, LocalText):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_of(getattr(value, name), (*path, name))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from texts_of(item, (*path, place))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts_of(item, (*path, str(name)))


def all_texts(folder: Folder) -> Iterator[tuple[Entry, Where, LocalText]]:
    """Yield every text of a folder with its file and path."""
    for entries in folder.entries.values():
        for entry in entries:
            for path, text in texts_of(entry.value):
                yield entry, path, text


def advice_on(folder: Folder) -> Iterator[Advice]:
    """Yield the remarks on every Japanese text of a folder (some seconds for a whole ward)."""
    for entry, path, text in all_texts(folder):
        for lang, level in _LEVELS.items():
            for remark in review(text.get(lang), level=level) if text.has(lang) else ():
                place = (*path, lang)
                yield Advice(
                    entry.document.file,
                    entry.document.line(place),
                    ".".join(map(str, place)),
                    remark.rule,
                    remark.excerpt,
                    remark.message,
                    remark.mend,
                )


@dataclass(frozen=True, slots=True)
class Gap:
    """A text with the languages (codes) it lacks, with its place in the folder."""

    file: str
    line: int
    path: str
    ja: str
    langs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: 「{self.ja[:30]}」訳がありません（{'、'.join(self.langs)}）"


def gaps_in(folder: Folder) -> Iterator[Gap]:
    """Yield every text that lacks a language, also those only staff read (Japanese always stands)."""
    for entry, path, text in all_texts(folder):
        if langs := tuple(lang for lang in LANGUAGES if not text.has(lang)):
            place = ".".join(map(str, path))
            yield Gap(entry.document.file, entry.document.line(path), place, text[FALLBACK], langs)


def missing_words(gaps: Iterable[Gap]) -> dict[str, int]:
    """Count the texts that lack each language."""
    missing = dict.fromkeys((lang for lang in LANGUAGES if lang != FALLBACK), 0)
    for gap in gaps:
        for lang in gap.langs:
            missing[lang] += 1
    return missing
