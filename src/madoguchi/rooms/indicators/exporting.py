"""Figures and rows as CSV files (``kernel.csv_files``).

Owns the shape of the files. Every line says whether it is a sample, and so does the name of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.csv_files import to_csv
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.indicators import Answer, Indicator, Line, Row, Rows
from madoguchi.rooms.indicators.scope import Asked
from madoguchi.rooms.indicators.selectors import say

MAX_ROWS = 20_000
KIND_HEAD = {"ja": "データの区分", "easy": "ほんとうか", "en": "Kind of data", "zh": "数据类别", "ko": "데이터 구분"}
KINDS = {
    "ja": ("実績", "サンプル"),
    "easy": ("ほんとう", "サンプル（れい）"),
    "en": ("actual", "sample"),
    "zh": ("实际", "样本"),
    "ko": ("실적", "샘플"),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out: its name, its text, and how many rows of data it holds."""

    name: str
    text: str
    rows: int


def answer_file(item: Indicator, asked: Asked, *, lang: str) -> File:
    """Return an indicator's table as a file; numbers are bare, units stand in the headings."""
    answer = item.query(asked.as_of, asked.filters)
    head = [*(say(each, lang) for each in answer.heads), *_column_heads(answer, lang), KIND_HEAD[lang]]
    lines = [*answer.lines, *([answer.total] if answer.total else [])]
    return File(
        name=_name(item.id, asked.as_of, answer.sample),
        text=to_csv(head, (_line_cells(line, lang) for line in lines)),
        rows=len(answer.lines),
    )


def rows_file(item: Indicator, key: str, asked: Asked, *, lang: str) -> File:
    """Return the rows behind a figure as a file. Raises InvalidInput for more than 20,000."""
    first = item.rows(asked.as_of, asked.filters, key, "")
    if first.total > MAX_ROWS:
        raise InvalidInput(
            f"一度に保存できるのは{MAX_ROWS:,}件までです。",
            code="indicators.too_many",
            mend="課や月で絞り込んでください。",
        )
    rows = list(_all_rows(item, key, asked, first))
    head = [*(say(each, lang) for each in first.heads), KIND_HEAD[lang]]
    return File(
        name=_name(f"{item.id}_rows", asked.as_of, any(row.sample for row in rows)),
        text=to_csv(head, (_row_cells(row, lang) for row in rows)),
        rows=len(rows),
    )


def _all_rows(item: Indicator, key: str, asked: Asked, page: Rows) -> Iterator[Row]:
    yield from page.rows
    while page.cursor:
        page = item.rows(asked.as_of, asked.filters, key, page.cursor)
        yield from page.rows


def _column_heads(answer: Answer, lang: str) -> list[str]:
    return [
        f"{say(each.label, lang)}（{say(each.unit, lang)}）" if say(each.unit, lang) else say(each.label, lang)
        for each in answer.columns
    ]


def _line_cells(line: Line, lang: str) -> list[Any]:
    values = ["" if figure.value is None else figure.value for figure in line.figures]
    return [*(say(label, lang) for label in line.labels), *values, KINDS[lang][line.sample]]


def _row_cells(row: Row, lang: str) -> list[Any]:
    return [*(_plain(cell, lang) for cell in row.cells), KINDS[lang][row.sample]]


def _plain(cell: Any, lang: str) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, int | float) else say(cell, lang)


def _name(stem: str, as_of: date, sample: bool) -> str:
    return f"{stem}_{as_of:%Y%m%d}{'_sample' if sample else ''}.csv"
