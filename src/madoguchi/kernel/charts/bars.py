"""Horizontal bars: the name above, the bar below, the figure at its end; rows grow downwards, so any number fits a phone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from madoguchi.kernel.charts.figure import (
    Frame,
    Series,
    Value,
    bar_legend,
    demand_same_length,
    figure,
    number,
    patterned_bar,
    patterns,
    share,
    spoken,
)

_ROW = 56
_LABEL_BASE = 16
_BAR_TOP = 24
_BAR_HEIGHT = 22
_LONGEST = 76.0
"""Percent of the width that the longest bar takes; the rest is for its figure."""
_NARROW_PX = 300
_DIGIT_PX = 9


def bar_chart(
    categories: Sequence[str],
    *,
    values: Sequence[Value],
    title: str,
    desc: str = "",
    unit: str = "",
    sample: bool = False,
) -> SafeString:
    """Draw one figure per category. `desc` is read out by screen readers; when empty the figures are."""
    demand_same_length(categories, [Series("", values)])
    words = desc or "、".join(f"{name} {number(value, unit)}" for name, value in zip(categories, values, strict=True))
    frame = Frame(title, words, unit, sample)
    most = max((value for value in values if value is not None), default=0)
    rows = [
        _plain_row(frame, place * _ROW, name, value, most)
        for place, (name, value) in enumerate(zip(categories, values, strict=True))
    ]
    drawing = mark_safe("".join(rows))  # noqa: S308 - every row comes from format_html
    return figure(frame, drawing, height=_ROW * max(len(categories), 1), kind="bar")


def stacked_bar_chart(
    categories: Sequence[str],
    *,
    series: Sequence[Series],
    title: str,
    desc: str = "",
    unit: str = "",
    sample: bool = False,
    as_share: bool = False,
    sum_word: str = "計",
) -> SafeString:
    """Draw the parts of each category one after the other; `as_share` makes every bar equally long (100 %).

    `sum_word` stands before the total of a category, in the language of the page.
    """
    demand_same_length(categories, series)
    totals = [sum(each.values[place] or 0 for each in series) for place in range(len(categories))]
    frame = Frame(title, desc or spoken(categories, series, unit), unit, sample)
    most = max(totals, default=0)
    rows = []
    for place, name in enumerate(categories):
        whole = totals[place] if as_share else most
        parts = [each.values[place] or 0 for each in series]
        label = f"{name}　{sum_word}{number(sum(parts), frame.unit)}"
        rows.append(_stacked_row(frame, place * _ROW, label, parts, whole, 100.0 if as_share else _LONGEST))
    drawing = patterns(frame, len(series)) + mark_safe("".join(rows))  # noqa: S308 - every row comes from format_html
    legend = bar_legend(frame, [each.label for each in series])
    return figure(frame, drawing, height=_ROW * max(len(categories), 1), legend=legend, kind="stacked")


def _plain_row(frame: Frame, top: int, name: str, value: Value, most: float) -> SafeString:
    width = share(value or 0, most, _LONGEST)
    return format_html(
        '{}{}<text class="wd-chart__value" x="{}" dx="6" y="{}">{}</text>',
        _row_label(top, name),
        patterned_bar(frame, 1, x="0", y=top + _BAR_TOP, width=width, height=_BAR_HEIGHT),
        width,
        top + _BAR_TOP + 16,
        number(value, frame.unit),
    )


def _stacked_row(
    frame: Frame, top: int, label: str, parts: Sequence[float | int], whole: float, longest: float
) -> SafeString:
    pieces = [_row_label(top, label)]
    before = 0.0
    for place, part in enumerate(parts, start=1):
        if part:
            x, width = share(before, whole, longest), share(part, whole, longest)
            pieces.append(patterned_bar(frame, place, x=x, y=top + _BAR_TOP, width=width, height=_BAR_HEIGHT))
            pieces.append(_inner_figure(top, part, share(before + part / 2, whole, longest), float(width[:-1])))
        before += part
    return mark_safe("".join(pieces))  # noqa: S308 - every piece comes from format_html


def _inner_figure(top: int, part: float | int, middle: str, width: float) -> SafeString:
    """Write a part's figure into its bar on a light plate, when it fits on a narrow screen."""
    text = number(part)
    plate = len(text) * _DIGIT_PX + 8
    if width / 100 * _NARROW_PX < plate + 2:
        return mark_safe("")
    return format_html(
        '<svg x="{}" y="{}" overflow="visible"><rect class="wd-chart__plate" x="{}" y="2" width="{}" height="18" rx="3"/>'
        '<text class="wd-chart__value" x="0" y="16" text-anchor="middle">{}</text></svg>',
        middle,
        top + _BAR_TOP,
        -plate / 2,
        plate,
        text,
    )


def _row_label(top: int, text: str) -> SafeString:
    return format_html('<text class="wd-chart__label" x="0" y="{}">{}</text>', top + _LABEL_BASE, text)
