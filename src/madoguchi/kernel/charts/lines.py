"""Lines over time: up to six series that differ by dash and marker, the last figure of each written at its end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from math import ceil, floor, log10

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from madoguchi.kernel.charts.figure import (
    Frame,
    Series,
    demand_same_length,
    figure,
    legend_of,
    number,
    spoken,
)

_TOP, _PLOT, _BELOW = 24, 200, 32
_FIRST, _LAST = 10.0, 88.0
"""Percent of the width where the first and the last point lie."""
_LABEL_GAP = 16


def line_chart(
    categories: Sequence[str],
    *,
    series: Sequence[Series],
    title: str,
    desc: str = "",
    unit: str = "",
    sample: bool = False,
) -> SafeString:
    """Draw each series as a line over the categories; a missing value breaks the line."""
    demand_same_length(categories, series)
    frame = Frame(title, desc or spoken(categories, series, unit), unit, sample)
    ticks = nice_ticks(max((value for each in series for value in each.values if value is not None), default=0))
    parts = [_grid(ticks, unit), _category_labels(categories)]
    parts += [_line(place, each, ticks[-1]) for place, each in enumerate(series, start=1)]
    parts.append(_end_figures(series, ticks[-1], unit))
    legend = legend_of((each.label, _swatch(place)) for place, each in enumerate(series, start=1))
    drawing = mark_safe("".join(parts))  # noqa: S308 - every part comes from format_html
    return figure(frame, drawing, height=_TOP + _PLOT + _BELOW, legend=legend if len(series) > 1 else "", kind="line")


def nice_ticks(most: float) -> list[float]:
    """Return three to six round marks from 0 to at least `most`."""
    if most < 1e-6:
        return [0, 1]
    rough = most / 4
    power = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    marks = [step * place for place in range(ceil(most / step - 1e-9) + 1)]
    return [int(mark) if mark == int(mark) else mark for mark in marks]


def _x(place: int, count: int) -> str:
    spread = (_LAST - _FIRST) * place / (count - 1) if count > 1 else (_LAST - _FIRST) / 2
    return f"{_FIRST + spread:.2f}%"


def _y(value: float, top: float) -> float:
    return round(_TOP + _PLOT * (1 - value / top), 1)


def _grid(ticks: Sequence[float], unit: str) -> SafeString:
    lines = []
    for tick in ticks:
        y = _y(tick, ticks[-1])
        kind = "axis" if tick == 0 else "grid"
        lines.append(format_html('<line class="wd-chart__{}" x1="0" x2="100%" y1="{}" y2="{}"/>', kind, y, y))
        lines.append(
            format_html(
                '<text class="wd-chart__tick" x="0" y="{}">{}</text>', y - 4, number(tick, unit if tick else "")
            )
        )
    return mark_safe("".join(lines))  # noqa: S308 - every line comes from format_html


def _category_labels(categories: Sequence[str]) -> SafeString:
    """Write the categories below; of many, every second, third … and the last."""
    stride = ceil(len(categories) / 6) or 1
    last = len(categories) - 1
    labels = [
        format_html(
            '<text class="wd-chart__label" x="{}" y="{}" text-anchor="middle">{}</text>',
            _x(place, len(categories)),
            _TOP + _PLOT + 22,
            name,
        )
        for place, name in enumerate(categories)
        if (last - place) % stride == 0
    ]
    return mark_safe("".join(labels))  # noqa: S308 - every label comes from format_html


def _line(series: int, data: Series, top: float) -> SafeString:
    count = len(data.values)
    pieces = []
    for place, (value, following) in enumerate(zip_longest(data.values, data.values[1:])):
        if value is None:
            continue
        x, y = _x(place, count), _y(value, top)
        if following is not None:
            pieces.append(
                format_html(
                    '<line class="wd-chart__line" data-series="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
                    series,
                    x,
                    y,
                    _x(place + 1, count),
                    _y(following, top),
                )
            )
        pieces.append(_marker(series, x, y))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece comes from format_html


def _marker(series: int, x: str, y: float) -> SafeString:
    """Draw the marker of a series: disc, square, diamond, triangle, ring-like cross, bar."""
    shapes = (
        '<circle class="wd-chart__dot" data-series="1" r="4.5"/>',
        '<rect class="wd-chart__dot" data-series="2" x="-4" y="-4" width="8" height="8"/>',
        '<path class="wd-chart__dot" data-series="3" d="M0,-6 L6,0 L0,6 L-6,0 Z"/>',
        '<path class="wd-chart__dot" data-series="4" d="M0,-6 L6,5 L-6,5 Z"/>',
        '<path class="wd-chart__dot" data-series="5" d="M-6,-5 L6,-5 L0,6 Z"/>',
        '<rect class="wd-chart__dot" data-series="6" x="-2" y="-6" width="4" height="12"/>',
    )
    return format_html('<svg x="{}" y="{}" overflow="visible">{}</svg>', x, y, mark_safe(shapes[series - 1]))  # noqa: S308


def _swatch(series: int) -> SafeString:
    line = format_html('<line class="wd-chart__line" data-series="{}" x1="0" y1="8" x2="20" y2="8"/>', series)
    return line + _marker(series, "10", 8)


def _end_figures(series: Sequence[Series], top: float, unit: str) -> SafeString:
    """Write the last figure of each series beside its end, moved apart where two would touch."""
    ends = sorted(
        (_y(value, top), place, value)
        for place, each in enumerate(series, start=1)
        if each.values and (value := each.values[-1]) is not None
    )
    written, lowest = [], float("-inf")
    for y, _, value in ends:
        lowest = max(y - 10, lowest + _LABEL_GAP)
        written.append(
            format_html(
                '<text class="wd-chart__value wd-chart__halo" x="100%" y="{}" text-anchor="end">{}</text>',
                lowest,
                number(value, unit),
            )
        )
    return mark_safe("".join(written))  # noqa: S308 - every figure comes from format_html
