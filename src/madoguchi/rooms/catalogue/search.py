"""Finding procedures by residents' words: kana, plain words, typing slips. Lexical, in memory, no model.

Owns the scoring. Pure: no Django. Everything is compared by a key (``query.key_of``).

How well a term fits a procedure is its best fit among titles, keywords (the ward lists the most telling first), life events
and the summary, a little more when several agree. A term that few procedures have counts for more than one that many have
(inverse document frequency; Spärck Jones 1972). What residents ask for most, by the yearly counts, comes first among equals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from madoguchi.rooms.catalogue.query import QUERY_MAX, Term, kanji_of, key_of, one_edit, pairs_of, terms_of
from madoguchi.rooms.catalogue.schema import Procedure

SAME_NAME, IN_NAME, SAME_WORD, IN_WORD = 12.0, 6.5, 10.0, 6.0
SAME_EVENT, IN_EVENT, IN_BODY = 4.0, 3.0, 2.5
SLIP, LIKE, KANJI = 5.5, 4.0, 2.0
AGREES = 0.25
"""Share of the second best fit that is added to the best."""
NEXT_WORD = 0.3
"""What each place further back in the list of keywords costs, for the first six."""
STEM = 0.9
"""How much of its fit a stem counts."""
SHORT = 0.5
"""How much a single character counts that stands inside a longer word."""
COVERED = 0.5
"""Share of the score that depends on how much of the query is covered."""
POPULAR, APPOINTMENT, OTHER_OFFICE = 0.6, -0.8, -2.5
"""What speaks for or against a procedure before the query is read: how often it is asked for (per power of ten), that it
only books a visit for another one, that another office handles it."""
VERB = 0.6
"""How much an inflected term weighs against a noun: the noun says what it is about."""
FOUND, FLOOR = 2.0, 0.35


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure prepared for searching."""

    procedure: Procedure
    names: tuple[str, ...]
    words: tuple[str, ...]
    events: tuple[str, ...]
    body: str
    pairs: frozenset[str]
    kanji: frozenset[str]
    prior: float


def prepare(procedure: Procedure, *, events: Iterable[str] = (), extra: Iterable[str] = (), asked: int = 0) -> Entry:
    """Prepare a procedure: *events* are its life events' titles, the main one first; *extra* are further words (department);
    *asked* is how often it was asked for in a year.
    """
    named = [procedure.official_name, procedure.kana, *procedure.title.values()]
    names = tuple(dict.fromkeys(key_of(name) for name in named if name))
    words = tuple(dict.fromkeys(key for key in map(key_of, procedure.keywords) if key))
    body = key_of(" ".join([*procedure.summary.values(), procedure.field, *extra]))
    pairs = frozenset[str]().union(*(pairs_of(text) for text in (*names, *words)))
    kanji = frozenset[str]().union(*(kanji_of(text) for text in (*names, *words)))
    prior = POPULAR * math.log10(1 + asked) + APPOINTMENT * (procedure.workflow == "booking")
    prior += 0.0 if procedure.in_scope else OTHER_OFFICE
    return Entry(procedure, names, words, tuple(map(key_of, events)), body, pairs, kanji, prior)


def _fit_names(entry: Entry, key: str) -> float:
    best, inside = 0.0, 1.0 if len(key) > 1 else SHORT
    for name in entry.names:
        if key in name:
            fit = SAME_NAME if key == name else inside * (IN_NAME + 5.0 * len(key) / len(name))
        elif 2 < len(name) < len(key) and name in key:
            fit = IN_NAME
        else:
            continue
        best = max(best, fit)
    return best


def _fit_words(entry: Entry, key: str) -> float:
    best, size, inside = 0.0, len(key), 1.0 if len(key) > 1 else SHORT
    for place, word in enumerate(entry.words):
        if key in word:
            fit = SAME_WORD if key == word else inside * (IN_WORD + 2.0 * size / len(word))
        elif 1 < len(word) < size and word in key:
            fit = IN_WORD - 1.0 + 3.0 * len(word) / size
        elif size > 2 and -2 < len(word) - size < 2 and one_edit(key, word):
            fit = SLIP
        else:
            continue
        best = max(best, fit - NEXT_WORD * min(place, 6))
    return best


def _fit_events(entry: Entry, key: str) -> float:
    if len(key) < 2:
        return 0.0
    for place, event in enumerate(entry.events):
        if key == event:
            return SAME_EVENT - 0.5 * bool(place)
        if key in event or event in key:
            return IN_EVENT - 0.5 * bool(place)
    return 0.0


def _like(entry: Entry, term: Term) -> float:
    """Return how alike a term is that stands nowhere: by its pairs of characters, else by its kanji."""
    best = 0.0
    if term.pairs:
        shared = len(term.pairs & entry.pairs) / len(term.pairs)
        best = LIKE * shared * shared if shared >= 0.5 else 0.0
    if term.kanji:
        best = max(best, KANJI * len(term.kanji & entry.kanji) / len(term.kanji))
    return best


def fit(entry: Entry, term: Term) -> float:
    """Return how well one term fits a procedure, 0 (not at all) to about 15."""
    fits = []
    for key, share in ((term.key, 1.0), (term.stem, STEM)):
        if key:
            body = IN_BODY if key in entry.body else 0.0
            fits.append(
                [
                    share * each
                    for each in (_fit_names(entry, key), _fit_words(entry, key), _fit_events(entry, key), body)
                ]
            )
    best = sorted((max(each) for each in zip(*fits, strict=True)), reverse=True)
    return best[0] + AGREES * (best[1] + best[2]) if best[0] else _like(entry, term)


def _weight(term: Term, column: list[float]) -> float:
    """Return how much a term tells: more when few procedures have it, less when it is a verb."""
    rare = math.log(1 + len(column) / (1 + sum(one >= IN_BODY for one in column)))
    return rare * (VERB if term.stem else 1.0)


def search(entries: Sequence[Entry], query: str, *, limit: int = 30) -> list[Procedure]:
    """Return the procedures that answer *query*, best first."""
    if not query.strip():
        return []
    terms = terms_of(query)
    fits = [[fit(entry, term) for entry in entries] for term in terms]
    weights = [_weight(term, column) for term, column in zip(terms, fits, strict=True)]
    every = sum(weights)
    whole = key_of(query.replace(" ", ""))[:QUERY_MAX]
    found = []
    for index, entry in enumerate(entries):
        total = covered = 0.0
        for weight, column in zip(weights, fits, strict=True):
            total += weight * column[index]
            covered += weight * min(column[index] / IN_WORD, 1.0)
        total = total / every * (1 - COVERED + COVERED * covered / every)
        if any(whole in text for text in (*entry.names, *entry.words)):
            total = max(total, _fit_names(entry, whole), _fit_words(entry, whole))
        if total >= FOUND:
            found.append((total + entry.prior, entry.procedure))
    found.sort(key=lambda pair: (-pair[0], pair[1].kana, pair[1].id))
    return [procedure for value, procedure in found[:limit] if value >= FLOOR * found[0][0]]
