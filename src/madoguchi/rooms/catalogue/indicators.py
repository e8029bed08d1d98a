"""The catalogue's indicators: online and cashless status by year and department, share of online applications, yearly table.

Owns their registration and the putting of figures into answers; what is counted is in ``figures``, the rows behind a
figure in ``figure_rows``. Costs one SQL statement per process and loaded folder (the yearly counts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from datetime import date
from functools import partial

from django.urls import reverse

from madoguchi.kernel.calendar import fiscal_year
from madoguchi.kernel.indicators import (
    Answer,
    Column,
    Drawing,
    Figure,
    Filters,
    Headline,
    Indicator,
    Line,
    Query,
    RowQuery,
    Word,
    register_indicators,
    share,
    words,
    year_short,
    year_words,
)
from madoguchi.rooms.catalogue import figure_rows, figures
from madoguchi.rooms.catalogue.figures import CASHLESS, ONLINE, Aspect, Count
from madoguchi.rooms.catalogue.schema import Procedure
from madoguchi.rooms.catalogue.selectors import departments, get_procedure

PERCENT = "%"


def year_of(as_of: date, filters: Filters) -> int:
    """Return the fiscal year asked for, never one that lies ahead of *as_of*."""
    newest = fiscal_year(as_of)
    return min(filters.fiscal_year or newest, newest)


def _stage_columns(aspect: Aspect) -> tuple[Column, ...]:
    unit = words("catalogue.figures.unit_procedures")
    whole = "all_with_fee" if aspect is CASHLESS else "all_procedures"
    return (
        *(Column(stage, words(f"catalogue.stage.{aspect.name}.{stage}"), unit) for stage in aspect.stages),
        Column("all", words(f"catalogue.figures.{whole}"), unit),
        Column("rate", words("catalogue.figures.rate"), PERCENT),
        Column("new", words("catalogue.figures.newly"), unit),
    )


def _stage_figures(aspect: Aspect, items: list[Procedure], year: int, group: str = "") -> tuple[Figure, ...]:
    """Return the figures of one line; keys are ``year:stage:group``."""
    stages = figures.by_stage(aspect, items, year)
    new = sum(aspect.reached_in(item, year) for item in items)
    return (
        *(Figure(len(found), f"{year}:{stage}:{group}") for stage, found in stages.items()),
        Figure(len(items), f"{year}:all:{group}"),
        Figure(share(len(items) - len(stages["none"]), len(items)), f"{year}:done:{group}"),
        Figure(new, f"{year}:new:{group}"),
    )


def status_by_year(aspect: Aspect, as_of: date, filters: Filters) -> Answer:
    """Answer how far the procedures had come in each of the last fiscal years."""
    items = figure_rows.concerned(aspect, filters)
    newest = year_of(as_of, filters)
    sample = aspect.is_sample(items)
    lines = [
        Line((year_words(year),), _stage_figures(aspect, items, year), short=year_short(year), sample=sample)
        for year in figures.years_to(newest)
    ]
    return Answer(
        heads=(words("catalogue.figures.year"),),
        columns=_stage_columns(aspect),
        lines=tuple(lines),
        headlines=_status_headlines(aspect, items, newest),
        drawing=Drawing("stacked", aspect.stages),
        notes=(words("catalogue.figures.note_full"),) if aspect is ONLINE else (),
        sample=sample,
    )


def _status_headlines(aspect: Aspect, items: list[Procedure], year: int) -> tuple[Headline, ...]:
    name = year_words(year)
    stages = figures.by_stage(aspect, items, year)
    unit = words("catalogue.figures.unit_procedures")
    online = aspect is ONLINE
    rate = Figure(share(len(items) - len(stages["none"]), len(items)), f"{year}:done:")
    note: Word = words("catalogue.figures.headline_rate_note") if online else ""
    found = [Headline(words("catalogue.figures.headline_rate", year=name), rate, PERCENT, note)]
    if online:
        own = share(len(stages["full"]) + len(stages["partial"]), len(items))
        label, note = (
            words("catalogue.figures.headline_own_rate", year=name),
            words("catalogue.figures.headline_own_rate_note"),
        )
        found.append(Headline(label, Figure(own, f"{year}:own:"), PERCENT, note))
    for each in (year - 1, year):
        new = Figure(sum(aspect.reached_in(item, each) for item in items), f"{each}:new:")
        found.append(Headline(words("catalogue.figures.headline_newly", year=year_words(each)), new, unit))
    plan = Figure(sum(aspect.planned_for(item, year) for item in items), f"{year}:plan:")
    return (*found, Headline(words("catalogue.figures.headline_plan", year=name), plan, unit))


def status_by_department(aspect: Aspect, as_of: date, filters: Filters) -> Answer:
    """Answer how far the procedures of each bureau had come (of each section, when a bureau is chosen)."""
    year = year_of(as_of, filters)
    groups: dict[str, list[Procedure]] = {}
    for item in figure_rows.concerned(aspect, filters):
        groups.setdefault(figure_rows.group_of(item.department, filters.department), []).append(item)
    lines = [
        Line((name,), _stage_figures(aspect, groups[group], year, group), sample=aspect.is_sample(groups[group]))
        for group, name in _in_order(groups)
    ]
    everything = [item for found in groups.values() for item in found]
    return Answer(
        heads=(words("catalogue.figures.department"),),
        columns=_stage_columns(aspect),
        lines=tuple(lines),
        total=Line((words("catalogue.figures.sum"),), _stage_figures(aspect, everything, year)),
        drawing=Drawing("stacked", aspect.stages, as_share=True),
        notes=(words(f"catalogue.figures.{aspect.name}_by_department.note", year=year_words(year)),),
        sample=aspect.is_sample(everything),
    )


def _in_order(groups: Mapping[str, Sized]) -> list[tuple[str, str]]:
    """Return (id, name) of the groups, the largest first."""
    names = {key: item.name for key, item in departments().items()}
    return [(key, names.get(key, key)) for key in sorted(groups, key=lambda key: (-len(groups[key]), key))]


def _use_figures(rows: list[Count], year: int, group: str = "") -> tuple[Figure, ...]:
    use = figures.use_of(rows)
    key = f"{year}:{group}"
    return Figure(use.total, key), Figure(use.online, key), Figure(share(use.online, use.total), key)


def _use_columns() -> tuple[Column, ...]:
    unit = words("catalogue.figures.unit_cases")
    return (
        Column("total", words("catalogue.figures.total"), unit),
        Column("online", words("catalogue.figures.online"), unit),
        Column("share", words("catalogue.figures.share"), PERCENT),
    )


def _current_note(as_of: date, year: int) -> tuple[Word, ...]:
    return (words("catalogue.figures.note_current", year=year_words(year)),) if year == fiscal_year(as_of) else ()


def online_use(as_of: date, filters: Filters) -> Answer:
    """Answer which share of the applications came online in each of the last years, with and without an outlier."""
    newest = year_of(as_of, filters)
    rows = {year: figure_rows.counted(year, filters) for year in figures.years_to(newest)}
    heavy = figures.outlier(rows[newest])
    name = get_procedure(heavy).official_name if heavy else ""
    columns = _use_columns()
    if heavy:
        columns += (Column("share_without", words("catalogue.figures.share_without", name=name), PERCENT),)
    lines = []
    for year, found in rows.items():
        numbers = _use_figures(found, year)
        if heavy:
            numbers += (Figure(_share_without(found, heavy), f"{year}:-{heavy}"),)
        lines.append(Line((year_words(year),), numbers, short=year_short(year), sample=figures.use_of(found).sample))
    return Answer(
        heads=(words("catalogue.figures.year"),),
        columns=columns,
        lines=tuple(lines),
        headlines=_use_headlines(rows, newest, heavy, name),
        drawing=Drawing("lines", ("share", "share_without") if heavy else ("share",)),
        notes=_current_note(as_of, newest),
        sample=any(line.sample for line in lines),
    )


def _share_without(rows: list[Count], procedure: str) -> float | None:
    use = figures.use_of(row for row in rows if row.procedure != procedure)
    return share(use.online, use.total)


def _use_headlines(rows: dict[int, list[Count]], newest: int, heavy: str, name: str) -> tuple[Headline, ...]:
    """Give the shares of the newest year, the second one without the outlier."""
    year = year_words(newest)
    use = figures.use_of(rows[newest])
    found = [
        Headline(
            words("catalogue.figures.headline_use", year=year),
            Figure(share(use.online, use.total), f"{newest}:"),
            PERCENT,
        )
    ]
    if heavy:
        label = words("catalogue.figures.headline_use_without", year=year, name=name)
        figure = Figure(_share_without(rows[newest], heavy), f"{newest}:-{heavy}")
        found.append(Headline(label, figure, PERCENT, words("catalogue.figures.headline_use_without_note")))
    return tuple(found)


def online_use_by_department(as_of: date, filters: Filters) -> Answer:
    """Answer which share of the applications came online in each bureau (section, when a bureau is chosen)."""
    year = year_of(as_of, filters)
    groups: dict[str, list[Count]] = {}
    for row in figure_rows.counted(year, filters):
        groups.setdefault(figure_rows.group_of(get_procedure(row.procedure).department, filters.department), []).append(
            row
        )
    lines = [
        Line((name,), _use_figures(groups[group], year, group), sample=figures.use_of(groups[group]).sample)
        for group, name in _in_order(groups)
    ]
    everything = [row for found in groups.values() for row in found]
    return Answer(
        heads=(words("catalogue.figures.department"),),
        columns=_use_columns(),
        lines=tuple(lines),
        total=Line((words("catalogue.figures.sum"),), _use_figures(everything, year)),
        drawing=Drawing("bars", ("share",)),
        notes=_current_note(as_of, year),
        sample=any(line.sample for line in lines),
    )


def yearly_counts(as_of: date, filters: Filters) -> Answer:
    """Answer the yearly public table: 手続名, 総件数, うちオンライン, 割合, the most applied for first."""
    year = year_of(as_of, filters)
    rows = figure_rows.counted(year, filters)
    lines = [_count_line(row) for row in sorted(rows, key=lambda row: (-row.total, row.procedure))]
    return Answer(
        heads=(
            words("catalogue.figures.procedure"),
            words("catalogue.figures.section"),
            words("catalogue.figures.year"),
        ),
        columns=_use_columns(),
        lines=tuple(lines),
        total=Line((words("catalogue.figures.sum"), "", year_words(year)), _use_figures(rows, year)),
        notes=_current_note(as_of, year),
        sample=figures.use_of(rows).sample,
    )


def _count_line(row: Count) -> Line:
    """Return one procedure's line; its name leads to the procedure, whose own counts are what was counted."""
    item = get_procedure(row.procedure)
    section = departments().get(item.department)
    numbers = (Figure(row.total), Figure(row.online), Figure(share(row.online, row.total)))
    labels = (item.official_name, section.name if section else item.department, year_words(row.fiscal_year))
    return Line(labels, numbers, url=reverse("portal:procedure", args=[item.id]), sample=row.sample)


def register() -> None:
    """Register the catalogue's indicators; all are public."""
    status_rows, count_rows = figure_rows.status_rows, figure_rows.count_rows
    shapes: tuple[tuple[str, Query, RowQuery], ...] = (
        ("online_status", partial(status_by_year, ONLINE), partial(status_rows, ONLINE)),
        ("online_by_department", partial(status_by_department, ONLINE), partial(status_rows, ONLINE)),
        ("online_use", online_use, count_rows),
        ("online_use_by_department", online_use_by_department, count_rows),
        ("cashless_status", partial(status_by_year, CASHLESS), partial(status_rows, CASHLESS)),
        ("cashless_by_department", partial(status_by_department, CASHLESS), partial(status_rows, CASHLESS)),
        ("yearly_counts", yearly_counts, count_rows),
    )
    register_indicators(
        Indicator(
            id=name,
            title=f"catalogue.figures.{name}.title",
            unit="件",
            description=f"catalogue.figures.{name}.about",
            query=query,
            rows=rows,
            scope="public",
            own_page=name == "yearly_counts",
            order=place,
        )
        for place, (name, query, rows) in enumerate(shapes, start=1)
    )
