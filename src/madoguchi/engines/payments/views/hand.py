"""What staff do by hand on a charge's page: show a JPQR code and note that it was paid, keep eL numbers, check exemptions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.errors import DomainError, NotFound

from .. import selectors, services
from ..models import Payment
from ..outside import code_svg
from .staff import charge_page


@staff_required("payments.cash")
@require_POST
def begin(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """Make a JPQR code for what is due, or keep an eL number (``action``: ``code``, ``el``)."""
    actor, at = actor_of(request), clock.now()
    view = selectors.charge_of(charge_id, actor=actor)
    is_code = request.POST.get("action") == "code"
    here = reverse("payments:charge", args=[charge_id])
    try:
        if is_code:
            services.start_payment(
                view.charge, provider_id="jpqr", method="code", return_url=here, cancel_url=here, actor=actor, at=at
            )
        else:
            services.note_el_number(view.charge, request.POST.get("el_number", ""), actor=actor, at=at)
    except DomainError as error:
        return charge_page(request, charge_id, fault=("code" if is_code else "el_number", str(error)))
    messages.success(request, "コードを表示しました。" if is_code else "eL番号を記録しました。")
    return redirect("payments:charge", charge_id=charge_id)


@staff_required("payments.cash")
@require_POST
def finish(request: HttpRequest, charge_id: UUID, payment_id: UUID) -> HttpResponse:
    """Note that a JPQR payment was seen, or take an eL number back (``action``: ``paid``, ``withdraw``)."""
    actor, at = actor_of(request), clock.now()
    payment = _payment(charge_id, payment_id, request)
    try:
        if request.POST.get("action") == "withdraw":
            services.withdraw_number(payment, actor=actor, at=at)
        else:
            services.confirm_by_hand(payment, reason=request.POST.get("hand_reason", ""), actor=actor, at=at)
    except DomainError as error:
        return charge_page(request, charge_id, fault=("hand_reason", str(error)))
    messages.success(request, "記録しました。")
    return redirect("payments:charge", charge_id=charge_id)


@staff_required("payments.cash")
@never_cache
@require_safe
def code(request: HttpRequest, charge_id: UUID, payment_id: UUID) -> HttpResponse:
    """Give the JPQR code of a payment as SVG, to be shown at the desk."""
    payment = _payment(charge_id, payment_id, request)
    return HttpResponse(code_svg(payment.charge.case_number, payment.pk), content_type="image/svg+xml")


@staff_required("payments.reduce")
@require_POST
def exemption(request: HttpRequest, charge_id: UUID, line: int) -> HttpResponse:
    """Note what the proof of an exemption showed (``action``: ``accept``, ``refuse``)."""
    actor = actor_of(request)
    view = selectors.charge_of(charge_id, actor=actor)
    found = next((item for item in view.lines if item.seq == line), None)
    if found is None:
        raise NotFound("この明細は見つかりません。", code="payments.no_line")
    accepted = request.POST.get("action") == "accept"
    try:
        services.check_exemption(
            found, accepted=accepted, reason=request.POST.get("exemption_reason", ""), actor=actor, at=clock.now()
        )
    except DomainError as error:
        return charge_page(request, charge_id, fault=(f"exemption_reason_{line}", str(error)))
    messages.success(request, "減免を認めました。" if accepted else "減免を認めず、差額を調定しました。")
    return redirect("payments:charge", charge_id=charge_id)


def _payment(charge_id: UUID, payment_id: UUID, request: HttpRequest) -> Payment:
    view = selectors.charge_of(charge_id, actor=actor_of(request))
    found = next((item for item in view.payments if item.pk == payment_id), None)
    if found is None:
        raise NotFound("この納付は見つかりません。", code="payments.no_payment")
    return found
