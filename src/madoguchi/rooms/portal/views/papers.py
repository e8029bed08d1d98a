"""The papers of a case for the applicant: a copy (控え) of the form as handed in and corrected."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.engines.forms.api import Filling, Reader, Stamp, sheets_pdf
from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.audit import record
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS
from madoguchi.rooms.portal import access, services

_open = public(reason="受付番号と照会コードを知る人だけが開ける")


@_open
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Give the applicant's copy of the form as PDF; neither 個人番号 nor the whole account number stands on it."""
    case, at = access.get_case(request, number), clock.now()
    fillings = []
    if case.submission is not None:
        evaluation = services.evaluate_correction(case, {})
        stamp = Stamp(case.number, case.received_on, CHANNEL_LABELS.get(case.channel, case.channel))
        filed_on = clock.local(case.submission.submitted_at).date()
        fillings = [Filling(evaluation.form, evaluation, filed_on, stamp, Reader(), label="控え")]
    body = sheets_pdf(fillings, at=at)
    actor = access.applicant_of(request, case)
    record(actor=actor, action="portal.print_sheet", subject=f"case:{case.number}", payload={}, at=at)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="copy-{case.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
