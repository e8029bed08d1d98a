"""What all charts share: the figure with its title and description, the legend, the patterns, the printing of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from madoguchi.kernel.errors import InvalidInput

MAX_SERIES = 6
Value = float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, a value for each category; None where there is none."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Frame:
    """The words round a chart. `desc` may be empty: then the figures themselves are read out."""

    title: str
    desc: str
    unit: str
    sample: bool

    @property
    def key(self) -> str:
        """Return a short id that is the same for the same chart and differs between charts of a page."""
        return "c" + sha256(f"{self.title}|{self.desc}|{self.unit}".encode()).hexdigest()[:8]


# Strokes over the bar's colour, drawn in a square of eight by eight; the first series stays plain.
_STROKES = ("", "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", "M4,0 v8", "M0,4 h8", "M0,4 h8 M4,0 v8", "M0,0 l8,8 M0,8 l8,-8")


def number(value: Value, unit: str = "") -> str:
    """Print a figure with its unit: 12,345件; 12.3日; 「なし」 where there is none."""
    if value is None:
        return "なし"
    text = f"{value:,.1f}".removesuffix(".0") if isinstance(value, float) else f"{value:,}"
    return f"{text}{unit}"


def figure(frame: Frame, drawing: SafeString, *, height: int, legend: SafeString | str = "", kind: str) -> SafeString:
    """Wrap a drawing of `height` px into an accessible figure."""
    badge = mark_safe('<span class="wd-sample">サンプル</span>') if frame.sample else ""
    return format_html(
        '<figure class="wd-chart" data-chart="{kind}"><figcaption class="wd-chart__caption">{title} {badge}</figcaption>'
        '{legend}<svg class="wd-chart__canvas" role="img" aria-labelledby="{key}-t {key}-d" width="100%" height="{height}">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{desc}</desc>{drawing}</svg></figure>',
        kind=kind,
        title=frame.title,
        badge=badge,
        legend=legend,
        key=frame.key,
        height=height,
        desc=frame.desc,
        drawing=drawing,
    )


def patterns(frame: Frame, count: int) -> SafeString:
    """Define the patterns of the first `count` series."""
    return format_html(
        "<defs>{}</defs>",
        format_html_join(
            "",
            '<pattern id="{}-p{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<path class="wd-chart__pattern" d="{}"/></pattern>',
            ((frame.key, place, _STROKES[place - 1]) for place in range(2, count + 1)),
        ),
    )


def patterned_bar(frame: Frame, series: int, *, x: str, y: int, width: str, height: int) -> SafeString:
    """Draw one bar in the colour and the pattern of its series (1–6)."""
    bar = format_html(
        '<rect class="wd-chart__bar" data-series="{}" x="{}" y="{}" width="{}" height="{}"/>',
        series,
        x,
        y,
        width,
        height,
    )
    if series == 1:
        return bar
    overlay = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="url(#{}-p{})"/>', x, y, width, height, frame.key, series
    )
    return bar + overlay


def bar_legend(frame: Frame, labels: Sequence[str]) -> SafeString:
    """Name the series, each beside a piece of its own pattern."""
    return legend_of(
        (
            label,
            patterned_bar(frame, place, x="0", y=0, width="20", height=16),
        )
        for place, label in enumerate(labels, start=1)
    )


def legend_of(entries: Iterable[tuple[str, SafeString]]) -> SafeString:
    """List the series, each beside its swatch; the swatches are hidden from screen readers."""
    return format_html(
        '<ul class="wd-chart__legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg width="20" height="16" aria-hidden="true" focusable="false">{}</svg> {}</li>',
            ((swatch, label) for label, swatch in entries),
        ),
    )


def share(part: float, whole: float, of: float = 100.0) -> str:
    """Return a share as an SVG percentage with two decimals."""
    return f"{part / whole * of if whole else 0:.2f}%"


def spoken(categories: Sequence[str], series: Sequence[Series], unit: str) -> str:
    """Read out the figures of a chart of several series."""
    rows = []
    for place, name in enumerate(categories):
        parts = "、".join(f"{each.label} {number(each.values[place], unit)}" for each in series)
        rows.append(f"{name}：{parts}")
    return "。".join(rows)


def demand_same_length(categories: Sequence[str], series: Sequence[Series]) -> None:
    """Refuse figures that cannot be drawn: more than six series, or a series of another length."""
    if len(series) > MAX_SERIES:
        raise InvalidInput(
            "図の系列が多すぎます。", code="charts.series", mend=f"{MAX_SERIES}系列までにまとめてください。"
        )
    if any(len(each.values) != len(categories) for each in series):
        raise InvalidInput("図の項目と値の数が合いません。", code="charts.length")
