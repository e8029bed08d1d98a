"""Charts: accessible, honest about gaps, safe in the page, readable on a phone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.charts import Series, bar_chart, line_chart, stacked_bar_chart
from madoguchi.kernel.charts.lines import nice_ticks
from madoguchi.kernel.errors import InvalidInput

YEARS = ["R5", "R6", "R7", "R8"]
TWO = [Series("オンライン", [10, 20, None, 40]), Series("窓口", [90, 80, 70, 60])]
values = st.none() | st.integers(0, 10**9) | st.floats(0, 1e9, allow_nan=False)


def parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


ALL = [
    bar_chart(YEARS, values=[1, 2, None, 1234], title="件数", unit="件"),
    stacked_bar_chart(YEARS, series=TWO, title="件数の内訳", unit="件"),
    stacked_bar_chart(YEARS, series=TWO, title="割合", as_share=True),
    line_chart(YEARS, series=TWO, title="件数の推移", unit="件"),
]


@pytest.mark.parametrize("markup", ALL)
def test_every_chart_is_a_figure_with_title_and_description(markup):
    root = parse(markup)
    assert root.tag == "figure"
    svg = root.find("./svg")
    assert svg.get("role") == "img"
    ids = svg.get("aria-labelledby").split()
    assert [svg.find("title").get("id"), svg.find("desc").get("id")] == ids
    assert svg.find("desc").text
    assert root.find("figcaption").text.strip() == svg.find("title").text


@pytest.mark.parametrize("markup", ALL)
def test_no_inline_style_no_script_no_view_box(markup):
    assert "style=" not in markup
    assert "<script" not in markup
    assert "viewBox" not in markup


def test_the_figures_are_read_out_when_nothing_else_is_said():
    desc = parse(ALL[0]).find("./svg/desc").text
    assert desc == "R5 1件、R6 2件、R7 なし、R8 1,234件"
    assert parse(bar_chart(["a"], values=[1], title="t", desc="ふえている")).find("./svg/desc").text == "ふえている"


def test_bars_are_as_long_as_their_figures():
    bars = [rect.get("width") for rect in parse(bar_chart(["a", "b", "c"], values=[5, 10, 0], title="t")).iter("rect")]
    assert bars == ["38.00%", "76.00%", "0.00%"]


def test_shares_fill_the_whole_width():
    root = parse(stacked_bar_chart(["a"], series=[Series("x", [1]), Series("y", [3])], title="t", as_share=True))
    bars = [rect for rect in root.findall("./svg/rect") if rect.get("class") == "wd-chart__bar"]
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("0.00%", "25.00%"), ("25.00%", "75.00%")]


def test_series_differ_by_pattern_and_marker_not_only_by_colour():
    series = [Series(str(place), [5]) for place in range(6)]
    stacked = parse(stacked_bar_chart(["a"], series=series, title="t"))
    assert len({path.get("d") for path in stacked.iter("path")}) == 5
    lines = line_chart(["a"], series=series, title="t")
    assert len({tuple(dot.items()) for dot in parse(lines).iter() if dot.get("class") == "wd-chart__dot"}) == 6


def test_what_people_wrote_is_escaped():
    markup = bar_chart(["<b>&\"'"], values=[1], title="<script>alert(1)</script>")
    assert "<script" not in markup
    assert parse(markup).find("./svg/title").text == "<script>alert(1)</script>"


def test_sample_figures_say_so():
    assert "サンプル" in bar_chart(["a"], values=[1], title="t", sample=True)
    assert "サンプル" not in bar_chart(["a"], values=[1], title="t")


def test_a_gap_breaks_the_line():
    lines = list(parse(line_chart(YEARS, series=TWO[:1], title="t")).iter("line"))
    assert sum(line.get("class") == "wd-chart__line" for line in lines) == 1


@pytest.mark.parametrize(
    ("most", "ticks"), [(0, [0, 1]), (4, [0, 1, 2, 3, 4]), (97, [0, 25, 50, 75, 100]), (1, [0, 0.25, 0.5, 0.75, 1])]
)
def test_marks_are_round(most, ticks):
    assert nice_ticks(most) == ticks


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
                max_size=8,
            ),
            values,
            values,
        ),
        max_size=12,
    )
)
def test_any_figures_can_be_drawn(rows):
    names = [name for name, _, _ in rows]
    series = [Series("一", [one for _, one, _ in rows]), Series("二", [two for _, _, two in rows])]
    for markup in (
        bar_chart(names, values=series[0].values, title="t"),
        stacked_bar_chart(names, series=series, title="t"),
        line_chart(names, series=series, title="t"),
    ):
        parse(markup)


def test_figures_that_do_not_fit_are_refused():
    with pytest.raises(InvalidInput):
        bar_chart(["a", "b"], values=[1], title="t")
    with pytest.raises(InvalidInput):
        line_chart(["a"], series=[Series(str(place), [1]) for place in range(7)], title="t")
