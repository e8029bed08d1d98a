"""What a paper form looks like once read: ruled tables of cells and free lines, each with its place.

Owns the shapes only. May not know file formats or what a field is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from madoguchi.kernel.errors import InvalidInput


class PaperError(InvalidInput):
    """A file that cannot be read as a paper form; says the place, what is wrong and the mend."""

    def __init__(self, message_ja: str, *, code: str, mend: str, path: Path) -> None:
        super().__init__(message_ja, code=code, mend=mend)
        self.place = path.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: ``申請書!B5``, ``表1 行3 列2``, ``段落4`` or ``p.1 120,340`` (points from the top left)."""

    text: str
    page: int = 1
    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom in points; only for PDF."""
    ruled: bool = True

    def __str__(self) -> str:
        return self.text


@dataclass(slots=True)
class Cell:
    """A box of a ruled table. ``lines`` is its height in lines of text (estimated)."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    place: Place
    lines: float = 1.0
    width: float = 100.0
    """In points (estimated)."""
    control: str = ""
    """A content control standing in the cell: ``text``, ``date`` or ``choice``."""
    options: tuple[str, ...] = ()
    boxes: int = 0
    """Number of one-character boxes joined into this cell."""
    inner: list[Grid] = field(default_factory=list)

    @property
    def bottom(self) -> int:
        return self.row + self.rows

    @property
    def right(self) -> int:
        return self.col + self.cols

    def beside(self, other: Cell) -> bool:
        """Tell whether the two share a row."""
        return self.row < other.bottom and other.row < self.bottom

    def stacked(self, other: Cell) -> bool:
        """Tell whether the two share a column."""
        return self.col < other.right and other.col < self.right


@dataclass(slots=True)
class Grid:
    """A ruled table: cells that touch."""

    cells: list[Cell]
    name: str = ""

    def __post_init__(self) -> None:
        self.cells.sort(key=lambda cell: (cell.row, cell.col))

    @property
    def first_row(self) -> int:
        return min(cell.row for cell in self.cells)

    @property
    def height(self) -> int:
        return len({cell.row for cell in self.cells})

    @property
    def left(self) -> int:
        return min(cell.col for cell in self.cells)

    @property
    def right(self) -> int:
        return max(cell.right for cell in self.cells)

    def in_row(self, row: int) -> list[Cell]:
        """Return the cells that cover a row, from the left."""
        return [cell for cell in self.cells if cell.row <= row < cell.bottom]


@dataclass(slots=True)
class Piece:
    """A part of a line: words, or an underlined or merged blank beside them."""

    text: str
    place: Place


@dataclass(slots=True)
class Line:
    """One line of free text."""

    pieces: list[Piece]
    large: bool = False

    @property
    def text(self) -> str:
        return "　　".join(piece.text for piece in self.pieces if piece.text.strip(" 　"))

    @property
    def place(self) -> Place:
        return self.pieces[0].place


Block = Grid | Line


@dataclass(slots=True)
class PaperForm:
    """A paper form: its blocks in reading order; ``skipped`` names sheets or pages that were not read and why."""

    kind: str
    name: str
    blocks: list[Block]
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def grids(self) -> Iterator[Grid]:
        """Yield the tables in order."""
        yield from (block for block in self.blocks if isinstance(block, Grid))

    def lines(self) -> Iterator[Line]:
        """Yield the free lines in order."""
        yield from (block for block in self.blocks if isinstance(block, Line))


def join_boxes(cells: list[Cell]) -> list[Cell]:
    """Join runs of four or more narrow blank boxes side by side (one digit each) into one cell."""
    kept: list[Cell] = []
    run: list[Cell] = []

    def close() -> None:
        if len(run) >= 4:
            first = run[0]
            first.cols, first.boxes = run[-1].right - first.col, len(run)
            kept.append(first)
        else:
            kept.extend(run)
        run.clear()

    for cell in sorted(cells, key=lambda item: (item.row, item.col)):
        joins = bool(run) and run[-1].row == cell.row and run[-1].right == cell.col and run[-1].cols == cell.cols
        narrow = not cell.text.strip(" 　") and cell.rows == 1 and cell.width <= 28 and not cell.inner
        if not (narrow and (joins or not run)):
            close()
        if narrow:
            run.append(cell)
        else:
            kept.append(cell)
    close()
    return kept
