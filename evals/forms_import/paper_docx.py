"""A small pen for Word forms (merged and nested tables, content controls) that notes the gold as it draws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docx.table import Table, _Cell

from evals.forms_import.gold import F, Gold

Expected = F | list[F] | None
ALIGN = {"": None, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


@dataclass
class C:
    """A table cell: text, expected field, columns and rows it spans, a nested table."""

    text: str = ""
    f: Expected = None
    span: int = 1
    down: int = 1
    inner: list[list[Any]] | None = None
    control: str = ""
    """A content control: ``text`` or ``checkbox``."""


class WordPaper:
    """One document. Paragraphs and tables of the body count from 1."""

    def __init__(self, title: str, *, addressee: str = "") -> None:
        self.gold = Gold(title, addressee)
        self.document = Document()
        self.document.styles["Normal"].font.size = Pt(10.5)
        self.paragraphs = self.tables = 0

    def para(
        self,
        text: str = "",
        f: Expected = None,
        *,
        align: str = "",
        size: int = 0,
        bold: bool = False,
        heading: bool = False,
    ) -> None:
        """Write one paragraph of the body."""
        paragraph = self.document.add_heading("", 2) if heading else self.document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)
        if align:
            paragraph.alignment = ALIGN[align]
        self.paragraphs += 1
        self.gold.add(f, f"段落{self.paragraphs}")

    def table(self, rows: list[list[Any]], *, columns: int) -> None:
        """Draw one table; a row is a list of texts, (text, field) pairs and ``C`` cells."""
        self.tables += 1
        table = self.document.add_table(len(rows), columns)
        table.style = "Table Grid"
        self._fill(table, rows, columns, f"表{self.tables}")

    def _fill(self, table: Table, rows: list[list[Any]], columns: int, name: str) -> None:
        taken: set[tuple[int, int]] = set()
        placed: list[tuple[int, int, C]] = []
        for r, row in enumerate(rows):
            c = 0
            for item in row:
                while (r, c) in taken:
                    c += 1
                cell = item if isinstance(item, C) else C(*item) if isinstance(item, tuple) else C(item)
                taken |= {(r + y, c + x) for y in range(cell.down) for x in range(cell.span)}
                if cell.span > 1 or cell.down > 1:
                    table.cell(r, c).merge(table.cell(r + cell.down - 1, c + cell.span - 1))
                placed.append((r, c, cell))
                c += cell.span
        for r, c, cell in placed:
            self._write(table.cell(r, c), cell, f"{name} 行{r + 1} 列{_ordinal(table, r, c)}")

    def _write(self, target: _Cell, cell: C, place: str) -> None:
        lines = cell.text.split("\n")
        target.paragraphs[0].add_run(lines[0])
        for line in lines[1:]:
            target.add_paragraph(line)
        if cell.control:
            target.paragraphs[0]._p.append(parse_xml(_CONTROLS[cell.control].format(ns=nsdecls("w"))))
        if cell.inner:
            wide = max(sum(item.span if isinstance(item, C) else 1 for item in row) for row in cell.inner)
            inner = target.add_table(len(cell.inner), wide)
            inner.style = self.document.styles["Table Grid"]
            self._fill(inner, cell.inner, wide, f"{place} 表1")
        self.gold.add(cell.f, place)

    def save(self, path: Path) -> None:
        """Write the document and its gold."""
        self.document.save(str(path))
        self.gold.write(path.with_suffix(".json"))


_CONTROLS = {
    "text": "<w:sdt {ns}><w:sdtPr><w:text/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>クリックして入力</w:t></w:r></w:sdtContent></w:sdt>",
    "date": "<w:sdt {ns}><w:sdtPr><w:date/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>日付を選択</w:t></w:r></w:sdtContent></w:sdt>",
}


def _ordinal(table: Table, r: int, c: int) -> int:
    """Return the number of the cell in its row as a reader counts them."""
    offset = 0
    for number, cell in enumerate(table._tbl.tr_lst[r].tc_lst, start=1):
        if offset == c:
            return number
        offset += cell.grid_span
    raise ValueError((r, c))
