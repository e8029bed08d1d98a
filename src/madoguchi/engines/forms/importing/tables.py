"""Fields of a ruled table: which cell is a label, which a blank, and which label a blank belongs to.

Owns the reading of one ``Grid``: office areas, repeating rows, tables with labels on two sides, label beside blank.
Decides no types.
"""

from __future__ import annotations

import re

from madoguchi.engines.forms.importing.finding import OFFICE, STAMP, Found, LeftOut
from madoguchi.engines.forms.importing.inline import Ask, is_stamp, parse, without_stamp
from madoguchi.engines.forms.importing.lexicon import fold, says, tidy, type_of
from madoguchi.engines.forms.importing.paper import Cell, Grid

BLANK, FILL, LABEL, NOTE, STAMPED = "blank", "fill", "label", "note", "stamp"
_PREFILLED = re.compile(r"^(?:[ \u3000]{2,}\S|第[ \u3000]+|(?:令和|平成|昭和)[ \u3000]+年)")


class TableReader:
    """Reads one table; ``heading`` is the line that stands before it."""

    def __init__(self, grid: Grid, *, heading: str = "", marked: bool = False) -> None:
        self.grid, self.heading, self.marked = grid, heading, marked
        self.found: list[tuple[int, int, Found]] = []
        self.left_out: list[LeftOut] = []
        self.asks = {id(cell): parse(without_stamp(cell.text)) for cell in grid.cells}
        self.role = {id(cell): self._role(cell) for cell in grid.cells}
        self.used: set[int] = set()
        self._mend_roles()

    def read(self) -> list[Found]:
        """Return the fields of the table in reading order."""
        self._drop_office()
        self._headings()
        self._blocks()
        for cell in self.grid.cells:
            if id(cell) not in self.used and self.role[id(cell)] in {BLANK, FILL}:
                self._single(cell)
            elif id(cell) not in self.used and cell.inner:
                self._nested(cell, tidy(cell.text) or self.heading)
        return [item for _, _, item in sorted(self.found, key=lambda entry: entry[:2])]

    # --- roles ------------------------------------------------------------------------------------------------

    def _role(self, cell: Cell) -> str:
        text = cell.text
        if not text.strip(" \u3000\n"):
            return FILL if cell.control else BLANK
        if is_stamp(text):
            return BLANK if re.match(r"[ \u3000]{4,}", text) else STAMPED
        if (
            cell.control
            or self.asks[id(cell)]
            or _PREFILLED.match(text)
            or (says("content", text, below="bank") and "・" in text)
        ):
            return FILL
        if re.fullmatch(r"[0-9①-⑳()]+", fold(text)):
            return NOTE
        return NOTE if "。" in text and len(fold(text)) > 24 else LABEL

    def _mend_roles(self) -> None:
        """Take back cells that look like blanks only because a label has a bracket or is a unit or a city."""
        for cell in self.grid.cells:
            if self.role[id(cell)] != FILL or cell.control:
                continue
            left, right = self._left(cell), self._right(cell)
            open_right = right is not None and self.role[id(right)] in {BLANK, FILL}
            if any(
                ask.kind in {"number", "choice", "choices", "tick", "date"} and not ask.label
                for ask in self.asks[id(cell)]
            ):
                continue
            words = not re.match(r"[ \u3000□☐]", cell.text) and not re.search(r"[ \u3000]{2,}|[□☐＿]", cell.text)
            brackets = {ask.kind for ask in self.asks[id(cell)]} <= {"bracket", "blank"} and not re.match(
                r"[ \u3000(（]", cell.text
            )
            unlabelled = left is None or self.role[id(left)] != LABEL
            below = [c for c in self.grid.cells if c.row == cell.bottom and c.col == cell.col]
            open_below = bool(below) and self.role[id(below[0])] in {BLANK, FILL}
            if (
                unlabelled and (words or brackets) and self.asks[id(cell)] and (open_right or (open_below and brackets))
            ) or (fold(cell.text) == "〒" and open_right and unlabelled):
                self.role[id(cell)] = LABEL

        for cell in self.grid.cells:
            if self.role[id(cell)] == FILL and not cell.control and self._heads_column(cell):
                self.role[id(cell)] = LABEL

    def _heads_column(self, cell: Cell) -> bool:
        """Tell whether printed options (同居・別居) are the head of a column: labels beside, two blanks below."""
        options = any(ask.kind == "choice" for ask in self.asks[id(cell)])
        if not options or re.search(r"[ \u3000□☐＿]", cell.text):
            return False
        beside = [c for c in self.grid.cells if c.row == cell.row and c is not cell]
        below = [c for c in self.grid.cells if c.row >= cell.bottom and (c.col, c.cols) == (cell.col, cell.cols)]
        open_below = [c for c in below if self.role[id(c)] in {BLANK, FILL}]
        under = [c for c in self.grid.cells for b in beside if c.row == b.bottom and c.col == b.col]
        if any(self.role[id(c)] == LABEL for c in under):
            return False
        labels = sum(self.role[id(c)] == LABEL for c in beside)
        return labels >= 2 and labels >= len(beside) - 1 and len(open_below) >= 2 and len(open_below) == len(below)

    def _left(self, cell: Cell) -> Cell | None:
        near = [c for c in self.grid.cells if c.right == cell.col and c.row <= cell.row < c.bottom]
        return near[0] if near else None

    def _right(self, cell: Cell) -> Cell | None:
        near = [c for c in self.grid.cells if c.col == cell.right and c.row <= cell.row < c.bottom]
        return near[0] if near else None

    def _above(self, cell: Cell) -> Cell | None:
        near = [c for c in self.grid.cells if c.bottom == cell.row and c.col <= cell.col < c.right]
        return near[0] if near else None

    def _full(self, cell: Cell) -> bool:
        return cell.col == self.grid.left and cell.right == self.grid.right

    # --- office areas -----------------------------------------------------------------------------------------

    def _drop_office(self) -> None:
        cells = self.grid.cells
        hits = [c for c in cells if self.role[id(c)] != BLANK and len(fold(c.text)) <= 30 and self._office(c)]
        for hit in hits:
            if id(hit) in self.used:
                continue
            if self._full(hit):
                later = [c.row for c in cells if c.row >= hit.bottom and self._full(c) and self.role[id(c)] == LABEL]
                area = [c for c in cells if hit.row <= c.row < min(later, default=10**6)]
            elif self.grid.height <= 3 and not any(
                c for c in cells if c.row == hit.row and self.role[id(c)] in {BLANK, FILL}
            ):
                area = cells
            elif hit.col == self.grid.left or hit.rows > 1:
                area = [c for c in cells if c is hit or (hit.row <= c.row < hit.bottom and c.col >= hit.col)]
            elif self.role[id(self._right(hit) or hit)] in {BLANK, FILL}:
                area = [c for c in (hit, self._right(hit)) if c is not None]
            else:
                area = [
                    c for c in cells if c is hit or (c.col >= hit.col and c.right <= hit.right and c.row >= hit.row)
                ]
            self.used |= {id(c) for c in area}
            self.left_out.append(LeftOut(tidy(hit.text), str(hit.place), OFFICE))
        for cell in cells:
            if self.role[id(cell)] == STAMPED:
                self.used.add(id(cell))
                self.left_out.append(LeftOut(tidy(cell.text), str(cell.place), STAMP))

    def _office(self, cell: Cell) -> bool:
        if says("office", cell.text, below="strong"):
            return True
        if self.marked and re.match(r"[※＊*]", cell.text.strip()):
            return True
        if not says("office", cell.text, below="words"):
            return False
        return sum(says("office", c.text, below="words") for c in self.grid.cells) >= 2

    # --- repeating rows and two-sided tables -------------------------------------------------------------------

    def _headings(self) -> None:
        self.section_rows = sorted(
            (c.row, tidy(c.text)) for c in self.grid.cells
            if id(c) not in self.used and self._full(c) and self.role[id(c)] == LABEL
        )  # fmt: skip

    def _section_at(self, row: int) -> str:
        above = [text for r, text in self.section_rows if r < row]
        return above[-1] if above else self.heading

    def _blocks(self) -> None:
        for row in sorted({c.row for c in self.grid.cells}):
            header = [c for c in self.grid.cells if c.row == row and id(c) not in self.used]
            side = [c for c in header if c.rows > 1 and self.role[id(c)] == LABEL and not self._full(c)]
            header = [c for c in header if c not in side]
            labels = [c for c in header if self.role[id(c)] == LABEL]
            odd = [c for c in header if self.role[id(c)] != LABEL]
            if len(labels) < 2 or len(odd) > 1 or (odd and (self.role[id(odd[0])] != BLANK or odd[0] is not header[0])):
                continue
            body = self._body(header, row)
            if body:
                self._block(header, body, side)

    def _body(self, header: list[Cell], row: int) -> list[list[Cell]]:
        """Return the rows below a header that repeat its columns with blanks."""
        columns = [(c.col, c.right) for c in header]
        rows: list[list[Cell]] = []
        bottom = max(c.bottom for c in header)
        while True:
            line = [c for c in self.grid.cells if c.row == bottom and id(c) not in self.used
                    and columns[0][0] <= c.col < columns[-1][1]]  # fmt: skip
            if [(c.col, c.right) for c in line] != columns:
                break
            roles = [self.role[id(c)] for c in line[1:]]
            printed = [c for c, role in zip(line[1:], roles, strict=True) if role not in {BLANK, FILL}]
            if len(printed) > 1 or (printed and (len(line) < 4 or len(fold(printed[0].text)) > 4)):
                break
            rows.append(line)
            bottom = max(c.bottom for c in line)
        return rows

    def _block(self, header: list[Cell], body: list[list[Cell]], side: list[Cell]) -> None:
        firsts = [line[0] for line in body]
        numbers = all(re.fullmatch(r"[0-9①-⑳()]+", fold(c.text)) for c in firsts)
        titled = not numbers and all(self.role[id(c)] == LABEL for c in firsts)
        if not titled and not numbers and not all(self.role[id(c)] in {BLANK, FILL} for c in firsts):
            body = [line for line in body if self.role[id(line[0])] in {BLANK, FILL}]
            if not body:
                return
        if titled and len(header) < 3 and self.role[id(header[0])] == LABEL:
            return
        self.used |= {id(c) for c in header} | {id(c) for line in body for c in line} | {id(c) for c in side}
        section = tidy(side[0].text.replace("\n", "")) if side else self._section_at(header[0].row)
        if titled:
            self._two_sided(header, body, section)
            return
        shown = [i for i, c in enumerate(header) if self.role[id(c)] == LABEL and not (numbers and i == 0)]
        if len(body) == 1:
            for i in shown:
                self._emit(body[0][i], tidy(header[i].text), section, how="above")
            return
        self._group(header, body, section, shown)

    def _two_sided(self, header: list[Cell], body: list[list[Cell]], section: str) -> None:
        for line in body:
            for head, cell in zip(header[1:], line[1:], strict=True):
                column = re.sub(r"[(（].*", "", tidy(head.text)).strip()
                self._emit(cell, f"{column}の{tidy(line[0].text)}", section, how="above")

    def _group(self, header: list[Cell], body: list[list[Cell]], section: str, shown: list[int]) -> None:
        start = len(self.found)
        for i in shown:
            label = tidy(header[i].text)
            self._emit(body[0][i], label, "", how="above", printed_label=header[i].text)
        children = [item for _, _, item in self.found[start:]]
        del self.found[start:]
        first = body[0][shown[0]]
        title = re.sub(r"[(（].*", "", section).strip() or "一覧"
        group = Found(title, [first.place], section=section, children=children, rows=len(body), how="heading")
        self.found.append((first.row, first.col, group))

    # --- one label, one blank ---------------------------------------------------------------------------------

    def _single(self, cell: Cell) -> None:
        label, how = self._label_of(cell)
        text = cell.text.strip(" \u3000\n")
        if label is None:
            if self._continuation(cell):
                return
            own = any(ask.label for ask in self.asks[id(cell)]) or self._full(cell) or bool(cell.inner)
            if not own and (self.role[id(cell)] == BLANK or not text):
                return
            section = self._section_at(cell.row)
            self._emit(cell, section if self._full(cell) or len(self.grid.cells) == 1 else "", section, how="heading")
            return
        self._emit(
            cell,
            tidy(label.text.replace("\n", " ") if how != "left" else _joined(label.text)),
            self._section_of(label),
            how=how,
            printed_label=label.text,
        )

    def _continuation(self, cell: Cell) -> bool:
        """Tell whether an empty cell only continues the label above it (cells that nobody merged)."""
        above, right = self._above(cell), self._right(cell)
        return (
            self.role[id(cell)] == BLANK and above is not None and right is not None
            and self.role[id(above)] == LABEL and self.role[id(right)] == LABEL and above.col == cell.col
        )  # fmt: skip

    def _label_of(self, cell: Cell) -> tuple[Cell | None, str]:
        near = [
            c for c in self.grid.cells
            if c.right <= cell.col and c.row <= cell.row < c.bottom and id(c) not in self.used
        ]  # fmt: skip
        near.sort(key=lambda c: -c.right)
        if near and self.role[id(near[0])] == LABEL and near[0].right == cell.col:
            section_only = near[0].rows > cell.rows and any(
                self.role[id(c)] == LABEL and c.col == near[0].right and near[0].row <= c.row < near[0].bottom
                for c in self.grid.cells
            )
            if not section_only:
                return near[0], "left"
        above = self._above(cell)
        if (
            above is not None
            and self.role[id(above)] == LABEL
            and id(above) not in self.used
            and not self._continuation(cell)
        ):
            return above, "above"
        if near and self.role[id(near[0])] in {BLANK, FILL} and self.asks[id(cell)]:
            for c in near:
                if self.role[id(c)] == LABEL:
                    return c, "left"
        return None, ""

    def _section_of(self, label: Cell) -> str:
        sides = [
            c for c in self.grid.cells
            if c.right <= label.col and c.row <= label.row < c.bottom and c.rows > label.rows
            and self.role[id(c)] == LABEL
        ]  # fmt: skip
        if sides:
            return tidy(_joined(max(sides, key=lambda c: c.right).text))
        return self._section_at(label.row)

    def _emit(self, cell: Cell, label: str, section: str, *, how: str, printed_label: str = "") -> None:
        self.used.add(id(cell))
        if cell.inner:
            self._nested(cell, label)
            if not cell.text.strip(" \u3000\n"):
                return
        asks: list[Ask | None] = list(self.asks[id(cell)]) or [None]
        main = next((ask for ask in asks if ask is not None and ask.kind in {"choice", "choices", "tick"}), None)
        for ask in asks:
            extra = main is not None and ask is not None and ask is not main and ask.kind in {"bracket", "number"}
            own = ask.label if ask is not None else ""
            if label and own and (own.startswith("（") or extra):
                own = f"{label}{own if own.startswith('（') else f'（{own}）'}"
            joined = own or label
            places = bool(own) and type_of(own) is None and says("sublabels", own)
            if (
                own
                and label
                and not extra
                and ask is not main
                and (places or type_of(own) is not None)
                and own not in label
            ):
                joined = f"{label}（{own}）" if len(own) <= 4 else own
            if main is not None and ask is main and label:
                joined = label
            self.found.append((cell.row, cell.col, Found(
                joined, [cell.place], ask, section, cell.text, "inside" if own and not label else how, cell.lines,
                cell.control, cell.options, cell.boxes, extra=extra,
            )))  # fmt: skip
            if (
                printed_label
                and says("multiple", printed_label)
                and ask is main
                and ask is not None
                and ask.kind == "choice"
            ):
                ask.kind = "choices"

    def _nested(self, cell: Cell, label: str) -> None:
        self.used.add(id(cell))
        for grid in cell.inner:
            reader = TableReader(grid, heading=label, marked=self.marked)
            self.found += [(cell.row, cell.col, item) for item in reader.read()]
            self.left_out += reader.left_out


def _joined(text: str) -> str:
    """Join a label written downwards, one character a line."""
    parts = [part.strip(" \u3000") for part in text.split("\n")]
    return "".join(parts) if all(len(part) <= 1 for part in parts) else text.replace("\n", " ")
