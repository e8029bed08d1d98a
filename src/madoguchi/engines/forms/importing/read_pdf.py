"""PDF forms: ruling lines become cells, the other characters become lines. Scanned pages are refused, not guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from madoguchi.engines.forms.importing.paper import (
    Block,
    Cell,
    Grid,
    Line,
    PaperError,
    PaperForm,
    Piece,
    Place,
    join_boxes,
)
from madoguchi.engines.forms.importing.reading import damaged, locked

MAX_PAGES = 20
MAX_OBJECTS = 60_000
_SNAP = 3.0
Box = tuple[float, float, float, float]


def read_pdf(path: Path) -> PaperForm:
    """Read the pages of a PDF. Raises PaperError when it is locked, damaged or only a picture."""
    paper = PaperForm("pdf", path.name, [])
    letters = 0
    try:
        with pdfplumber.open(path) as document:
            for number, page in enumerate(document.pages, start=1):
                if number > MAX_PAGES:
                    paper.skipped.append((f"p.{number}以降", f"ページが多いため（先頭の {MAX_PAGES} ページまで）"))
                    break
                letters += sum(not char["text"].isspace() for char in page.chars)
                if len(page.chars) + len(page.edges) > MAX_OBJECTS:
                    paper.skipped.append((f"p.{number}", "線や文字が多すぎるため"))
                else:
                    paper.blocks += _page(page, number)
                page.close()
    except PaperError:
        raise
    except Exception as error:  # pdfminer raises whatever its parser met
        causes = [error, error.__cause__, *error.args]
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes):
            raise locked(path) from error
        if isinstance(error, PdfminerException | ValueError | KeyError | TypeError | AttributeError | AssertionError):
            raise damaged(path, " PDF ") from error
        raise damaged(path, " PDF ") from error
    if letters < 10:
        raise PaperError(
            "文字のない PDF です（紙を読み取った画像のようです）。", code="scanned",
            mend="元の Excel・Word か、文字を選べる PDF を使ってください。", path=path,
        )  # fmt: skip
    return paper


def _page(page: Any, number: int) -> list[Block]:
    finder = page.debug_tablefinder()
    tables = [table for table in finder.tables if _real(table)]
    chars = [char for char in page.chars if char["text"].strip("\x00")]
    placed: list[tuple[float, float, Block]] = []
    used: set[int] = set()
    for table in tables:
        boxes = [tuple(float(edge) for edge in cell) for cell in table.cells]
        placed.append((float(table.bbox[1]), float(table.bbox[0]), _grid(boxes, chars, used, number)))
    for box in _lone_boxes(page, finder.cells, [table.bbox for table in tables]):
        placed.append((box[1], box[0], _grid([box], chars, used, number)))
    for line in _rows([char for i, char in enumerate(chars) if i not in used]):
        text = _spell(line)
        if text.strip(" 　"):
            placed.append(
                (
                    line[0]["top"],
                    line[0]["x0"],
                    Line([Piece(text, _place(number, _bounds(line)))], large=line[0]["size"] >= 13),
                )
            )
    return [block for _, _, block in sorted(placed, key=lambda item: item[:2])]


def _real(table: Any) -> bool:
    left, top, right, bottom = table.bbox
    return bool(right - left > 15 and bottom - top > 8)


def _lone_boxes(page: Any, cells: Sequence[Any], tables: Sequence[Any]) -> list[Box]:
    """Return boxes that stand alone (a frame to write in), which are no part of a table and hold none."""
    found: list[Box] = []
    for cell in cells:
        box = (float(cell[0]), float(cell[1]), float(cell[2]), float(cell[3]))
        known = any(_overlap(box, other) for other in [*tables, *found])
        small = box[2] - box[0] < 40 or box[3] - box[1] < 14
        if not known and not small and box[3] - box[1] < page.height * 0.7:
            found.append(box)
    return found


def _overlap(a: Box, b: Sequence[float]) -> bool:
    return bool(a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1)


def _place(page: int, box: Box, *, ruled: bool = False) -> Place:
    return Place(f"p.{page} {box[0]:.0f},{box[1]:.0f}", page=page, box=box, ruled=ruled)


def _bounds(chars: Sequence[Any]) -> Box:
    return (
        min(char["x0"] for char in chars), min(char["top"] for char in chars),
        max(char["x1"] for char in chars), max(char["bottom"] for char in chars),
    )  # fmt: skip


def _snap(values: Sequence[float]) -> list[float]:
    """Return the distinct positions of ruling lines (those closer than a few points are one)."""
    marks: list[float] = []
    for value in sorted(values):
        if not marks or value - marks[-1] > _SNAP:
            marks.append(value)
    return marks


def _index(marks: list[float], value: float) -> int:
    return min(range(len(marks)), key=lambda i: abs(marks[i] - value))


def _grid(boxes: Sequence[Any], chars: list[Any], used: set[int], page: int) -> Grid:
    xs = _snap([edge for box in boxes for edge in (box[0], box[2])])
    ys = _snap([edge for box in boxes for edge in (box[1], box[3])])
    cells = []
    for box in boxes:
        inside = []
        for i, char in enumerate(chars):
            x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
            if i not in used and box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                used.add(i)
                inside.append(char)
        text = "\n".join(_spell(line) for line in _rows(inside))
        row, col = _index(ys, box[1]), _index(xs, box[0])
        rows, cols = max(1, _index(ys, box[3]) - row), max(1, _index(xs, box[2]) - col)
        lines = (box[3] - box[1]) / 18
        cells.append(
            Cell(row, col, rows, cols, text, _place(page, box, ruled=True), lines=lines, width=box[2] - box[0])
        )
    return Grid(join_boxes(cells))


def _rows(chars: list[Any]) -> list[list[Any]]:
    """Group characters into lines from the top."""
    rows: list[list[Any]] = []
    for char in sorted(chars, key=lambda item: (item["top"] + item["bottom"]) / 2):
        middle = (char["top"] + char["bottom"]) / 2
        if rows and abs(middle - (rows[-1][0]["top"] + rows[-1][0]["bottom"]) / 2) < max(4.0, char["size"] * 0.4):
            rows[-1].append(char)
        else:
            rows.append([char])
    return [sorted(row, key=lambda item: item["x0"]) for row in rows]


def _spell(row: list[Any]) -> str:
    """Return a line's text; a gap as wide as letters becomes as many full-width spaces."""
    parts: list[str] = []
    end: float | None = None
    for char in row:
        if end is not None:
            gap = char["x0"] - end
            if gap > char["size"] * 0.6:
                parts.append("　" * max(1, round(gap / char["size"])))
        parts.append(char["text"])
        end = char["x1"]
    return "".join(parts)
