"""The desk's indicators: applications by channel, days to a decision, promises kept, open cases by age.

Owns their registration and the putting of counts into answers; what is counted is in ``figures``, the rows behind a
number in ``figure_rows``. For staff only; shows numbers, never a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from madoguchi.kernel.calendar import fiscal_year_label, wareki_short
from madoguchi.kernel.indicators import (
    Answer,
    Column,
    Drawing,
    Figure,
    Filters,
    Headline,
    Indicator,
    Line,
    register_indicators,
    share,
)
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS, departments

from . import figure_rows, figures
from .figures import AGE_BANDS, DAY_BANDS, Kept

ONLINE = "online"
DRAWN_SECTIONS = 12
_NO_PROMISES = Kept(0, 0, 0, 0)


def month_label(month: date) -> str:
    """Print a month of the year shown: 「11月」."""
    return f"{month.month}月"


def band_label(band: tuple[int, int | None], unit: str) -> str:
    """Print a stretch of days: 「2～3開庁日」."""
    low, high = band
    if (low, high) == (0, 0):
        return "当日"
    if high is None:
        return f"{low}{unit}以上"
    return f"{low}{unit}" if low == high else f"{low}～{high}{unit}"


def section_name(section: str) -> str:
    """Return the name of a section, its id when the folder no longer names it."""
    found = departments().get(section)
    return found.name if found else section


def year_note(as_of: date, filters: Filters) -> str:
    """Say which stretch of time is counted."""
    first, last = figures.period(as_of, filters)
    return f"{fiscal_year_label(first.year)}（{wareki_short(first)}～{wareki_short(last)}）の件数です。"


def applications_by_channel(as_of: date, filters: Filters) -> Answer:
    """Answer how many applications came in each month by each channel. Keys are ``month:channel``, either may be empty."""
    counts = figures.count_channels(as_of, filters)
    used = {channel for _, channel in counts}
    channels = [key for key in CHANNEL_LABELS if key in used or key in {ONLINE, "counter"}]
    channels += sorted(used - set(channels))
    lines = tuple(
        _channel_line(
            month_label(month), month.isoformat()[:7], channels, {k[1]: v for k, v in counts.items() if k[0] == month}
        )
        for month in figures.months(*figures.period(as_of, filters))
    )
    whole: dict[str, tuple[int, int]] = {}
    for (_, channel), (cases, samples) in counts.items():
        before = whole.get(channel, (0, 0))
        whole[channel] = (before[0] + cases, before[1] + samples)
    total = _channel_line("計", "", channels, whole)
    return Answer(
        heads=("月",),
        columns=(
            *(Column(key, CHANNEL_LABELS.get(key, key), "件") for key in channels),
            Column("all", "計", "件"),
            Column("share", "オンラインの割合", "%"),
        ),
        lines=lines,
        total=total,
        headlines=(
            Headline("受け付けた申請", total.figures[-2], "件"),
            Headline("オンラインの割合", total.figures[-1], "%"),
        ),
        drawing=Drawing("stacked", tuple(channels[:6])),
        notes=(year_note(as_of, filters),),
        sample=total.sample,
    )


def _channel_line(label: str, month: str, channels: list[str], counts: Mapping[str, tuple[int, int]]) -> Line:
    numbers = {channel: counts.get(channel, (0, 0))[0] for channel in channels}
    whole = sum(numbers.values())
    return Line(
        (label,),
        (
            *(Figure(cases, f"{month}:{channel}") for channel, cases in numbers.items()),
            Figure(whole, f"{month}:"),
            Figure(share(numbers.get(ONLINE, 0), whole), f"{month}:{ONLINE}"),
        ),
        sample=any(samples for _, samples in counts.values()),
    )


def days_to_decision(as_of: date, filters: Filters) -> Answer:
    """Answer within how many office days cases were decided. Keys are ``from-to`` of a band, '-' for all."""
    counter = figures.merged(figures.histogram(as_of, filters).values())
    whole = sum(counter.values())
    sample = figures.decided(as_of, filters).filter(is_sample=True).exists()
    lines = []
    for band in DAY_BANDS:
        cases, key = figures.in_band(counter, band), f"{band[0]}-{'' if band[1] is None else band[1]}"
        lines.append(
            Line((band_label(band, "開庁日"),), (Figure(cases, key), Figure(share(cases, whole), key)), sample=sample)
        )
    return Answer(
        heads=("収受日から決定までの開庁日数",),
        columns=(Column("cases", "決定した件数", "件"), Column("share", "割合", "%")),
        lines=tuple(lines),
        total=Line(("計",), (Figure(whole, "-"), Figure(share(whole, whole), "-")), sample=sample),
        headlines=(
            Headline("決定した件数", Figure(whole, "-"), "件"),
            Headline("中央値", Figure(figures.percentile(counter, 50), "-"), "開庁日"),
            Headline("平均", Figure(figures.mean(counter), "-"), "開庁日"),
            Headline("9割が決まるまで", Figure(figures.percentile(counter, 90), "-"), "開庁日"),
        ),
        drawing=Drawing("bars", ("cases",)),
        notes=(
            year_note(as_of, filters),
            "区民の回答（補正）を待った日も含みます。取下げは数えません。",
        ),
        sample=sample,
    )


def on_time_share(as_of: date, filters: Filters) -> Answer:
    """Answer which share was decided by the promised day, by month of the decision. Keys are ``month:set``."""
    counts = figures.count_promises(as_of, filters)
    lines = tuple(
        Line((month_label(month),), _kept_figures(kept, month.isoformat()[:7]), sample=bool(kept.samples))
        for month in figures.months(*figures.period(as_of, filters))
        for kept in (counts.get(month, _NO_PROMISES),)
    )
    whole = _added(counts.values())
    total = Line(("計",), _kept_figures(whole, ""), sample=bool(whole.samples))
    overdue = figures.overdue_at(as_of, filters).count()
    return Answer(
        heads=("決定した月",),
        columns=_kept_columns(),
        lines=lines,
        total=total,
        headlines=(
            Headline("約束日までに決定した割合", total.figures[-1], "%", "約束日のある案件のうち"),
            Headline("約束日を過ぎて処理中", Figure(overdue, ":overdue"), "件", f"{wareki_short(as_of)}現在"),
        ),
        drawing=Drawing("lines", ("share",)),
        notes=(
            year_note(as_of, filters),
            "約束日は標準処理期間に、区民の回答を待った開庁日を加えた日です。",
        ),
        sample=total.sample,
    )


def _kept_columns() -> tuple[Column, ...]:
    return (
        Column("decided", "決定した件数", "件"),
        Column("kept", "約束日まで", "件"),
        Column("missed", "約束日のあと", "件"),
        Column("unset", "約束日なし", "件"),
        Column("share", "約束日までの割合", "%"),
    )


def _kept_figures(kept: Kept, place: str) -> tuple[Figure, ...]:
    unset = kept.decided - kept.kept - kept.missed
    return (
        Figure(kept.decided, f"{place}:decided"),
        Figure(kept.kept, f"{place}:kept"),
        Figure(kept.missed, f"{place}:missed"),
        Figure(unset, f"{place}:unset"),
        Figure(share(kept.kept, kept.kept + kept.missed), f"{place}:promised"),
    )


def _added(counts: Iterable[Kept]) -> Kept:
    kept = list(counts)
    return Kept(
        sum(each.decided for each in kept),
        sum(each.kept for each in kept),
        sum(each.missed for each in kept),
        sum(each.samples for each in kept),
    )


def decisions_by_section(as_of: date, filters: Filters) -> Answer:
    """Answer how fast each section decided and how it kept its promises. Keys are ``section:set``."""
    promises = figures.count_promises_by_section(as_of, filters)
    days = figures.histogram(as_of, filters)
    lines = tuple(
        Line(
            (section_name(section),),
            (
                *_kept_figures(promises[section], section),
                Figure(figures.percentile(days.get(section, {}), 50), f"{section}:decided"),
                Figure(figures.percentile(days.get(section, {}), 90), f"{section}:decided"),
            ),
            sample=bool(promises[section].samples),
        )
        for section in sorted(promises, key=lambda section: -promises[section].decided)
    )
    return Answer(
        heads=("担当課",),
        columns=(
            *_kept_columns(),
            Column("median", "日数の中央値", "開庁日"),
            Column("p90", "9割が決まるまで", "開庁日"),
        ),
        lines=lines,
        drawing=Drawing("bars", ("median",), limit=DRAWN_SECTIONS),
        notes=(year_note(as_of, filters),),
        sample=any(line.sample for line in lines),
    )


def open_cases(as_of: date, filters: Filters) -> Answer:
    """Answer how many cases are open in each section and how old they are. Keys are ``section:from-to``."""
    counts = figures.count_open(as_of, filters)
    lines = tuple(
        _open_line(section_name(section), section, *counts[section])
        for section in sorted(counts, key=lambda section: -sum(counts[section][0]))
    )
    columns = [sum(column) for column in zip(*(bands for bands, _ in counts.values()), strict=True)] or [0] * len(
        AGE_BANDS
    )
    total = _open_line("計", "", columns, sum(samples for _, samples in counts.values()))
    return Answer(
        heads=("担当課",),
        columns=(
            *(Column(f"band_{place}", band_label(band, "日"), "件") for place, band in enumerate(AGE_BANDS)),
            Column("all", "計", "件"),
        ),
        lines=lines,
        total=total,
        headlines=(
            Headline("処理中の案件", total.figures[-1], "件"),
            Headline(f"収受日から{AGE_BANDS[-1][0]}日以上", total.figures[-2], "件"),
        ),
        drawing=Drawing("stacked", tuple(f"band_{place}" for place in range(len(AGE_BANDS))), limit=DRAWN_SECTIONS),
        notes=("収受日からの暦日数です。年度にかかわらず、基準日に処理中のものを数えます。",),
        sample=total.sample,
    )


def _open_line(name: str, section: str, bands: list[int], samples: int) -> Line:
    keys = [f"{section}:{low}-{'' if high is None else high}" for low, high in AGE_BANDS]
    return Line(
        (name,),
        (*(Figure(cases, key) for cases, key in zip(bands, keys, strict=True)), Figure(sum(bands), f"{section}:-")),
        sample=bool(samples),
    )


def register() -> None:
    """Register the desk's indicators."""
    shapes = (
        ("applications_by_channel", "受付方法別の申請件数", "受付日の月ごとに、どの受付方法で申請を受けたかを数えます。",
         applications_by_channel, figure_rows.channel_rows),
        ("days_to_decision", "決定までの日数", "収受日の翌日から決定の日までの開庁日を数えます。",
         days_to_decision, figure_rows.day_rows),
        ("on_time_share", "約束日までに決定した割合", "決定した月ごとに、区民に示した約束日までに決定したかを数えます。",
         on_time_share, figure_rows.promise_rows),
        ("decisions_by_section", "課別の決定までの日数と約束日", "決定した案件を担当課ごとに数えます。図は決定までの開庁日数の中央値です。",
         decisions_by_section, figure_rows.section_rows),
        ("open_cases", "処理中の案件", "処理中の案件を担当課と収受日からの日数で数えます。",
         open_cases, figure_rows.open_rows),
    )  # fmt: skip
    register_indicators(
        Indicator(
            id=name,
            title=title,
            unit="件",
            description=description,
            query=query,
            rows=rows,
            scope="staff",
            order=place,
        )
        for place, (name, title, description, query, rows) in enumerate(shapes, start=21)
    )
