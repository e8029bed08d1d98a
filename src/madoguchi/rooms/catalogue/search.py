"""Finding procedures by residents' words: kana, plain words, typing slips. Lexical, in memory, no model.

Owns the scoring. Pure: no Django. Everything is compared on a folded copy (``kernel.text.fold``).

A procedure scores by how its own words cover the query and how the query covers them: whole words of its titles and
keywords found in the query count most, then shared character pairs (which forgive one wrong or missing character).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.kernel.text import fold
from madoguchi.rooms.catalogue.schema import Procedure

_FILLER = re.compile(
    r"(?:して|する|した|したい|したいです|したいのですが|について|の手続き?|手続き?|の方法|方法|のやり方|やり方|どうすれば|ください|"
    r"どこで|教えて|おしえて|ほしい|欲しい|ですか|ますか|です|ます|には|では|から|まで|とき|とは|を|が|は|に|で|の|へ|も)"
)
_SPLIT = re.compile(r"[\s、。・,./？?！!「」()（）]+")

EXACT, WORD_IN_QUERY, QUERY_IN_WORD, PAIRS = 12.0, 6.0, 4.0, 5.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure prepared for searching."""

    procedure: Procedure
    names: tuple[str, ...]
    words: tuple[str, ...]
    pairs: frozenset[str]
    body: str


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def prepare(procedure: Procedure, *, extra: Iterable[str] = ()) -> Entry:
    """Prepare a procedure; *extra* are further words (department, life events)."""
    names = tuple(fold(name) for name in {procedure.official_name, procedure.kana, *procedure.title.values()} if name)
    words = tuple(dict.fromkeys(fold(word) for word in procedure.keywords if len(fold(word)) > 1))
    body = fold(" ".join([*procedure.summary.values(), procedure.field, *extra]))
    pairs = frozenset().union(*(pairs_of(text) for text in (*names, *words)))
    return Entry(procedure, names, words, pairs, body)


def terms_of(query: str) -> list[str]:
    """Split a folded query into its content terms; a query of fillers only stays whole."""
    folded = fold(query)[:200]
    terms = [term for part in _SPLIT.split(folded) for term in _FILLER.split(part) if len(term) > 1]
    return terms or [part for part in _SPLIT.split(folded) if part]


def score(entry: Entry, query: str, terms: list[str]) -> float:
    """Return how well a procedure answers a folded query (0 = not at all)."""
    total = 0.0
    for name in entry.names:
        if name == query:
            total += EXACT
        elif len(query) > 1 and query in name:
            total += QUERY_IN_WORD * (0.5 + 0.5 * len(query) / len(name))
    best = 0.0
    for word in entry.words:
        if word == query or word in terms:
            best = max(best, EXACT - 2)
        elif word in query:
            best = max(best, WORD_IN_QUERY + len(word) / 10)
        elif len(query) > 1 and query in word:
            best = max(best, QUERY_IN_WORD)
    total += best
    for term in terms:
        if any(term in name for name in entry.names):
            total += 2.0
        elif term in entry.body:
            total += 0.8
        wanted = pairs_of(term)
        if wanted:
            shared = len(wanted & entry.pairs) / len(wanted)
            if shared >= 0.5:
                total += PAIRS * shared / max(len(terms), 1)
    return total


def prior(procedure: Procedure) -> float:
    """Return what speaks for a procedure before the query is read: a form of its own, the national list of frequent ones."""
    return (3.0 if procedure.form else 0.0) + (2.0 if "national_59" in procedure.tags else 0.0)


def search(entries: Iterable[Entry], query: str, *, limit: int = 30) -> list[Procedure]:
    """Return the procedures that answer *query*, best first; what is out of scope comes last at equal score."""
    terms = terms_of(query)
    folded = fold(query)[:200].strip()
    if not folded:
        return []
    scored = [(score(entry, folded, terms), entry.procedure) for entry in entries]
    found = [(value + prior(procedure), procedure) for value, procedure in scored if value >= 1.5]
    found.sort(key=lambda pair: (-pair[0], not pair[1].in_scope, pair[1].kana))
    if found:
        floor = found[0][0] * 0.2
        found = [pair for pair in found if pair[0] >= floor]
    return [procedure for _, procedure in found[:limit]]
