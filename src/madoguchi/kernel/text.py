"""Japanese text beside what was typed: search keys, kana, widths, addresses, lengths.

Owns the normal forms. What a person typed is never replaced: a normal form is kept in a field of its own or used for
search.
"""

from __future__ import annotations

import re
import unicodedata

import regex  # type: ignore[import-untyped]

from madoguchi.kernel.variants import variant_table

_KANA_GAP = 0x60
_TO_HIRAGANA: dict[int, int] = {code: code - _KANA_GAP for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_TO_KATAKANA: dict[int, int] = {low: high for high, low in _TO_HIRAGANA.items()}

_HYPHENS = "‐‑‒–—―−﹣－"
_LONG_MARKS = "ーｰ〜～~"
_SMALL_KE_KA: dict[int, str] = {ord("ヶ"): "け", ord("ヵ"): "か", ord("ゖ"): "け", ord("ゕ"): "か"}
_SELECTORS = [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
_STRIP_SELECTORS: dict[int, None] = dict.fromkeys(_SELECTORS)

# One translation for the search key, so that a fold is NFKC, casefold and a single pass.
_FOLD: dict[int, int | str | None] = {
    **_TO_HIRAGANA,
    **variant_table(),
    **dict.fromkeys(map(ord, _HYPHENS + _LONG_MARKS), "-"),
    **_SMALL_KE_KA,
    **_STRIP_SELECTORS,
    0x200B: None,
    0x200D: None,
    0xFEFF: None,
}

_WIDTH: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
_KANA = re.compile("[ぁ-ゖゝゞァ-ヶヽヾー・･ｦ-ﾟ゠ 　]+")
_KATAKANA = re.compile("[ァ-ヶヽヾー・･ｦ-ﾟ゠ 　]+")

_KANJI_DIGITS = {"〇": 0, "零": 0, **{kanji: value for value, kanji in enumerate("一二三四五六七八九", start=1)}}
_KANJI_NUMBER = re.compile(r"[〇零一二三四五六七八九十百千]+(?=丁目|番地|番|号)")
_BETWEEN_DIGITS = re.compile(rf"(?<=\d)\s*[-{_HYPHENS}{_LONG_MARKS}]\s*(?=\d)")
_CHOME = re.compile(r"(?<=\d)\s*(?:丁目|番地の|番地|番|の|ノ)\s*(?=\d)")
_LAST_UNIT = re.compile(r"(?<=\d)\s*(?:番地|番|号)(?=\s|$)")


def fold(text: str) -> str:
    """Return the search key: NFKC, lower case, hiragana, one hyphen, usual kanji, no selectors, single spaces."""
    if text.isascii():
        return " ".join(text.lower().replace("~", "-").split())
    key = unicodedata.normalize("NFKC", text).casefold().translate(_FOLD)
    if not unicodedata.is_normalized("NFKC", key):  # a stray sound mark has met its kana
        key = unicodedata.normalize("NFKC", key).casefold().translate(_FOLD)
    return " ".join(key.split())


def to_katakana(text: str) -> str:
    """Return the text with hiragana and half-width kana as katakana."""
    return _wide_kana(text).translate(_TO_KATAKANA)


def to_hiragana(text: str) -> str:
    """Return the text with katakana and half-width kana as hiragana."""
    return _wide_kana(text).translate(_TO_HIRAGANA)


def is_kana(text: str) -> bool:
    """Tell whether the text is kana only, either kind, any width; ー, ・ and spaces may stand in it."""
    return bool(text.strip()) and _KANA.fullmatch(text) is not None


def is_katakana(text: str) -> bool:
    """Tell whether the text is katakana only, any width; ー, ・ and spaces may stand in it."""
    return bool(text.strip()) and _KATAKANA.fullmatch(text) is not None


def normalise_width(text: str) -> str:
    """Return the text with narrow letters, digits and signs and wide kana; kanji and selectors stay as they are."""
    return text if text.isascii() else _wide_kana(text).translate(_WIDTH)


def strip_ivs(text: str) -> str:
    """Return the text without variation selectors (葛󠄀 → 葛), for search and for systems that cannot draw them."""
    return text.translate(_STRIP_SELECTORS)


def normalise_address(text: str) -> str:
    """Return an address for comparison: 「阿佐谷南一丁目１５番１号」 → 「阿佐谷南1-15-1」.

    Width, hyphens, 丁目・番・号 and kanji numerals before them are brought to one form; the town's own name is kept.
    """
    plain = " ".join(normalise_width(text).split())
    plain = _KANJI_NUMBER.sub(lambda match: str(_kanji_number(match.group())), plain)
    plain = _BETWEEN_DIGITS.sub("-", plain)
    plain = _CHOME.sub("-", plain)
    return _LAST_UNIT.sub("", plain).replace("ヶ", "ケ").strip()


def grapheme_len(text: str) -> int:
    """Count what a person sees as characters: a kanji with its variation selector counts once."""
    return len(text) if text.isascii() else sum(1 for _ in regex.finditer(r"\X", text))


def _wide_kana(text: str) -> str:
    return _HALF_KANA.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


def _kanji_number(kanji: str) -> int:
    """Read 十五, 二十, 百三 and the positional 一五."""
    if not any(unit in kanji for unit in "十百千"):
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in kanji))
    total, current = 0, 0
    for sign in kanji:
        unit = {"十": 10, "百": 100, "千": 1000}.get(sign)
        if unit:
            total, current = total + (current or 1) * unit, 0
        else:
            current = _KANJI_DIGITS[sign]
    return total + current
