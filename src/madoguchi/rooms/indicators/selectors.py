"""What the pages show of an indicator: its answer in one language, every figure with the address of its rows.

Owns the printing of figures and the drawing of answers. Knows no indicator by name and no room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from madoguchi.kernel.calendar import wareki_short
from madoguchi.kernel.charts import Series, bar_chart, line_chart, stacked_bar_chart
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.indicators import (
    Answer,
    Column,
    Figure,
    Headline,
    Indicator,
    Line,
    Scope,
    Word,
    indicators,
    named,
    year_words,
)
from madoguchi.kernel.l10n import LocalText
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.indicators.scope import Asked

EMPTY = "―"
PLAIN_UNITS = {"", "件", "%"}
"""Units that a column's heading need not repeat."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed figure and where it leads."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a table as it is printed."""

    name: str
    url: str
    more: tuple[str, ...]
    cells: tuple[Cell, ...]
    sample: bool


@dataclass(frozen=True, slots=True)
class ShownHeadline:
    """A number that stands out, as it is printed."""

    label: str
    value: Cell
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator as a page shows it."""

    id: str
    title: str
    description: str
    headlines: tuple[ShownHeadline, ...]
    chart: SafeString | str
    chart_note: int
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[ShownLine, ...]
    total: ShownLine | None
    notes: tuple[str, ...]
    sample: bool
    url: str
    csv_url: str


@dataclass(frozen=True, slots=True)
class Link:
    """An indicator to go to."""

    title: str
    description: str
    url: str


def link(item: Indicator, asked: Asked, *, lang: str) -> Link:
    """Return the way to an indicator's own page."""
    return Link(
        title=named(item.title).get(lang),
        description=named(item.description).get(lang),
        url=reverse(page_name(item, "detail"), args=[item.id]) + asked.query(),
    )


def year_label(year: int, lang: str) -> str:
    """Return a fiscal year in a language."""
    return year_words(year).get(lang)


def of_scope(scope: Scope) -> list[Indicator]:
    """Return the indicators of a scope in order."""
    return sorted((item for item in indicators.all() if item.scope == scope), key=lambda item: item.order)


def get_indicator(indicator_id: str, scope: Scope) -> Indicator:
    """Return an indicator of a scope. Raises NotFound for unknown ones and for those of the other scope."""
    if indicator_id in indicators and (found := indicators.get(indicator_id)).scope == scope:
        return found
    raise NotFound("この指標は見つかりません。", code="indicators.none", mend="指標の一覧から選んでください。")


def page_name(item: Indicator, page: str) -> str:
    """Return the URL name of a page of the indicator's scope."""
    return f"indicators:{'' if item.scope == 'public' else 'staff_'}{page}"


def rows_url(item: Indicator, key: str, asked: Asked) -> str:
    """Return the address of the rows behind a figure, '' for a figure that has none."""
    if not key:
        return ""
    return reverse(item.rows_url or page_name(item, "rows"), args=[item.id]) + asked.query(key=key)


def say(word: Word | None, lang: str) -> str:
    """Return a word in a language; plain Japanese stays as it is."""
    return word.get(lang) if isinstance(word, LocalText) else word or ""


def show(item: Indicator, asked: Asked, *, lang: str) -> Shown:
    """Compute an indicator and print it in a language."""
    answer = item.query(asked.as_of, asked.filters)
    title = named(item.title).get(lang)
    return Shown(
        id=item.id,
        title=title,
        description=named(item.description).get(lang),
        headlines=tuple(_headline(each, item, asked, lang) for each in answer.headlines),
        chart=draw(answer, title, lang=lang),
        chart_note=_undrawn(answer),
        heads=tuple(say(head, lang) for head in answer.heads),
        columns=tuple(heading(column, lang) for column in answer.columns),
        lines=tuple(_line(line, answer, item, asked, lang) for line in answer.lines),
        total=_line(answer.total, answer, item, asked, lang) if answer.total else None,
        notes=tuple(say(note, lang) for note in answer.notes),
        sample=answer.sample,
        url=reverse(page_name(item, "detail"), args=[item.id]) + asked.query(),
        csv_url=reverse(page_name(item, "csv"), args=[item.id]) + (asked.query() if item.scope == "public" else ""),
    )


def printed(value: Any, unit: Word = "", *, lang: str = "ja") -> str:
    """Print a value of a table: 12,345; 88.7%; R8.11.23; a dash for nothing."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, date):
        return wareki_short(value) if lang in {"ja", "easy"} else value.isoformat()
    if isinstance(value, float):
        return f"{value:,.1f}{'%' if unit == '%' else ''}"
    return f"{value:,}" if isinstance(value, int) else say(value, lang)


def heading(column: Column, lang: str) -> str:
    """Return a column's heading, with its unit when the figures do not say it."""
    unit = say(column.unit, lang)
    return say(column.label, lang) if str(column.unit) in PLAIN_UNITS else f"{say(column.label, lang)}（{unit}）"


def draw(answer: Answer, title: str, *, lang: str) -> SafeString | str:
    """Draw an answer as its room wishes, '' when there is nothing to draw."""
    drawing = answer.drawing
    lines = answer.lines[: drawing.limit] if drawing else ()
    if drawing is None or not lines:
        return ""
    places = [place for place, column in enumerate(answer.columns) if column.id in drawing.columns]
    units = {say(answer.columns[place].unit, lang) for place in places}
    unit = units.pop() if len(units) == 1 and (lang in {"ja", "easy"} or units == {"%"}) else ""
    words: dict[str, Any] = {
        "title": title,
        "unit": unit,
        "sample": answer.sample and lang in {"ja", "easy"},
    }
    axis = drawing.kind == "lines"
    names = [say(line.short if axis and line.short else line.labels[0], lang) for line in lines]
    if drawing.kind == "bars":
        return bar_chart(names, values=[line.figures[places[0]].value for line in lines], **words)
    series = [
        Series(say(answer.columns[place].label, lang), [line.figures[place].value for line in lines])
        for place in places
    ]
    if drawing.kind == "lines":
        return line_chart(names, series=series, **words)
    total = text("indicators.sum", lang)
    return stacked_bar_chart(names, series=series, as_share=drawing.as_share, sum_word=total, **words)


def _undrawn(answer: Answer) -> int:
    """Return how many lines the chart shows when it leaves some out, else 0."""
    limit = answer.drawing.limit if answer.drawing else 0
    return limit if 0 < limit < len(answer.lines) else 0


def _headline(each: Headline, item: Indicator, asked: Asked, lang: str) -> ShownHeadline:
    value = printed(each.figure.value, lang=lang)
    unit = say(each.unit, lang) if each.figure.value is not None else ""
    return ShownHeadline(
        say(each.label, lang), Cell(value, _opening(each.figure, item, asked)), unit, say(each.note, lang)
    )


def _line(line: Line, answer: Answer, item: Indicator, asked: Asked, lang: str) -> ShownLine:
    return ShownLine(
        name=say(line.labels[0], lang),
        url=line.url,
        more=tuple(say(label, lang) for label in line.labels[1:]),
        cells=tuple(
            _cell(figure, column, item, asked, lang)
            for figure, column in zip(line.figures, answer.columns, strict=True)
        ),
        sample=line.sample,
    )


def _cell(figure: Figure, column: Column, item: Indicator, asked: Asked, lang: str) -> Cell:
    return Cell(printed(figure.value, column.unit, lang=lang), _opening(figure, item, asked))


def _opening(figure: Figure, item: Indicator, asked: Asked) -> str:
    """Return where a figure leads; nothing counted leads nowhere."""
    return rows_url(item, figure.key, asked) if figure.value else ""
