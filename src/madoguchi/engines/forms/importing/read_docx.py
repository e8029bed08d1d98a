"""Word forms: paragraphs, tables with merged and nested cells, content controls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from madoguchi.engines.forms.importing.paper import Cell, Grid, Line, PaperForm, Piece, Place, join_boxes
from madoguchi.engines.forms.importing.reading import damaged

MAX_BLOCKS, MAX_CELLS, MAX_DEPTH = 2000, 4000, 4


def read_docx(path: Path) -> PaperForm:
    """Read the body of a document. Raises PaperError when it is damaged."""
    try:
        body = docx.Document(str(path)).element.body
    except Exception as error:  # python-docx raises whatever its parser met
        raise damaged(path, "Word 文書") from error
    paper = PaperForm("docx", path.name, [])
    paragraphs = tables = 0
    for element in _body(body):
        if len(paper.blocks) >= MAX_BLOCKS:
            paper.skipped.append((f"段落{paragraphs}以降", "文書が長いため"))
            break
        if element.tag == qn("w:p"):
            paragraphs += 1
            text = _text(element)[0]
            for line in text.split("\n"):
                if line.strip(" 　\t") or "＿" in line:
                    place = Place(f"段落{paragraphs}", ruled=False)
                    paper.blocks.append(Line([Piece(line.replace("\t", "　　"), place)], large=_large(element)))
        else:
            tables += 1
            grid = _table(element, f"表{tables}")
            if grid.cells:
                paper.blocks.append(grid)
    return paper


def _body(body: Any) -> list[Any]:
    """Return paragraphs and tables of the body, those inside block content controls included."""
    found = []
    for element in body:
        if element.tag in {qn("w:p"), qn("w:tbl")}:
            found.append(element)
        elif element.tag == qn("w:sdt"):
            content = element.find(qn("w:sdtContent"))
            found += _body(content) if content is not None else []
    return found


def _large(paragraph: Any) -> bool:
    sizes = [int(size.get(qn("w:val"), "0")) for size in paragraph.iter(qn("w:sz"))]
    return max(sizes, default=0) >= 26


def _text(paragraph: Any) -> tuple[str, str, tuple[str, ...]]:
    """Return text, kind of content control and its options; a control's placeholder is no text."""
    parts: list[str] = []
    control = ""
    options: tuple[str, ...] = ()

    def walk(node: Any) -> None:
        nonlocal control, options
        for child in node:
            if child.tag == qn("w:sdt"):
                kind, found, placeholder = _control(child)
                control, options = control or kind, options or found
                if not placeholder:
                    walk(child.find(qn("w:sdtContent")) if child.find(qn("w:sdtContent")) is not None else ())
            elif child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag == qn("w:tab"):
                parts.append("\t")
            elif child.tag == qn("w:br"):
                parts.append("\n")
            elif child.tag not in {qn("w:pPr"), qn("w:rPr"), qn("w:tbl")}:
                walk(child)

    walk(paragraph)
    return "".join(parts), control, options


def _control(sdt: Any) -> tuple[str, tuple[str, ...], bool]:
    properties = sdt.find(qn("w:sdtPr"))
    if properties is None:
        return "", (), False
    kind = "text"
    options: tuple[str, ...] = ()
    for child in properties:
        name = child.tag.rpartition("}")[2]
        if name == "date":
            kind = "date"
        elif name == "checkbox":
            return "", (), False
        elif name in {"dropDownList", "comboBox"}:
            kind = "choice"
            texts = (item.get(qn("w:displayText")) or item.get(qn("w:value")) or "" for item in child)
            options = tuple(text for text in texts if text and "選択" not in text)
    return kind, options, properties.find(qn("w:showingPlcHdr")) is not None


def _table(table: Any, name: str, depth: int = 0) -> Grid:
    cells: list[Cell] = []
    open_above: dict[int, Cell] = {}
    for r, row in enumerate(table.findall(qn("w:tr"))):
        column = 0
        height = row.find(f"{qn('w:trPr')}/{qn('w:trHeight')}")
        tall = int(height.get(qn("w:val"), "0")) / 300 if height is not None else 0.0
        for number, element in enumerate(_row_cells(row), start=1):
            span = element.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            wide = int(span.get(qn("w:val"), "1")) if span is not None else 1
            merge = element.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_above:
                open_above[column].rows += 1
                open_above[column].lines += max(1.0, tall)
            elif len(cells) < MAX_CELLS:
                cell = _cell(element, r, column, wide, f"{name} 行{r + 1} 列{number}", depth)
                cell.lines = max(cell.lines, tall)
                cells.append(cell)
                if merge is not None:
                    open_above[column] = cell
                else:
                    open_above.pop(column, None)
            column += wide
    return Grid(join_boxes(cells), name=name)


def _row_cells(row: Any) -> list[Any]:
    found = []
    for child in row:
        if child.tag == qn("w:tc"):
            found.append(child)
        elif child.tag == qn("w:sdt") and child.find(qn("w:sdtContent")) is not None:
            found += _row_cells(child.find(qn("w:sdtContent")))
    return found


def _cell(element: Any, row: int, column: int, wide: int, name: str, depth: int) -> Cell:
    texts: list[str] = []
    control = ""
    options: tuple[str, ...] = ()
    inner: list[Grid] = []
    for child in _body(element):
        if child.tag == qn("w:p"):
            text, kind, found = _text(child)
            texts.append(text)
            control, options = control or kind, options or found
        elif depth < MAX_DEPTH:
            inner.append(_table(child, f"{name} 表{len(inner) + 1}", depth + 1))
    text = "\n".join(texts).replace("\t", "　　")
    cell = Cell(row, column, 1, wide, text if text.strip(" 　\n") else "", Place(name), lines=float(len(texts)))
    width = element.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    if width is not None and width.get(qn("w:type")) == "dxa" and (width.get(qn("w:w")) or "").isdigit():
        cell.width = int(width.get(qn("w:w"))) / 20
    cell.control, cell.options, cell.inner = control, options, [grid for grid in inner if grid.cells]
    return cell
