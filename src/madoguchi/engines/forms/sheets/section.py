"""The sections ``sheets`` and ``sheet_papers`` of the municipality folder: layouts and the blank papers they lie on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from madoguchi.engines.forms.compiler import CompileError, compile_form
from madoguchi.engines.forms.sheets.checks import check_sheet
from madoguchi.engines.forms.sheets.schema import Background, SheetDefinition
from madoguchi.kernel.folder import Fault, Folder, Section, plain, register_section


def _check(folder: Folder) -> Iterator[Fault]:
    forms = {entry.value.id: entry.value for entry in folder.of("forms")}
    papers = {Path(entry.document.file).name for entry in folder.of("sheet_papers")}
    for entry in folder.of("sheets"):
        sheet: SheetDefinition = entry.value
        if sheet.id != Path(entry.document.file).stem:
            yield entry.fault(("id",), f"id「{sheet.id}」とファイル名が違います", "どちらかを合わせてください")
        for name in sheet.background:
            if name not in papers:
                yield entry.fault(
                    ("background",), f"白紙の様式「{name}」がありません", "sheets/ に SVG を置いてください"
                )
        definition = forms.get(sheet.id)
        if definition is None:
            yield entry.fault(("id",), f"様式「{sheet.id}」がありません", "forms/ にある様式の id にしてください")
            continue
        try:
            form = compile_form(definition)
        except CompileError:
            continue  # the form's own check says it
        for fault in check_sheet(sheet, form):
            yield entry.fault(fault.path, fault.message, fault.mend)


def _items(value: Any, stem: str) -> Iterator[tuple[str, Any]]:
    yield value.id, plain(value)


def register() -> None:
    """Register both sections; they come after the forms."""
    register_section(
        Section("sheet_papers", "sheets/*.svg", Background, kind="binary", order=31),
    )
    register_section(
        Section(
            "sheets",
            "sheets/*.yaml",
            SheetDefinition,
            order=32,
            check=_check,
            items=_items,
            counts=lambda folder: {"sheets": len(folder.of("sheets"))},
        )
    )
