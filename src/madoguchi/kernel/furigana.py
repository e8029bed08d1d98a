"""Furigana: the reading of kanji above them, as HTML ``<ruby>``, for readers who switched it on.

Owns the alignment of a word with its reading and the walk over the text of a finished page. What a person typed
(``data-as-typed``) is never annotated: only its writer knows how a name is read.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

from madoguchi.kernel.japanese import Word, has_kanji, hiragana, is_kanji, words

SKIPPED = frozenset({"script", "style", "title", "textarea", "option", "svg", "ruby", "code", "pre"})
"""Elements whose text is left alone: no reading can stand in them, or none is wanted."""
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_PIECES = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9\-]*)")
_FOREIGN = re.compile(r"\slang=\"(?!ja\")")
_RUNS = re.compile(r"([\u3400-\u9fff々〆ヶ\U00020000-\U0003ffff]+)")
_DAYS = {
    "1": "ついたち", "2": "ふつか", "3": "みっか", "4": "よっか", "5": "いつか", "6": "むいか", "7": "なのか",
    "8": "ようか", "9": "ここのか", "10": "とおか", "14": "じゅうよっか", "20": "はつか", "24": "にじゅうよっか",
}  # fmt: skip
_COUNTERS = {"日": "にち", "月": "がつ", "年": "ねん", "円": "えん", "分": "ふん", "時": "じ", "人": "にん", "名": "めい", "回": "かい"}  # fmt: skip
_DATE = re.compile(r"([0-9０-９]{1,4})(日|月|年|円|分|時|人|名|回)(?![\u3400-\u9fff])")


@cache
def _lexicon() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the ward office's own readings and the pattern that finds them, longest first."""
    listed = yaml.safe_load((Path(__file__).parent / "readings.yaml").read_text(encoding="utf-8"))
    long = sorted((word for word in listed if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, long))), dict(listed)


def annotate_page(html: str) -> str:
    """Return a whole page with the kanji of its visible text annotated; tags, attributes and typed text untouched.

    Each annotated piece stays one box (``<span>``), so that the parts of a button's words are not set apart.
    """
    out: list[str] = []
    skipped, depth = "", 0  # the element whose text is left alone, and how many of its kind are open inside it
    for piece in _PIECES.split(html):
        if not piece.startswith("<"):
            out.append(f"<span>{annotate(piece)}</span>" if not depth and has_kanji(piece) else piece)
            continue
        out.append(piece)
        match = _TAG.match(piece)
        if match is None or match[2].lower() in VOID or piece.endswith("/>"):
            continue
        name = match[2].lower()
        if depth:
            depth += (-1 if match[1] else 1) if name == skipped else 0
        elif not match[1] and (name in SKIPPED or "data-as-typed" in piece or _FOREIGN.search(piece)):
            skipped, depth = name, 1
    return "".join(out)


@lru_cache(maxsize=4096)
def annotate(text: str) -> str:
    """Return text of a page (HTML without tags) with ``<ruby>`` around its kanji."""
    pattern, listed = _lexicon()
    out: list[str] = []
    start = 0
    for match in pattern.finditer(text):
        out += [_of_words(text[start : match.start()]), _ruby(match[0], listed[match[0]])]
        start = match.end()
    out.append(_of_words(text[start:]))
    return "".join(out)


def _of_words(text: str) -> str:
    """Annotate a stretch of text: numbers with their counter first, then word by word."""
    out: list[str] = []
    start = 0
    for match in _DATE.finditer(text):
        out += [_plain_words(text[start : match.start()]), _counted(match[1], match[2])]
        start = match.end()
    out.append(_plain_words(text[start:]))
    return "".join(out)


def _counted(number: str, counter: str) -> str:
    """Annotate a number with its counter: 5日 is いつか, 15日 じゅうごにち (the digits stay as they are)."""
    plain = number.translate({0xFF10 + i: str(i) for i in range(10)})
    if counter == "日" and plain in _DAYS:
        return _mark(number + counter, _DAYS[plain])
    return number + _mark(counter, _COUNTERS[counter])


def _plain_words(text: str) -> str:
    if not has_kanji(text):
        return text
    listed = _lexicon()[1]
    return "".join(_word(word, listed) for word in words(text))


def _word(word: Word, listed: dict[str, str]) -> str:
    if not has_kanji(word.surface):
        return word.surface
    return _ruby(word.surface, listed.get(word.surface, word.reading))


def _ruby(surface: str, reading: str) -> str:
    """Put the reading above the kanji of a word only, its kana left bare: 申し込む → 申(もう)し込(こ)む."""
    runs = [run for run in _RUNS.split(surface) if run]
    shape = "".join("(.+?)" if is_kanji(run[0]) else f"({re.escape(hiragana(run))})" for run in runs)
    fitted = re.fullmatch(shape, reading)
    if fitted is None or reading == surface:
        return _mark(surface, reading) if reading and reading != hiragana(surface) else surface
    return "".join(
        _mark(run, read) if is_kanji(run[0]) else run for run, read in zip(runs, fitted.groups(), strict=True)
    )


def _mark(base: str, reading: str) -> str:
    return f"<ruby>{base}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>"
