"""Building the file of an export: JSON and CSV of every data class, the files themselves, and an index to read (HTML and PDF).

Owns the shape of the ZIP. What a class gives out is the class's own decision (sealed numbers are never opened).
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.calendar import wareki
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.csv_files import to_csv
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.retention import Holding, data_classes

from .models import DataExport
from .person import whole_holding

TEMPLATE = Path(__file__).parent / "paper" / "index.typ"


def build_export(export_id: str, *, at: datetime) -> None:
    """Make and store the ZIP of an export; one that is made already, or gone, is left alone."""
    export = DataExport.objects.filter(pk=export_id, ready_at=None).first()
    if export is None:
        return
    holding = whole_holding(f"resident:{export.account_id}")
    body, rows = _archive(holding, at)
    export.stored = default_storage.save(f"exports/{export.id}.zip", ContentFile(body))
    export.size, export.ready_at = len(body), at
    export.save(update_fields=["stored", "size", "ready_at"])
    payload = {"export": export.id, "rows": rows}
    record(actor=SYSTEM, action="retention.export_ready", subject=holding.account, payload=payload, at=at)


def _archive(holding: Holding, at: datetime) -> tuple[bytes, int]:
    out = io.BytesIO()
    sections: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for item in sorted(data_classes.all(), key=lambda one: one.order):
            rows = item.export(holding)
            if not rows:
                continue
            package.writestr(f"data/{item.id}.json", json.dumps(rows, ensure_ascii=False, indent=2))
            heads = list(dict.fromkeys(key for row in rows for key in row))
            cells = [[_cell(row.get(head)) for head in heads] for row in rows]
            package.writestr(f"data/{item.id}.csv", to_csv(heads, cells).encode())
            sections.append({"id": item.id, "title": item.title, "heads": heads, "rows": cells})
            for file in item.files(holding):
                package.writestr(f"files/{file.name}", file.read())
        context = {
            "sections": sections,
            "made_on": wareki(at.astimezone(TOKYO).date()),
            "ward": municipality.current().name.get("ja"),
        }
        package.writestr("index.html", render_to_string("records/export_index.html", context))
        package.writestr("index.pdf", _paper(context, at))
    return out.getvalue(), sum(len(section["rows"]) for section in sections)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _paper(context: dict[str, Any], at: datetime) -> bytes:
    """Print what the archive holds, class by class, as a tagged PDF."""
    from madoguchi.kernel.documents import render_pdf  # typst is heavy: only the process that prints loads it

    data = {
        "title": "あなたの記録の一覧",
        "ward": context["ward"],
        "made_on": context["made_on"],
        "sections": [
            {
                "title": section["title"],
                "rows": [list(zip(section["heads"], row, strict=True)) for row in section["rows"]],
            }
            for section in context["sections"]
        ],
    }
    return render_pdf(TEMPLATE, data, at=at)


def open_export(export_id: Any, *, actor: Actor, at: datetime) -> tuple[DataExport, File[bytes]]:
    """Return an export with its bytes open, to who asked for it or to the resident; audited. Raises NotFound."""
    export = DataExport.objects.filter(pk=export_id, expires_at__gt=at).exclude(ready_at=None).first()
    if export is None or not export.stored or actor.ref not in {export.asked_by_ref, f"resident:{export.account_id}"}:
        raise NotFound(
            "この書き出しは見つかりません。",
            code="records.no_export",
            mend="期限が過ぎたときは、もう一度作ってください。",
        )
    subject = f"resident:{export.account_id}"
    record(actor=actor, action="retention.open_export", subject=subject, payload={"export": export.id}, at=at)
    return export, default_storage.open(export.stored, "rb")


def remove_expired_exports(*, at: datetime) -> int:
    """Delete the files of exports past their day; the rows stay as a record. Returns how many."""
    count = 0
    for export in DataExport.objects.filter(expires_at__lte=at).exclude(stored=""):
        default_storage.delete(export.stored)
        DataExport.objects.filter(pk=export.pk).update(stored="")
        count += 1
    return count
