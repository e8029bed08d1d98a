"""Paying the fee of a case: what it is made of, the ways to pay, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.engines.casework.api import Bundle, Case
from madoguchi.engines.payments.api import (
    Back,
    ChargeView,
    charges_of_case,
    code_svg,
    open_codes,
    open_numbers,
    open_slips,
    refund_account_procedure,
    slip_pdf,
    trustees_on,
    ways_to_pay,
)
from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.money import yen
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import all_texts, text
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.views.browse import crumbs

_open = public(reason="受付番号と照会コードを知る人だけが開ける")


@_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is to be paid and the ways to pay; lead to the provider's page."""
    case = access.get_payable(request, number)
    if (together := _paid_together(case)) is not None:
        return redirect("portal:pay", together)
    if request.method != "POST":
        return _page(request, case)
    try:
        url = services.begin_payment(
            case,
            request.POST.get("charge", ""),
            request.POST.get("way", ""),
            actor=access.applicant_of(request, case),
            at=clock.now(),
        )
    except DomainError as problem:
        return _page(request, case, fault=str(words_of(problem, lang_of(request))))
    if not url:  # nothing to open: the slip stands on the page
        return redirect("portal:pay", case.number)
    if url.startswith("/"):
        return redirect(url)
    return render(request, "portal/pay_leave.html", {"case": case, "url": url, "crumbs": _crumbs(request, case)})


@_open
@never_cache
@require_safe
def back(request: HttpRequest, number: str) -> HttpResponse:
    """Show what became of a payment when the payer comes back; the provider is asked, not the address."""
    case = access.get_payable(request, number)
    services.look_after_payments(case, at=clock.now())
    return _page(request, case, is_back=True)


@public(reason="指定納付受託者は、だれもが見られるよう示す（地方自治法第231条の2の3）")
@require_safe
def trustees(request: HttpRequest) -> HttpResponse:
    """Show who takes payments over for the ward, as it must make known."""
    lang = lang_of(request)
    shown = [
        {
            "name": item.name.get(lang),
            "address": item.address,
            "incomes": [one.get(lang) for one in item.incomes],
            "ways": [one.get(lang) for one in item.ways],
            "designated_on": item.designated_on,
            "notice": item.notice,
            "basis": item.basis,
            "ends_on": item.ends_on,
            "changes": [(change.on, change.what.get(lang), change.notice) for change in item.changes],
            "is_sample": item.status != "verified",
        }
        for item in trustees_on(clock.today())
    ]
    context = {"trustees": shown, "crumbs": crumbs(request, (text("portal.trustees.title", lang), ""))}
    return render(request, "portal/trustees.html", context)


@_open
@never_cache
@require_safe
def slip(request: HttpRequest, number: str, payment_id: uuid.UUID) -> HttpResponse:
    """Give the convenience-store slip of a payment as PDF."""
    case = access.get_payable(request, number)
    response = HttpResponse(slip_pdf(case.number, payment_id), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="slip-{case.number}.pdf"'
    return response


@_open
@never_cache
@require_safe
def code(request: HttpRequest, number: str, payment_id: uuid.UUID) -> HttpResponse:
    """Give the JPQR code of a payment as SVG."""
    case = access.get_payable(request, number)
    return HttpResponse(code_svg(case.number, payment_id), content_type="image/svg+xml")


def _paid_together(case: Case | Bundle) -> str | None:
    """Return the number of the bundle by whose charge a case is paid, None when it is paid by its own."""
    if isinstance(case, Bundle) or case.bundle is None:
        return None
    due = [view for view in charges_of_case(case.number) if view.is_due]
    return next((view.charge.case_number for view in due if view.charge.case_number != case.number), None)


def _ways(lang: str) -> list[tuple[str, str, str]]:
    """Return the ways to pay in the reader's language."""
    known = all_texts()
    return [
        (provider, method, text(key, lang) if (key := f"portal.pay.ways.{provider}_{method}") in known else words)
        for provider, method, words in ways_to_pay()
    ]


def _page(request: HttpRequest, case: Case | Bundle, *, fault: str = "", is_back: bool = False) -> HttpResponse:
    lang = lang_of(request)
    views = charges_of_case(case.number)
    due = [item for item in views if item.is_due]
    last = [item.payments[-1].state for item in due if item.payments]
    waiting = any(payment.state == "authorised" for item in due for payment in item.payments)
    first_due = next((place for place, item in enumerate(views, start=1) if item.is_due), 1)
    context = {
        "case": case,
        "status_url": status_path(case),
        "charges": [_shown(view, lang) for view in views],
        "due": due,
        "ways": _ways(lang),
        "slips": [payment for item in views for payment in open_slips(item)],
        "codes": [payment for item in views for payment in open_codes(item)],
        "bills": [(bill, bill.site.get(lang)) for item in views for bill in open_numbers(item)],
        "chosen": request.POST.get("way", ""),
        "waiting": is_back and waiting,
        "failed": is_back and not waiting and bool({"refused", "cancelled", "expired"} & set(last)),
        "is_back": is_back,
        "fault": fault,
        "errors": [{"target": f"way-{first_due}-1", "message": fault}] if fault else [],
        "crumbs": _crumbs(request, case),
    }
    return render(request, "portal/pay.html", context, status=422 if fault else 200)


def _shown(view: ChargeView, lang: str) -> dict[str, Any]:
    """Return a charge as its payer reads it, with what goes back in words and where to tell an account for what could not."""
    account = refund_account_procedure() if any(back.kind in ("waiting", "at_desk") for back in view.backs) else None
    return {
        "charge": view.charge,
        "lines": view.lines,
        "balance": view.balance,
        "is_due": view.is_due,
        "backs": [_back_words(back, lang) for back in view.backs],
        "account_url": reverse("portal:procedure", args=[account]) if account else "",
    }


def _back_words(back: Back, lang: str) -> str:
    words = text(f"portal.pay.back.{back.kind}", lang)
    return words.format(amount=yen(back.amount_yen, lang), date=day_in_words(back.on, lang) if back.on else "")


def status_path(case: Case | Bundle) -> str:
    """Return the address of the status page of a case or a bundle."""
    name = "portal:bundle" if isinstance(case, Bundle) else "portal:status"
    return reverse(name, args=[case.number])


def _crumbs(request: HttpRequest, case: Case | Bundle) -> object:
    lang = lang_of(request)
    return crumbs(request, (case.number, status_path(case)), (text("portal.pay.title", lang), ""))
