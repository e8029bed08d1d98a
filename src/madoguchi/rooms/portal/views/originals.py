"""The sheet to paste on the envelope of papers that go by post: where to, the receipt number as QR, what belongs inside."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.engines.casework.api import Case
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import public
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import to_text
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import get_department
from madoguchi.rooms.portal import access

TEMPLATE = Path(__file__).parents[1] / "paper" / "label.typ"


def post_address(case: Case) -> list[str]:
    """Return where papers of a case are posted, line by line, as it is written on an envelope in Japan."""
    ward = municipality.current()
    address = ward.data.get("address")
    lines = [to_text(address).get("ja")] if address else []
    return [*lines, f"{ward.name.get('ja')}　{get_department(case.section).name}　行"]


@public(reason="受付番号と照会コードを知る人だけが開ける")
@require_safe
def label(request: HttpRequest, number: str) -> HttpResponse:
    """Give the sheet as PDF. Raises NotFound when no paper is awaited by post."""
    from madoguchi.kernel.documents import qr_svg, render_pdf  # typst is heavy: only the process that prints loads it

    case, lang = access.get_case(request, number), lang_of(request)
    awaited = [item for item in case.originals.all() if item.is_awaited]
    if not awaited:
        raise NotFound("郵送を待っている書類はありません。", code="portal.no_originals")
    data = {
        "title": text("portal.originals.label", lang),
        "to": post_address(case),
        "number": case.number,
        "qr": qr_svg(case.number),
        "papers": [
            {"title": to_text(item.title).get(lang), "due": day_in_words(item.due_on, lang)} for item in awaited
        ],
        "note": text("portal.originals.paste", lang),
    }
    response = HttpResponse(render_pdf(TEMPLATE, data, at=clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="label-{case.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
