"""Words of a Japanese text: surface, reading and part of speech, by SudachiPy with its core dictionary.

Owns the one tokenizer of the process (about 0.2 s and 100 MB at the first call, nothing before). Knows no page.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written, its reading in hiragana, its part of speech, its dictionary form."""

    surface: str
    reading: str
    part: str
    detail: str
    lemma: str


def words(text: str) -> list[Word]:
    """Return the words of *text* in order (longest units, Sudachi's mode C); their surfaces joined are the text."""
    found = []
    for token in _tokenizer().tokenize(text):
        part, detail, *_ = token.part_of_speech()
        found.append(Word(token.surface(), hiragana(token.reading_form()), part, detail, token.dictionary_form()))
    return found


def hiragana(text: str) -> str:
    """Return *text* with katakana as hiragana; ー and everything else stay."""
    return text.translate(_KATAKANA_TO_HIRAGANA)


def has_kanji(text: str) -> bool:
    """Tell whether *text* holds a Han character (々〆ヶ counted)."""
    return any(is_kanji(character) for character in text)


def is_kanji(character: str) -> bool:
    """Tell whether a character is a Han character, 々, 〆 or the small ヶ of 三ヶ月."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff" or character in "々〆ヶ"


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary  # the dictionary is heavy: only the process that reads words loads it

    return Dictionary(dict="core")


def _tokenizer() -> Any:
    """Return this thread's tokenizer; one may not be shared between threads."""
    if not hasattr(_local, "tokenizer"):
        from sudachipy import SplitMode

        _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _local.tokenizer
