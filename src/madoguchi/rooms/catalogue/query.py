"""What a resident typed, as terms to look for: particles and politeness taken off, endings of verbs cut to a stem.

Owns the words of a query and the key by which they are compared. Pure: no Django.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from madoguchi.kernel.text import fold

QUERY_MAX = 200
_HAN = "一-鿿々〆"
_SOLID = rf"[{_HAN}ァ-ヶーa-zA-Z0-9]"
_SPLIT = re.compile(r"[\s、。・,./？?！!「」()（）…:：;；]+")
_PARTICLE = re.compile(
    rf"を|(?<={_SOLID})(?:からの|までの|への|での|には|では|とは|から|まで|など|が|は|に|で|の|へ|も|と|や)(?=[{_HAN}ァ-ヶa-zA-Z]|$)"
)
_TAIL = re.compile(
    r"(?:を|が|は|に|の|で)?(?:してほしい|してもらう|したいのですが|したいです|しました|していない|しない|したい|するとき|する|した|して|"
    r"いたい|もらいたい|ほしい|欲しい|いらない|いない|になった|になる|がない|について|とき|場合|ください|教えて|です|ます|"
    r"の手続き?|手続き?|方法|やり方)+$"
)
_ALONE = frozenset(
    [
        "する",
        "した",
        "したい",
        "して",
        "ほしい",
        "欲しい",
        "いる",
        "ある",
        "なる",
        "なった",
        "とき",
        "場合",
        "方法",
        "やり方",
        "手続",
        "手続き",
        "どうすれば",
        "どこ",
        "どこで",
        "いつ",
        "何",
        "なに",
        "教えて",
        "おしえて",
        "ください",
        "です",
        "ます",
        "もらう",
        "もらいたい",
        "こと",
        "もの",
        "ため",
        "a",
        "an",
        "the",
        "to",
        "of",
        "for",
        "in",
        "on",
        "my",
        "i",
        "me",
        "is",
        "am",
        "are",
        "do",
        "how",
        "want",
        "need",
        "get",
        "with",
        "and",
        "or",
        "about",
    ]
)
_OKURIGANA = re.compile(rf"(?<=[{_HAN}])[いえきけしちっみめりれ]{{1,2}}(?=[{_HAN}])")
_SPELT = re.compile("子供|こども|お子さん|お子様")
_INFLECTED = re.compile(rf"^(.*[{_HAN}])([ぁ-ゖ]{{1,7}})$")
_STARTS_HAN = re.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: its key, the stem of an inflected word ('' for none), its pairs and its kanji."""

    key: str
    stem: str
    pairs: frozenset[str]
    kanji: frozenset[str]


def key_of(text: str) -> str:
    """Return the key words are compared by: folded, without the kana that may be left out between kanji (引っ越し = 引越し)."""
    return _SPELT.sub("子ども", _OKURIGANA.sub("", fold(text)))


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def kanji_of(text: str) -> frozenset[str]:
    """Return the kanji of a text."""
    return frozenset(_STARTS_HAN.findall(text))


def term_of(word: str) -> Term:
    """Return the term of a word as it was typed."""
    key = key_of(word)
    return Term(key, _stem(key), pairs_of(key), kanji_of(key))


def _stem(key: str) -> str:
    """Return what stays of an inflected word: its kanji, with the first kana after a single one (辞めた → 辞め)."""
    found = _INFLECTED.match(key)
    if found is None:
        return ""
    body, ending = found[1], found[2]
    stem = body if len(body) > 1 else body + ending[0]
    return stem if stem != key else ""


def terms_of(query: str) -> list[Term]:
    """Return the terms of a query in order; a query of fillers only stays one term."""
    plain = unicodedata.normalize("NFKC", query)[:QUERY_MAX]
    words = []
    for part in _SPLIT.split(plain):
        for piece in _PARTICLE.split(part):
            word = _trim(piece)
            if (
                word
                and word.lower() not in _ALONE
                and not _TAIL.fullmatch(word)
                and (len(word) > 1 or _STARTS_HAN.match(word))
            ):
                words.append(word)
    terms = [term_of(word) for word in dict.fromkeys(words)]
    return [term for term in terms if term.key] or [term_of(plain.strip())]


def _trim(piece: str) -> str:
    """Take politeness and helping verbs off the end, unless nothing solid would stay (なくした stays whole)."""
    short = _TAIL.sub("", piece)
    return short if short and (re.search(rf"{_SOLID}$", short) or len(short) > 3) else piece


def one_edit(one: str, other: str) -> bool:
    """Tell whether two texts are one slip apart: a character changed, left out, added, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[1:] == shorter
