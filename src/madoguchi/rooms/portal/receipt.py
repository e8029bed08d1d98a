"""The receipt (受付控え) as a PDF: number, day of receipt, promised date, code for the status page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from madoguchi.engines.casework.api import Bundle, Case, status_of
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import DepartmentInfo
from madoguchi.rooms.portal.services import bundle_url, status_url
from madoguchi.rooms.portal.together.pages import receipt_facts


def receipt_document(case: Case, *, code: str, department: DepartmentInfo, lang: str) -> bytes:
    """Return the receipt of a case as a tagged PDF."""
    from madoguchi.kernel.documents import qr_svg, render_pdf  # typst is heavy: only the process that prints loads it

    view, ward = status_of(case), municipality.current()
    received = clock.local(case.received_at)

    def fact(key: str, value: str) -> dict[str, str]:
        return {"label": text(f"portal.done.{key}", lang), "value": value}

    promised = day_in_words(view.promised_on, lang) if view.promised_on else text("portal.done.no_promise", lang)
    data = {
        "title": text("portal.done.receipt_title", lang),
        "municipality": ward.name.get(lang),
        "number": case.number,
        "received_on": day_in_words(received.date(), lang),
        "received_time": f"{received:%H時%M分}" if lang in {"ja", "easy"} else f"{received:%H:%M}",
        "procedure": case.procedure_title,
        "facts": [
            fact("applicant", case.applicant_name or "―"),
            fact("received_on", day_in_words(case.received_on, lang)),
            fact("promised", promised),
            fact("code", code),
        ],
        "sections": [],
        "next": [part.get(lang) for part in (view.public, view.next) if part],
        "contact": [fact("contact", f"{department.name}　{department.phone}".strip())],
        "notes": [text("portal.done.keep", lang), *([ward.text("disclaimer").get(lang)] if ward.sample else [])],
        "qr": qr_svg(status_url(case)),
        "qr_text": text("portal.done.status", lang),
        "sample": ward.sample,
    }
    return render_pdf("receipt", data, at=case.received_at)


def bundle_receipt(bundle: Bundle, cases: Iterable[Case], *, code: str, lang: str) -> bytes:
    """Return the one receipt of what was handed in together as a tagged PDF: its number and code, each case's number."""
    from madoguchi.kernel.documents import qr_svg, render_pdf

    ward, received, listed = municipality.current(), clock.local(bundle.received_at), list(cases)
    names = dict.fromkeys(case.applicant_name for case in listed if case.applicant_name)
    data: dict[str, Any] = {
        "title": text("portal.together.receipt_title", lang),
        "municipality": ward.name.get(lang),
        "number": bundle.number,
        "received_on": day_in_words(received.date(), lang),
        "received_time": f"{received:%H時%M分}" if lang in {"ja", "easy"} else f"{received:%H:%M}",
        "procedure": bundle.title,
        "facts": [
            {"label": text("portal.done.applicant", lang), "value": "、".join(names) or "―"},
            {"label": text("portal.done.code", lang), "value": code},
        ],
        "sections": [
            {"title": text("portal.together.cases", lang), "rows": receipt_facts(listed)},
        ],
        "next": [],
        "contact": [],
        "notes": [text("portal.done.keep", lang), *([ward.text("disclaimer").get(lang)] if ward.sample else [])],
        "qr": qr_svg(bundle_url(bundle)),
        "qr_text": text("portal.done.status", lang),
        "sample": ward.sample,
    }
    return render_pdf("receipt", data, at=bundle.received_at)
