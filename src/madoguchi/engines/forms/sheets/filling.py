"""A sheet and the answers of a form together, as the plain data that the template draws.

Owns the arithmetic of the table (widths, spans), what goes onto the continuation sheet (別紙) and the rule that every
visible answer is printed somewhere: what has no place in the layout stands on the 別紙.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.engines.forms.compiler import CompiledField, CompiledForm
from madoguchi.engines.forms.evaluation import Evaluation
from madoguchi.engines.forms.sheets.schema import MARGIN_MM, PAPERS, UNITS, Block, Box, Cell, Rows, SheetDefinition
from madoguchi.engines.forms.sheets.values import Piece, Reader, piece_of, plain_lines
from madoguchi.kernel.calendar import wareki, wareki_parts

INSET_MM = 1.6


@dataclass(frozen=True, slots=True)
class Stamp:
    """The mark of receipt (収受印): number, day and way of receipt."""

    number: str
    received_on: dt.date
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """The answers to lay over a sheet; ``evaluation`` None leaves it blank."""

    form: CompiledForm
    evaluation: Evaluation | None = None
    filed_on: dt.date | None = None
    stamp: Stamp | None = None
    reader: Reader = field(default_factory=Reader)
    label: str = ""
    """What the paper says of itself at the foot, such as 控え."""


def sheet_data(sheet: SheetDefinition, filling: Filling) -> dict[str, Any]:
    """Return the data of one paper for ``sheet.typ``."""
    values = _Values(filling)
    width, height = PAPERS[sheet.paper]
    return {
        "number": sheet.number,
        "title": sheet.title,
        "to": sheet.to,
        "basis": sheet.basis,
        "sample": sheet.sample,
        "label": filling.label,
        "paper": {"w": width, "h": height, "margin": MARGIN_MM, "unit": _unit_mm(sheet)},
        "filed": _filed(filling.filed_on),
        "applicant": [_applicant_cell(cell, values) for cell in sheet.applicant],
        "intro": sheet.intro,
        "rows": [row for block in sheet.blocks for row in _block_rows(block, values, sheet)],
        "boxes": [found for box in sheet.boxes if (found := _box(box, values))],
        "grounds": sheet.background,
        "stamp_box": sheet.stamp.model_dump() if sheet.stamp else None,
        "stamp": _stamp(filling.stamp),
        "office": sheet.office,
        "notes": sheet.notes,
        "annex": [*_more_rows(sheet, values), *_unplaced(sheet, values)],
    }


def _unit_mm(sheet: SheetDefinition) -> float:
    return (PAPERS[sheet.paper][0] - 2 * MARGIN_MM) / UNITS


def _filed(day: dt.date | None) -> list[str]:
    if day is None:
        return ["", "", "", ""]
    era, year, month, date = wareki_parts(day)
    return [era, "元" if year == 1 else str(year), str(month), str(date)]


def _stamp(stamp: Stamp | None) -> dict[str, str] | None:
    if stamp is None:
        return None
    return {"number": stamp.number, "day": wareki(stamp.received_on), "channel": stamp.channel}


class _Values:
    """The answers by question, as pieces; what is not visible counts as not answered."""

    def __init__(self, filling: Filling) -> None:
        self.form, self.reader = filling.form, filling.reader
        found = filling.evaluation
        self.visible = found.visible if found else set()
        self.scope: Mapping[str, Any] = found.scope if found else {}

    def value(self, name: str) -> Any:
        if name not in self.visible:
            return None
        return self.scope.get(name, self.scope.get(f"@raw:{name}"))

    def pieces(self, cell: Cell) -> list[Piece]:
        """Return the answers of a cell; a question that this version of the form does not have is left out."""
        every = cell.options == "all"
        return [
            {
                **piece_of(item, self.value(name), self.reader, all_options=every, number=cell.number),
                "name": _label(item),
            }
            for name in cell.shown
            if (item := self.form.fields.get(name)) is not None
        ]

    def rows(self, group: CompiledField) -> list[Mapping[str, Any]]:
        value = self.value(group.id)
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _label(item: CompiledField) -> str:
    return item.fd.label.get("ja")


def _applicant_cell(cell: Cell, values: _Values) -> dict[str, Any]:
    return {"label": cell.label, "pieces": values.pieces(cell), "text": cell.text}


def _block_rows(block: Block, values: _Values, sheet: SheetDefinition) -> list[dict[str, Any]]:
    """Return the rows of a block as lists of cells with spans; the heading spans all of them."""
    if block.rows is not None:
        rows = _table_rows(block.rows, values, sheet)
    else:
        rows = [
            {"h": line.height, "cells": _line_cells(line.cells, block.inner_units, values, sheet)}
            for line in block.lines
        ]
    if block.heading:
        head = {
            "kind": "label",
            "text": block.heading,
            "span": block.heading_units,
            "rowspan": len(rows),
            "center": True,
        }
        rows[0]["cells"].insert(0, head)
    return rows


def _line_cells(cells: list[Cell], units: int, values: _Values, sheet: SheetDefinition) -> list[dict[str, Any]]:
    """Return label and answer cells; widths that are not given share what is left, the last takes the rest."""
    left = units - sum((cell.label_units if cell.label else 0) + (cell.units or 0) for cell in cells)
    open_cells = [cell for cell in cells if cell.units is None]
    share = left // len(open_cells) if open_cells else 0
    found: list[dict[str, Any]] = []
    for cell in cells:
        if cell.label:
            found.append({"kind": "label", "text": cell.label, "span": cell.label_units, "rowspan": 1})
        width = cell.units
        if width is None:
            width = left - share * (len(open_cells) - 1) if cell is open_cells[-1] else share
        elif not open_cells and cell is cells[-1]:
            width += left
        found.append(_answer_cell(cell.label, values.pieces(cell), cell.text, width, sheet))
    return found


def _answer_cell(label: str, pieces: list[Piece], text: str, units: int, sheet: SheetDefinition) -> dict[str, Any]:
    width = units * _unit_mm(sheet) - 2 * INSET_MM
    return {"kind": "answer", "label": label, "pieces": pieces, "text": text, "span": units, "rowspan": 1, "w": width}


def _table_rows(rows: Rows, values: _Values, sheet: SheetDefinition) -> list[dict[str, Any]]:
    group = values.form.fields.get(rows.group)
    given = values.rows(group)[: rows.count] if group is not None else []
    head: list[dict[str, Any]] = [{"kind": "label", "text": "", "span": 1, "rowspan": 1, "center": True}]
    head += [
        {"kind": "label", "text": column.label, "span": column.units, "rowspan": 1, "center": True}
        for column in rows.columns
    ]
    found = [{"h": 7, "cells": head}]
    for index in range(rows.count):
        row = given[index] if index < len(given) else {}
        cells: list[dict[str, Any]] = [
            {"kind": "label", "text": str(index + 1), "span": 1, "rowspan": 1, "center": True}
        ]
        for column in rows.columns:
            label = f"{_row_name(group)}{index + 1}　{column.label}"
            piece = {"kind": "text", "lines": _row_lines(group, column.field, row, values), "name": label}
            cells.append(_answer_cell(label, [piece], "", column.units, sheet))
        found.append({"h": rows.height, "cells": cells})
    return found


def _row_name(group: CompiledField | None) -> str:
    return group.fd.repeat.item.get("ja") if group is not None and group.fd.repeat else ""


def _row_lines(group: CompiledField | None, name: str, row: Mapping[str, Any], values: _Values) -> list[str]:
    child = next((item for item in group.children if item.id == name), None) if group is not None else None
    return plain_lines(child, row.get(name), values.reader) if child is not None else []


def _box(box: Box, values: _Values) -> dict[str, Any] | None:
    item, value = values.form.fields.get(box.field), values.value(box.field)
    if item is None:
        return None
    text = _boxed_text(box, item, value, values.reader)
    place = {key: getattr(box, key) for key in ("page", "x", "y", "w", "h", "size", "align")}
    return {**place, "text": text, "label": _label(item)} if text else None


def _boxed_text(box: Box, item: CompiledField, value: Any, reader: Reader) -> str:
    if box.option is not None:
        chosen = value if isinstance(value, list) else ["yes" if value is True else "no" if value is False else value]
        return "✓" if value is not None and box.option in chosen else ""
    if box.part is None:
        return "\n".join(plain_lines(item, value, reader))
    piece = piece_of(item, value, reader)
    found = piece.get(box.part) if piece["kind"] in {"date", "account"} else None
    if found is None and isinstance(value, Mapping):
        found = value.get(box.part)
    return "".join(found) if isinstance(found, list) else str(found or "")


def _more_rows(sheet: SheetDefinition, values: _Values) -> list[dict[str, Any]]:
    """Return the tables of the 別紙: rows beyond the ruled lines, and what the columns do not show."""
    found = []
    for rows in (block.rows for block in sheet.blocks if block.rows):
        group = values.form.fields.get(rows.group)
        if group is None:
            continue
        columns = {column.field for column in rows.columns}
        more = []
        for index, row in enumerate(values.rows(group)):
            for child in group.children:
                beyond = index >= rows.count or child.id not in columns
                if child.kind.asks and beyond and (lines := plain_lines(child, row.get(child.id), values.reader)):
                    more.append({"label": f"{_row_name(group)}{index + 1}　{_label(child)}", "lines": lines})
        if more:
            found.append({"title": f"{_label(group)}（続き）", "rows": more})
    return found


def _unplaced(sheet: SheetDefinition, values: _Values) -> list[dict[str, Any]]:
    """Return the answers that have no place in the layout, as a table of the 別紙."""
    placed, rows = sheet.placed(), []
    for item in values.form.fields.values():
        if (
            item.id in placed
            or item.id not in values.visible
            or (item.group and values.form.fields[item.group].repeats)
        ):
            continue
        if item.repeats:
            rows += _listed_rows(item, values)
        elif item.kind.asks or item.fd.type == "computed":
            value = values.value(item.id)
            lines = plain_lines(item, value, values.reader) if value is not None else []
            rows += [{"label": _label(item), "lines": lines}] if lines else []
    return [{"title": "そのほかの記載事項", "rows": rows}] if rows else []


def _listed_rows(group: CompiledField, values: _Values) -> list[dict[str, Any]]:
    return [
        {"label": f"{_row_name(group)}{index + 1}　{_label(child)}", "lines": lines}
        for index, row in enumerate(values.rows(group))
        for child in group.children
        if child.kind.asks and (lines := plain_lines(child, row.get(child.id), values.reader))
    ]
