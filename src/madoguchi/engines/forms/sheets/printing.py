"""A form on paper: is there a 様式, and its PDF — blank or with answers, one or several at once.

Owns no permission: the room that asks has decided who reads and says so by the ``Reader``; opening a 個人番号 is audited there.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from madoguchi.engines.forms.selectors import compiled_version, version_in_force
from madoguchi.engines.forms.sheets.filling import Filling, sheet_data
from madoguchi.engines.forms.sheets.schema import SheetDefinition
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.errors import NotFound

TEMPLATE = Path(__file__).parent / "sheet.typ"


@municipality.per_generation
def _sheets() -> dict[str, SheetDefinition]:
    rows = municipality.current().section("sheets")
    return {row["id"]: SheetDefinition.model_validate(row) for row in rows}


def sheet_of(form_id: str) -> SheetDefinition | None:
    """Return the 様式 of a form, None when it has none (no SQL once the folder is read)."""
    return _sheets().get(form_id)


def sheets_pdf(fillings: Sequence[Filling], *, at: dt.datetime) -> bytes:
    """Return the papers of the fillings as one PDF/UA-1. Raises NotFound when none of the forms has a 様式."""
    papers: list[dict[str, Any]] = []
    grounds: dict[str, str] = {}
    for filling in fillings:
        sheet = sheet_of(filling.form.definition.id)
        if sheet is None:
            continue
        papers.append(sheet_data(sheet, filling))
        grounds |= {name: _grounds()[name] for name in sheet.background}
    if not papers:
        raise NotFound("この手続には、印刷する様式がありません。", code="forms.no_sheet")
    from madoguchi.kernel.documents import render_pdf  # typst is heavy: only the process that prints loads it

    title = papers[0]["title"] if len(papers) == 1 else f"様式（{len(papers)}件）"
    ward = municipality.current().name.get("ja")
    data = {"title": title, "municipality": ward, "papers": papers, "backgrounds": grounds}
    return render_pdf(TEMPLATE, data, at=at)


def blank_sheet_pdf(form_id: str, *, at: dt.datetime) -> bytes:
    """Return the blank 様式 of a form for the counter. Raises NotFound."""
    return sheets_pdf([Filling(compiled_version(version_in_force(form_id, clock.local(at).date())))], at=at)


@municipality.per_generation
def _grounds() -> dict[str, str]:
    """Return the blank papers of the folder as SVG text, by name."""
    rows = municipality.current().section("sheet_papers")
    return {row["name"]: base64.b64decode(row["base64"]).decode() for row in rows}
