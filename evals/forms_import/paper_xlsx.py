"""A small pen for Excel forms (方眼紙 included) that notes the gold as it draws."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from evals.forms_import.gold import F, Gold

Expected = F | list[F] | None
THIN = Side(style="thin")


class ExcelPaper:
    """One workbook. Rows and columns count from 1; ``w`` and ``h`` are in cells."""

    def __init__(
        self, title: str, *, sheet: str = "様式", columns: int = 45, width: float = 2.2, addressee: str = ""
    ) -> None:
        self.gold = Gold(title, addressee)
        self.book = Workbook()
        self.page: Worksheet = self.book.active  # type: ignore[assignment]
        self.page.title = sheet
        self._columns(columns, width)

    def _columns(self, columns: int, width: float) -> None:
        for number in range(1, columns + 1):
            self.page.column_dimensions[get_column_letter(number)].width = width

    def sheet(self, name: str, *, columns: int = 45, width: float = 2.2) -> None:
        """Start another sheet."""
        self.page = self.book.create_sheet(name)
        self._columns(columns, width)

    def put(
        self,
        r: int,
        c: int,
        text: str = "",
        *,
        w: int = 1,
        h: int = 1,
        f: Expected = None,
        box: bool = True,
        under: bool = False,
        merge: bool = True,
        fill: bool = False,
        size: int = 10,
        bold: bool = False,
        align: str = "",
    ) -> None:
        """Draw one cell: a box with text, a blank with its expected field, or bare text (``box=False``)."""
        if merge and (w > 1 or h > 1):
            self.page.merge_cells(start_row=r, start_column=c, end_row=r + h - 1, end_column=c + w - 1)
        cell = self.page.cell(r, c)
        if text:
            cell.value = text
        cell.font = Font(name="ＭＳ 明朝", size=size, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal=align or None)
        if fill:
            cell.fill = PatternFill("solid", fgColor="FFDDDDDD")
        if box or under:
            self._frame(r, c, w, h, under=under)
        self.gold.add(f, f"{self.page.title}!{get_column_letter(c)}{r}")

    def _frame(self, r: int, c: int, w: int, h: int, *, under: bool) -> None:
        for row in range(r, r + h):
            for column in range(c, c + w):
                self.page.cell(row, column).border = Border(
                    left=THIN if column == c and not under else None,
                    right=THIN if column == c + w - 1 and not under else None,
                    top=THIN if row == r and not under else None,
                    bottom=THIN if row == r + h - 1 else None,
                )

    def row(
        self, r: int, c: int, *pairs: tuple[str, int, Expected] | tuple[str, int], h: int = 1, fill: bool = False
    ) -> None:
        """Draw boxes side by side: (text, width in cells, expected field)."""
        for text, w, *rest in pairs:
            expected = rest[0] if rest else None
            self.put(r, c, text, w=w, h=h, f=expected, fill=fill and expected is None)
            c += w

    def save(self, path: Path) -> None:
        """Write the workbook and its gold."""
        self.book.save(path)
        self.gold.write(path.with_suffix(".json"))
