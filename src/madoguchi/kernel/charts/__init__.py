"""Charts as SVG made on the server: no script, no canvas, the same on paper.

Owns the drawing. A chart never stands alone: the page shows the same numbers as a table beside it. Every length across is
a percentage and every letter keeps its size, so a chart is as readable at 320 px as on a wall; series differ by pattern,
dash and marker, not by colour alone; the classes are styled by the house's style sheet (`wd-chart…`).
"""

from madoguchi.kernel.charts.bars import bar_chart, stacked_bar_chart
from madoguchi.kernel.charts.figure import Series
from madoguchi.kernel.charts.lines import line_chart

__all__ = ["Series", "bar_chart", "line_chart", "stacked_bar_chart"]
