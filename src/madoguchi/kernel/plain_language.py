"""How easy a text is to read: what a plain-language editor would mark, by rule.

Owns the rules; their words are in ``plain_words.yaml``. Two measures: ``plain`` for what everybody reads (公用文作成の
考え方, 2022: short sentences, no double negation, replaceable loan words) and ``easy`` for やさしい日本語 (在留支援の
ためのやさしい日本語ガイドライン, 2020; at most 13 kanji in a sentence after the rule of 弘前大学). Remarks are advice
and never faults: a person decides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from madoguchi.kernel.japanese import Word, is_kanji, words

Level = Literal["plain", "easy"]
SENTENCE_LIMIT: dict[Level, int] = {"plain": 70, "easy": 40}
"""Characters of a sentence from which it is marked (an easy text is spaced, spaces not counted)."""
KANJI_LIMIT = 13
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")
_READING = re.compile(r"（[ぁ-んァ-ヴー 　]+）")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at: ``start`` and ``end`` are offsets into the text."""

    rule: str
    start: int
    end: int
    excerpt: str
    message: str
    mend: str


@cache
def _listed() -> dict[str, Any]:
    return yaml.safe_load((Path(__file__).parent / "plain_words.yaml").read_text(encoding="utf-8"))


def review(text: str, *, level: Level = "plain") -> list[Remark]:
    """Return the remarks on a Japanese text in order of place; none for a text that reads well."""
    found = [*_phrases(text, level), *_loan_words(text, level)]
    for match in _SENTENCE.finditer(text):
        found += _sentence(match[0], match.start(), level)
    return sorted(found, key=lambda remark: (remark.start, remark.rule))


def _phrases(text: str, level: Level) -> Iterator[Remark]:
    listed = _listed()
    for pattern in listed["double_negation"]:
        for match in re.finditer(pattern, text):
            yield _remark(
                "double_negation",
                match,
                "打ち消しが重なっています。",
                "「〜すると、〜できます」のように言い切ってください。",
            )
    polite = listed["honorifics"] | (listed["easy_honorifics"] if level == "easy" else {})
    for pattern, instead in polite.items():
        for match in re.finditer(pattern, text):
            yield _remark("honorific", match, "敬語が重く、意味が取りにくくなっています。", f"言い換えの例：{instead}")


def _loan_words(text: str, level: Level) -> Iterator[Remark]:
    listed = _listed()
    for match in _KATAKANA.finditer(text):
        if instead := listed["katakana"].get(match[0]):
            yield _remark("katakana", match, f"「{match[0]}」は分かりにくい外来語です。", f"言い換えの例：{instead}")
        elif level == "easy" and match[0] not in listed["easy_katakana"] and not _in_reading(text, match.start()):
            yield _remark(
                "katakana",
                match,
                f"「{match[0]}」は知らない人がいます。",
                "やさしい言葉に換えるか、意味を書き足してください。",
            )


def _in_reading(text: str, place: int) -> bool:
    return any(match.start() < place < match.end() for match in _READING.finditer(text))


def _remark(rule: str, match: re.Match[str], message: str, mend: str) -> Remark:
    return Remark(rule, match.start(), match.end(), match[0], message, mend)


def _sentence(sentence: str, start: int, level: Level) -> Iterator[Remark]:
    """Judge one sentence: its length, its kanji (easy), its passives (easy; two or more in plain)."""
    end = start + len(sentence)
    excerpt = sentence.strip()[:30]
    length = len(re.sub(r"[\s　]", "", _READING.sub("", sentence)))
    if length > SENTENCE_LIMIT[level]:
        yield Remark(
            "sentence_length",
            start,
            end,
            excerpt,
            f"一文が長すぎます（{length}文字）。",
            f"{SENTENCE_LIMIT[level]}文字までに分けてください。",
        )
    kanji = sum(map(is_kanji, sentence))
    if level == "easy" and kanji > KANJI_LIMIT:
        yield Remark(
            "kanji", start, end, excerpt, f"一文に漢字が{kanji}字あります。", f"{KANJI_LIMIT}字までにしてください。"
        )
    passives = _passives(words(sentence)) if "れ" in sentence or "られ" in sentence else 0
    if passives >= (1 if level == "easy" else 2):
        yield Remark(
            "passive",
            start,
            end,
            excerpt,
            "「〜される」の形が使われています。",
            "誰が何をするのかが分かる形にしてください。",
        )


def _passives(found: list[Word]) -> int:
    """Count れる・られる after a verb, but not 見られる and the like, which say that one can."""
    able = _listed()["able"]
    return sum(
        word.part == "助動詞" and (word.lemma == "れる" or (word.lemma == "られる" and before.lemma not in able))
        for before, word in itertools.pairwise(found)
    )
