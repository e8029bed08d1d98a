"""The staff's pages about money: ledger, one charge, cash at the desk, income by account, settlements, the till."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.audit import record
from madoguchi.kernel.calendar import fiscal_year, fiscal_year_label, fiscal_year_range
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.csv_files import csv_response, to_csv
from madoguchi.kernel.errors import DomainError, InvalidInput, NotFound

from .. import selectors, services
from ..folder import el_in_force, jpqr_in_force
from ..models import DayClosing, Payment, PaymentEvent, SettlementRow
from ..outside import open_codes, open_numbers
from ..rules import CASH, EVENT_LABELS, PAYMENT_LABELS, SOURCE_LABELS
from .refund_rows import refund_rows
from .typed import day_or_none, yen_typed

LARGEST_FILE = 50_000_000


@staff_required("payments.view")
@never_cache
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """List payments, newest first, with filters."""
    asked = {name: request.GET.get(name, "").strip() for name in ("number", "state", "provider")}
    query = selectors.LedgerQuery(
        asked["number"], asked["state"], asked["provider"], after=_uuid(request.GET.get("after", ""))
    )
    page = selectors.ledger(query, actor=actor_of(request))
    context = {
        "page": page,
        "asked": asked,
        "states": PAYMENT_LABELS.items(),
        "providers": [*selectors.providers_in_use(), (CASH, selectors.title_of(CASH))],
        "next_url": "?" + urlencode({**asked, "after": page.after}) if page.after else "",
    }
    return render(request, "payments/ledger.html", context)


@staff_required("payments.view")
@never_cache
@require_safe
def charge(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """Show one charge: lines, payments with what happened to them, refunds, and what they add up to."""
    return charge_page(request, charge_id)


@staff_required("payments.cash")
@require_POST
def cash(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """Take cash at the desk."""
    view = selectors.charge_of(charge_id, actor=actor_of(request))
    try:
        given = yen_typed(request.POST.get("tendered_yen", ""), "預かった額")
        due = view.balance.outstanding_yen
        services.take_cash(view.charge, tendered_yen=given, actor=actor_of(request), at=clock.now())
    except DomainError as error:
        return charge_page(request, charge_id, fault=("tendered_yen", str(error)))
    messages.success(request, f"{due:,}円を収納しました。お釣りは{given - due:,}円です。")
    return redirect("payments:charge", charge_id=charge_id)


@staff_required("payments.reduce")
@require_POST
def reduce(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """Take something off a charge (更正); what was paid too much goes back."""
    view = selectors.charge_of(charge_id, actor=actor_of(request))
    number = request.POST.get("case", "")
    try:
        if number not in selectors.reducible(view, actor=actor_of(request)):
            number = "-"  # of another section: no line of the charge bears it
        services.reduce_charge(
            view.charge,
            case_number=number,
            amount_yen=yen_typed(request.POST.get("amount_yen", ""), "減額する額"),
            reason=request.POST.get("reason", ""),
            basis=request.POST.get("basis", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except DomainError as error:
        return charge_page(request, charge_id, fault=("amount_yen", str(error)))
    messages.success(request, "減額しました。払い過ぎになった分は、還付の手続を始めました。")
    return redirect("payments:charge", charge_id=charge_id)


@staff_required("payments.view")
@never_cache
@require_safe
def income(request: HttpRequest) -> HttpResponse:
    """Show income by 歳入科目 of a fiscal year, as page or CSV (``?format=csv``)."""
    actor, today = actor_of(request), clock.today()
    asked = request.GET.get("year", "")
    year = int(asked) if re.fullmatch(r"20\d\d", asked) else fiscal_year(today)
    first, last = fiscal_year_range(year)
    begin = dt.datetime.combine(first, dt.time.min, TOKYO)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, TOKYO)
    rows = selectors.income_by_account(begin, end, actor=actor)
    if request.GET.get("format") == "csv":
        record(
            actor=actor,
            action="payments.export_income",
            subject=f"income:{year}",
            payload={"rows": len(rows)},
            at=clock.now(),
        )
        cells = [
            [r.account, r.charged_yen, r.collected_yen, r.refunded_yen, r.collected_yen - r.refunded_yen] for r in rows
        ]
        return csv_response(f"income_{year}.csv", to_csv(["歳入科目", "調定額", "収納額", "還付額", "差引額"], cells))
    years = [(item, fiscal_year_label(item)) for item in range(fiscal_year(today), fiscal_year(today) - 5, -1)]
    return render(request, "payments/income.html", {"rows": rows, "year": year, "years": years})


@staff_required("payments.settle")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settlements(request: HttpRequest) -> HttpResponse:
    """Read settlement files in and show what did not match."""
    actor, fault = actor_of(request), ""
    if request.method == "POST":
        try:
            upload = request.FILES.get("file")
            if upload is None or (upload.size or 0) > LARGEST_FILE:
                raise InvalidInput("精算データのCSVファイルを選んでください（50MBまで）。", code="payments.no_file")
            file = services.read_settlement(
                request.POST.get("provider", ""),
                name=upload.name or "",
                data=upload.read(),
                actor=actor,
                at=clock.now(),
            )
        except DomainError as error:
            fault = str(error)
        else:
            counts = services.counts_of(file)
            words = "、".join(f"{services.RESULTS[key]} {count:,}件" for key, count in sorted(counts.items()))
            messages.success(request, f"取り込みました（{words or '0件'}）。")
            return redirect("payments:settlements")
    differences = list(selectors.differences(actor=actor)[: selectors.PAGE])
    context = {
        "files": selectors.settlement_files(actor=actor)[:20],
        "differences": [(row, services.RESULTS[row.result]) for row in differences],
        "missing": selectors.not_settled(actor=actor, before=clock.now() - dt.timedelta(days=3))[: selectors.PAGE],
        "providers": selectors.providers_in_use(),
        "fault": fault,
        "errors": [{"target": "file", "message": fault}] if fault else [],
    }
    return render(request, "payments/settlements.html", context, status=422 if fault else 200)


@staff_required("payments.settle")
@require_POST
def explain(request: HttpRequest, row: int) -> HttpResponse:
    """Write down how a difference was dealt with."""
    found = SettlementRow.objects.filter(pk=row).first()
    if found is None:
        raise NotFound("この行は見つかりません。", code="payments.no_row")
    try:
        services.explain_difference(found, note=request.POST.get("note", ""), actor=actor_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "差異の処理を記録しました。")
    return redirect("payments:settlements")


@staff_required("payments.cash")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest) -> HttpResponse:
    """Show the till of the own sections on a day and close it."""
    actor, fault = actor_of(request), ""
    day = day_or_none(request.GET.get("day") or request.POST.get("day") or "") or clock.today()
    sections = sorted(actor.sections)
    if request.method == "POST":
        try:
            if (section := request.POST.get("section", "")) not in sections:
                raise InvalidInput("自分の課を選んでください。", code="payments.section")
            services.close_day(
                section,
                day,
                counted_yen=yen_typed(request.POST.get("counted_yen", ""), "数えた額"),
                note=request.POST.get("note", ""),
                actor=actor,
                at=clock.now(),
            )
        except DomainError as error:
            fault = str(error)
        else:
            messages.success(request, "日計を締めました。")
            return redirect(f"{request.path}?day={day.isoformat()}")
    closed = {item.section: item for item in DayClosing.objects.filter(day=day, section__in=sections)}
    names = {item["id"]: item["name"] for item in municipality.current().section("departments")}
    tills = [(item, names.get(item, item), services.cash_of_day(item, day), closed.get(item)) for item in sections]
    context = {
        "day": day,
        "tills": tills,
        "fault": fault,
        "errors": [{"target": "counted_yen", "message": fault}] if fault else [],
    }
    return render(request, "payments/till.html", context, status=422 if fault else 200)


def charge_page(request: HttpRequest, charge_id: UUID, *, fault: tuple[str, str] | None = None) -> HttpResponse:
    """Return the page of one charge, with what went wrong at a field."""
    actor = actor_of(request)
    view = selectors.charge_of(charge_id, actor=actor)
    context: dict[str, Any] = {
        "view": view,
        "payments": [
            (item, PAYMENT_LABELS[item.state], selectors.title_of(item.provider), _events(item))
            for item in view.payments
        ],
        "refunds": [
            (row, fault[1], request.POST) if fault and fault[0] == f"refund-{row.refund.pk}" else (row, "", {})
            for row in refund_rows(view, actor=actor)
        ],
        "unchecked": [
            (line, dict([fault]).get(f"exemption_reason_{line.seq}", "") if fault else "") for line in view.unchecked
        ],
        "codes": open_codes(view),
        "numbers": open_numbers(view),
        "has_codes": jpqr_in_force() is not None,
        "has_numbers": el_in_force() is not None,
        "may_cash": actor.may("payments.cash"),
        "may_reduce": actor.may("payments.reduce"),
        "cases": [number for number in view.owed_by_case if number != view.charge.case_number],
        "reducible": [number for number in selectors.reducible(view, actor=actor) if number],
        "errors": [{"target": fault[0], "message": fault[1]}] if fault else [],
        "fault": dict([fault]) if fault else {},
        "posted": request.POST,
    }
    return render(request, "payments/charge.html", context, status=422 if fault else 200)


def _events(payment: Payment) -> list[tuple[PaymentEvent, str, str]]:
    """Return what happened to a payment, in words."""
    return [(item, EVENT_LABELS[item.kind], SOURCE_LABELS[item.source]) for item in payment.events.all()]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""
