"""The receipt (受付控え) as a PDF: number, day of receipt, promised date, code for the status page."""

from __future__ import annotations

from madoguchi.engines.casework.api import Case, status_of
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.calendar import wareki
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import DepartmentInfo


def receipt_document(case: Case, *, code: str, department: DepartmentInfo, lang: str) -> bytes:
    """Return the receipt of a case as a tagged PDF."""
    view, ward = status_of(case), municipality.current()
    received = clock.local(case.received_at)

    def row(key: str, value: str) -> dict[str, str]:
        return {"label": text(f"portal.done.{key}", lang), "value": value}

    rows = [
        row("procedure", case.procedure_title),
        row("applicant", case.applicant_name or "―"),
        row("received_at", f"{wareki(received.date())} {received:%H:%M}"),
        row("received_on", wareki(case.received_on)),
        row("promised", wareki(view.promised_on) if view.promised_on else text("portal.done.no_promise", lang)),
        row("code", code),
        row("contact", f"{department.name} {department.phone}".strip()),
    ]
    data = {
        "title": text("portal.done.receipt_title", lang),
        "ward": ward.name.get(lang),
        "office": ward.text("office").get(lang),
        "number": case.number,
        "number_label": text("portal.done.number", lang),
        "rows": rows,
        "note": text("portal.done.keep", lang),
        "sample": ward.text("disclaimer").get(lang) if ward.sample else "",
        "lang": "en" if lang == "en" else "ja",
    }
    from madoguchi.kernel.documents import render_pdf  # typst is heavy: only the process that prints loads it

    return render_pdf("receipt.typ", data)
