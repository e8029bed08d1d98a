"""Excel forms (方眼紙 included): from borders and merged cells to boxes, tables and lines.

A box is a region of lattice cells with no border inside and a border all round, whether merged or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from madoguchi.engines.forms.importing.paper import Block, Cell, Grid, Line, PaperForm, Piece, Place, join_boxes
from madoguchi.engines.forms.importing.reading import damaged

MAX_SHEETS = 10
MAX_ROWS, MAX_COLUMNS = 400, 200
_EXAMPLES = ("記入例", "記載例", "見本", "リスト", "マスタ", "選択肢", "説明", "手引")
Spot = tuple[int, int]


def read_xlsx(path: Path) -> PaperForm:
    """Read the visible sheets of a workbook. Raises PaperError when it is damaged."""
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parser met
        raise damaged(path, "Excel ブック") from error
    paper = PaperForm("xlsx", path.name, [])
    read = 0
    for sheet in book.worksheets:
        if any(word in sheet.title for word in _EXAMPLES):
            paper.skipped.append((sheet.title, "記入例・一覧のシートのため"))
        elif sheet.sheet_state != "visible":
            paper.skipped.append((sheet.title, "表示されていないシートのため"))
        elif read >= MAX_SHEETS:
            paper.skipped.append((sheet.title, f"シートが多いため（先頭の {MAX_SHEETS} 枚まで）"))
        else:
            blocks = _Sheet(sheet).blocks()
            read += bool(blocks)
            paper.blocks += blocks
    return paper


@dataclass(slots=True)
class _Region:
    """Lattice cells without a border between them."""

    spots: list[Spot]
    closed: bool

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        rows = [r for r, _ in self.spots]
        columns = [c for _, c in self.spots]
        return min(rows), min(columns), max(rows), max(columns)

    @property
    def rectangular(self) -> bool:
        top, left, bottom, right = self.bounds
        return len(self.spots) == (bottom - top + 1) * (right - left + 1)


class _Sheet:
    """One sheet as a lattice with borders, merged ranges and texts."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.rows, self.columns = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_COLUMNS)
        self.anchor: dict[Spot, Spot] = {}
        self.extent: dict[Spot, Spot] = {}
        for area in sheet.merged_cells.ranges:
            start = (area.min_row, area.min_col)
            end = (min(area.max_row, self.rows), min(area.max_col, self.columns))
            self.extent[start] = end
            for r in range(start[0], end[0] + 1):
                for c in range(start[1], end[1] + 1):
                    self.anchor[(r, c)] = start
        self.lower: set[Spot] = set()
        self.side: set[Spot] = set()
        self.text: dict[Spot, str] = {}
        self.large: set[Spot] = set()
        self._scan()

    def _scan(self) -> None:
        for row in self.sheet.iter_rows(min_row=1, max_row=self.rows, max_col=self.columns):
            for cell in row:
                spot = (cell.row, cell.column)
                border = cell.border
                if border.bottom is not None and border.bottom.style:
                    self.lower.add(spot)
                if border.top is not None and border.top.style:
                    self.lower.add((spot[0] - 1, spot[1]))
                if border.right is not None and border.right.style:
                    self.side.add(spot)
                if border.left is not None and border.left.style:
                    self.side.add((spot[0], spot[1] - 1))
                if cell.value is not None and str(cell.value).strip():
                    self.text[spot] = str(cell.value)
                    if (cell.font.size or 0) >= 13:
                        self.large.add(spot)

    def _joined(self, a: Spot, b: Spot) -> bool:
        if self.anchor.get(a, a) == self.anchor.get(b, b):
            return True
        first = min(a, b)
        return first not in (self.side if a[0] == b[0] else self.lower)

    def _regions(self) -> list[_Region]:
        seen: set[Spot] = set()
        regions = []
        for r in range(1, self.rows + 1):
            for c in range(1, self.columns + 1):
                if (r, c) not in seen:
                    regions.append(self._flood((r, c), seen))
        return regions

    def _flood(self, start: Spot, seen: set[Spot]) -> _Region:
        seen.add(start)
        stack, spots, closed = [start], [], True
        while stack:
            r, c = spot = stack.pop()
            spots.append(spot)
            for near in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                inside = 1 <= near[0] <= self.rows and 1 <= near[1] <= self.columns
                if not inside:
                    edge = min(spot, near)
                    closed = closed and edge in (self.side if near[0] == r else self.lower)
                elif near not in seen and self._joined(spot, near):
                    seen.add(near)
                    stack.append(near)
        return _Region(spots, closed)

    def blocks(self) -> list[Block]:
        """Return tables and lines in reading order."""
        boxes, free = [], []
        for region in self._regions():
            texts = sum(spot in self.text for spot in region.spots)
            if region.closed and region.rectangular and texts <= 8:
                boxes.append(self._box(region))
            else:
                free += region.spots
        placed: list[tuple[int, int, Block]] = [(grid.first_row, grid.left, grid) for grid in _tables(boxes)]
        placed += self._lines(set(free))
        return [block for _, _, block in sorted(placed, key=lambda item: item[:2])]

    def _place(self, spot: Spot, *, ruled: bool = True) -> Place:
        return Place(f"{self.sheet.title}!{get_column_letter(spot[1])}{spot[0]}", ruled=ruled)

    def _box(self, region: _Region) -> Cell:
        top, left, bottom, right = region.bounds
        by_row: dict[int, list[str]] = {}
        for spot in sorted(region.spots):
            if spot in self.text:
                by_row.setdefault(spot[0], []).append(self.text[spot])
        text = "\n".join("　".join(texts) for texts in by_row.values())
        height = sum((self.sheet.row_dimensions[r].height or 15.0) for r in range(top, bottom + 1))
        width = sum(self._width(c) for c in range(left, right + 1))
        place = self._place((top, left))
        return Cell(top, left, bottom - top + 1, right - left + 1, text, place, lines=height / 15.0, width=width)

    def _width(self, column: int) -> float:
        """Return a column's width in points (a character is about 5.25 points wide)."""
        dimension = self.sheet.column_dimensions.get(get_column_letter(column))
        return float(dimension.width if dimension is not None and dimension.width else 8.43) * 5.25 + 4

    def _lines(self, free: set[Spot]) -> list[tuple[int, int, Block]]:
        found: list[tuple[int, int, Block]] = []
        for r in range(1, self.rows + 1):
            pieces: list[tuple[int, Piece]] = []
            large, c = False, 1
            while c <= self.columns:
                spot = (r, c)
                end = self.extent.get(spot, spot)
                if spot in free and self.anchor.get(spot, spot) == spot:
                    if spot in self.text:
                        pieces.append((c, Piece(self.text[spot], self._place(spot, ruled=False))))
                        large = large or spot in self.large
                    elif pieces and (end[1] > c or spot in self.lower):
                        pieces.append((c, Piece("", self._place(spot, ruled=False))))
                        while (
                            end[1] < self.columns and (r, end[1] + 1) in self.lower and (r, end[1] + 1) not in self.text
                        ):
                            end = self.extent.get((r, end[1] + 1), (r, end[1] + 1))
                c = end[1] + 1
            if pieces:
                found.append((r, pieces[0][0], Line([piece for _, piece in pieces], large=large)))
        return found


def _tables(boxes: list[Cell]) -> list[Grid]:
    """Group boxes that touch into tables."""
    owner: dict[Spot, int] = {}
    for i, box in enumerate(boxes):
        for r in range(box.row, box.bottom):
            for c in range(box.col, box.right):
                owner[(r, c)] = i
    parent = list(range(len(boxes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for (r, c), i in owner.items():
        for near in ((r + 1, c), (r, c + 1)):
            if near in owner:
                parent[root(owner[near])] = root(i)
    groups: dict[int, list[Cell]] = {}
    for i, box in enumerate(boxes):
        groups.setdefault(root(i), []).append(box)
    return [Grid(join_boxes(cells)) for cells in groups.values()]
