"""Translations of the municipality folder: ``translations/<language>-<name>.csv``, one row per Japanese text.

Owns the section and what a translation's state is (by machine, or checked by a person on a day). A text that a file of
the folder already holds in a language is left as it is; the same Japanese is translated once for the whole folder.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Entry, Fault, Folder, Section, plain, register_section
from madoguchi.kernel.folder_language import all_texts
from madoguchi.kernel.l10n import FALLBACK, LANGUAGES, LocalText

State = Literal["machine", "checked"]
_PLACE = re.compile(r"\{\w+\}")


class TranslationRow(BaseModel):
    """One Japanese text in one other language; ``on`` is the day it was translated or checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ja: Annotated[str, StringConstraints(min_length=1)]
    text: Annotated[str, StringConstraints(min_length=1)]
    state: State
    on: dt.date


class TranslationsFile(BaseModel):
    """A file ``translations/<language>-<name>.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: list[TranslationRow]


@dataclass(frozen=True, slots=True)
class TranslationNote:
    """What a reader should know of the words of a page: how they were translated, when last, whether some are missing."""

    state: State
    on: dt.date | None
    missing: bool


def language_of(name: str) -> str:
    """Return the language of a translation file by its name, ``zh-forms`` → ``zh``."""
    return name.partition("-")[0]


def fill_translations(folder: Folder) -> None:
    """Put the translations into the texts of the folder that lack their language."""
    held: dict[str, dict[str, str]] = {}
    for entry in folder.of("translations"):
        lang = language_of(Path(entry.document.file).stem)
        held.setdefault(lang, {}).update((row.ja, row.text) for row in entry.value.rows)
    for _, _, text in all_texts(folder):
        for lang, rows in held.items():
            if not text.has(lang) and (words := rows.get(text[FALLBACK])):
                text[lang] = words


def _check(folder: Folder) -> Iterator[Fault]:
    seen: dict[tuple[str, str], str] = {}
    used = {text[FALLBACK] for _, _, text in all_texts(folder)}
    for entry in folder.of("translations"):
        lang = language_of(Path(entry.document.file).stem)
        if lang not in LANGUAGES or lang == FALLBACK:
            yield entry.fault(
                (), f"「{lang}」という言語はありません", "ファイル名を「zh-名前.csv」のようにしてください"
            )
            continue
        for place, row in enumerate(entry.value.rows):
            yield from _check_row(entry, place, row, lang, seen, used)


def _check_row(
    entry: Entry, place: int, row: TranslationRow, lang: str, seen: dict[tuple[str, str], str], used: set[str]
) -> Iterator[Fault]:
    at = ("rows", place)
    if first := seen.get((lang, row.ja)):
        yield entry.fault(at, f"「{row.ja[:20]}」の訳は {first} にもあります", "片方の行を消してください")
    seen[lang, row.ja] = entry.document.file
    if row.ja not in used:
        yield entry.fault(
            at, f"「{row.ja[:20]}」という文は、もうありません", "いまの日本語に合わせて訳し直すか、行を消してください"
        )
    if set(_PLACE.findall(row.text)) - set(_PLACE.findall(row.ja)):
        yield entry.fault(at, "日本語にない差し込みがあります", "{ } の中を日本語と同じにしてください")


def untranslated(folder: Folder, lang: str) -> list[str]:
    """Return the Japanese texts of a folder that have no words in *lang*, each once, in the order of the files."""
    return list(dict.fromkeys(text[FALLBACK] for _, _, text in all_texts(folder) if not text.has(lang)))


@lru_cache(maxsize=8)
def _states(generation: int, lang: str) -> dict[str, tuple[str, State, dt.date]]:
    """Return Japanese → (words, state, day) of the loaded folder in one language."""
    found: dict[str, tuple[str, State, dt.date]] = {}
    for item in municipality.current().section("translations"):
        if item["lang"] == lang:
            for row in item["rows"]:
                found[row["ja"]] = row["text"], row["state"], dt.date.fromisoformat(row["on"])
    return found


def translation_note(texts: Iterable[LocalText], lang: str) -> TranslationNote | None:
    """Return how *texts* came to their words in *lang*; None in Japanese and やさしい日本語, which the ward writes."""
    if lang in {"ja", "easy"}:
        return None
    states = _states(municipality.current().generation, lang)
    state: State = "checked"
    on: dt.date | None = None
    missing = False
    for text in texts:
        if not text.has(lang):
            missing = True
        elif (row := states.get(text[FALLBACK])) and row[0] == text.get(lang):
            state = "machine" if row[1] == "machine" else state
            on = max(on or row[2], row[2])
    return TranslationNote(state, on, missing)


def register() -> None:
    """Register the section."""
    register_section(
        Section(
            "translations",
            "translations/*.csv",
            TranslationsFile,
            kind="csv",
            order=90,
            check=_check,
            complete=fill_translations,
            items=lambda value, stem: [(stem, {"lang": language_of(stem), **plain(value)})],
            counts=lambda folder: {"translations": sum(len(entry.value.rows) for entry in folder.of("translations"))},
        )
    )
