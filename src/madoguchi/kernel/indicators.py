"""Figures of the house: what a room registers once, and the shape of the answer it gives.

Owns the registry and the types that cross from the rooms (which know what is counted) to the pages, files and reports
(which know how to show it). May not count anything itself and knows no room.

A figure never stands alone: each carries a ``key`` by which the same room lists the very rows it was counted from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from madoguchi.kernel.calendar import fiscal_year_label, fiscal_year_range, wareki_short
from madoguchi.kernel.l10n import LANGUAGES, LocalText
from madoguchi.kernel.registry import Registry
from madoguchi.kernel.ui import texts

Word = str | LocalText
"""Plain Japanese (staff pages) or a text in every language (public pages)."""

Number = int | float
Scope = Literal["public", "staff"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows an indicator: a bureau or section with the sections it covers (None: all), and a fiscal year."""

    department: str = ""
    sections: frozenset[str] | None = None
    fiscal_year: int | None = None

    def covers(self, section: str) -> bool:
        """Tell whether a section's rows are to be counted."""
        return self.sections is None or section in self.sections


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; None where nothing could be counted. ``key`` names its rows ('' when there are none to open)."""

    value: Number | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures with its unit (件, %, 日)."""

    id: str
    label: Word
    unit: Word = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: its labels (the first is the line's name), a figure for each column.

    ``url`` leads from the name to the thing it names; ``short`` is the name on an axis ('' means the name itself);
    ``sample`` marks invented data.
    """

    labels: tuple[Word, ...]
    figures: tuple[Figure, ...]
    url: str = ""
    short: Word = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """One number that stands out, before the table."""

    label: Word
    figure: Figure
    unit: Word = ""
    note: Word = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to draw the answer: which columns, as bars, stacked bars or lines; the first ``limit`` lines only."""

    kind: Literal["bars", "stacked", "lines"]
    columns: tuple[str, ...]
    as_share: bool = False
    limit: int = 24


@dataclass(frozen=True, slots=True)
class Answer:
    """What an indicator says on a day: a table, how to draw it, and the numbers that stand out.

    ``heads`` name the label columns. ``total`` is shown below the lines and never drawn.
    """

    heads: tuple[Word, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    headlines: tuple[Headline, ...] = ()
    drawing: Drawing | None = None
    notes: tuple[Word, ...] = ()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was counted. ``section`` is whose it is: a link to a case is given only to that section's staff."""

    cells: tuple[Word | Number | date | None, ...]
    url: str = ""
    section: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a figure, one page of them: ``total`` in all, ``cursor`` leads to the next page ('' at the end).

    ``permission`` is what a reader needs to follow the links of the rows ('' for nothing).
    """

    title: Word
    heads: tuple[Word, ...]
    rows: tuple[Row, ...]
    total: int
    cursor: str = ""
    permission: str = ""


Query = Callable[[date, Filters], Answer]
RowQuery = Callable[[date, Filters, str, str], Rows]
"""``(as_of, filters, key, after)``; raises NotFound for a key the indicator never gave out."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as its room registers it.

    ``title`` and ``description`` are keys of ``texts`` (public pages) or plain Japanese (staff pages). ``rows_url`` is the URL name of the page that lists rows ('' means the page of the scope); ``own_page`` keeps a long
    table off the overview; ``narrowed_by`` says which filters have an effect.
    """

    id: str
    title: str
    unit: str
    description: str
    query: Query
    rows: RowQuery
    scope: Scope
    rows_url: str = ""
    own_page: bool = False
    order: int = 100
    narrowed_by: frozenset[str] = frozenset({"department", "fiscal_year"})


indicators: Registry[Indicator] = Registry("指標")


def register_indicators(items: Iterable[Indicator]) -> None:
    """Register several indicators. Raises Conflict when an id is taken."""
    for item in items:
        indicators.register(item.id, item)


def words(key: str, **values: Word | Number) -> LocalText:
    """Return a text of ``texts/*.yaml`` in every language, places filled in that language."""
    return LocalText({lang: texts.text(key, lang, **_in(lang, values)) for lang in LANGUAGES})


def named(label: str) -> LocalText:
    """Return a label in every language: a key of ``texts``, or plain Japanese."""
    return words(label) if label in texts.all_texts() else LocalText(ja=label)


def year_words(year: int) -> LocalText:
    """Return a fiscal year in every language: 令和8年度, FY2026."""
    label = fiscal_year_label(year)
    return LocalText(ja=label, easy=label, en=f"FY{year}", zh=f"{year}年度", ko=f"{year}년도")


def year_short(year: int) -> LocalText:
    """Return a fiscal year for an axis: R8, FY26."""
    era = wareki_short(fiscal_year_range(year)[1].replace(year=year, month=12)).split(".")[0]
    west = f"FY{year % 100:02}"
    return LocalText(ja=era, en=west, zh=west, ko=west)


def share(part: Number, whole: Number) -> float | None:
    """Return a part in percent with one decimal; None of nothing."""
    return round(part * 100 / whole, 1) if whole else None


def _in(lang: str, values: dict[str, Word | Number]) -> dict[str, object]:
    return {name: value.get(lang) if isinstance(value, LocalText) else value for name, value in values.items()}
