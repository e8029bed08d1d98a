"""What can be wrong with a sheet beyond its shape: unknown questions, boxes off the paper or over one another.

Pure: no Django. The registration with the folder is in ``section``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from madoguchi.engines.forms.compiler import CompiledField, CompiledForm
from madoguchi.engines.forms.sheets.schema import PAPERS, Block, Box, SheetDefinition
from madoguchi.engines.forms.types.choices import options_of

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Something wrong at a path of the sheet."""

    path: Path
    message: str
    mend: str


def check_sheet(sheet: SheetDefinition, form: CompiledForm) -> Iterator[SheetFault]:
    """Yield every fault of a sheet against the form it prints."""
    for i, cell in enumerate(sheet.applicant):
        for name in cell.shown:
            yield from _known(name, form, ("applicant", i))
    for i, block in enumerate(sheet.blocks):
        yield from _check_block(block, form, ("blocks", i))
    for i, box in enumerate(sheet.boxes):
        yield from _check_box(box, sheet, form, ("boxes", i))
    for (_, one), (j, other) in itertools.combinations(enumerate(sheet.boxes), 2):
        if _overlap(one, other):
            yield SheetFault(
                ("boxes", j),
                f"「{one.field}」の欄と「{other.field}」の欄が重なっています",
                "x・y・w・h を直してください",
            )


def _known(name: str, form: CompiledForm, path: Path) -> Iterator[SheetFault]:
    item = form.fields.get(name)
    if item is None or item.fd.type == "note":
        yield SheetFault(path, f"様式に「{name}」という質問はありません", "forms/ の質問の id を確かめてください")
    elif item.repeats or item.children or _in_rows(item, form):
        yield SheetFault(
            path, f"「{name}」はここに置けません", "繰り返しは rows に、まとまりは中の質問を書いてください"
        )


def _in_rows(item: CompiledField, form: CompiledForm) -> bool:
    return item.group is not None and form.fields[item.group].repeats


def _check_block(block: Block, form: CompiledForm, path: Path) -> Iterator[SheetFault]:
    for i, line in enumerate(block.lines):
        fixed = sum(cell.label_units if cell.label else 0 for cell in line.cells)
        fixed += sum(cell.units or 1 for cell in line.cells)
        if fixed > block.inner_units:
            yield SheetFault(
                (*path, "lines", i),
                f"幅の合計が {block.inner_units} を超えています（{fixed}）",
                "units と label_units を小さくしてください",
            )
        for j, cell in enumerate(line.cells):
            for name in cell.shown:
                yield from _known(name, form, (*path, "lines", i, *(("cells", j) if len(line.cells) > 1 else ())))
    if block.rows is None:
        return
    group = form.fields.get(block.rows.group)
    if group is None or not group.repeats:
        yield SheetFault(
            (*path, "rows", "group"),
            f"様式に「{block.rows.group}」という繰り返しはありません",
            "repeat のある group の id にしてください",
        )
        return
    children = {child.id for child in group.children}
    for i, column in enumerate(block.rows.columns):
        if column.field not in children:
            yield SheetFault(
                (*path, "rows", "columns", i, "field"),
                f"「{group.id}」の中に「{column.field}」はありません",
                "中の質問の id にしてください",
            )
    if (total := sum(column.units for column in block.rows.columns) + 1) != block.inner_units:
        yield SheetFault(
            (*path, "rows", "columns"),
            f"列の幅の合計（番号の欄の 1 を含む）が {total} です",
            f"合計を {block.inner_units} にしてください",
        )


def _check_box(box: Box, sheet: SheetDefinition, form: CompiledForm, path: Path) -> Iterator[SheetFault]:
    yield from _known(box.field, form, path)
    width, height = PAPERS[sheet.paper]
    if box.x + box.w > width or box.y + box.h > height:
        yield SheetFault(path, f"「{box.field}」の欄が用紙からはみ出しています", f"{width}×{height}mm に収めてください")
    item = form.fields.get(box.field)
    if box.option is not None and item is not None:
        known = {option.value for option in options_of(item.fd)} or {"yes", "no"}
        if box.option not in known:
            yield SheetFault(
                (*path, "option"),
                f"「{box.field}」に「{box.option}」という選択肢はありません",
                f"次のどれかにしてください: {', '.join(sorted(known))}",
            )


def _overlap(one: Box, other: Box) -> bool:
    if one.page != other.page:
        return False
    apart = one.x + one.w <= other.x or other.x + other.w <= one.x
    return not (apart or one.y + one.h <= other.y or other.y + other.h <= one.y)
