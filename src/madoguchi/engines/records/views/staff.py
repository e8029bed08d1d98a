"""The staff's pages: what may go before it goes, the log, holds, residents' requests with four eyes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor, actor_of, staff_required
from madoguchi.kernel.errors import DomainError, NotFound
from madoguchi.kernel.models import Erasure

from .. import services
from ..exporting import open_export
from ..models import DataExport, ErasureRequest, LegalHold
from ..person import plan_person
from ..planning import plan_retention

SHOWN = 200
HORIZONS = {"0": "今夜", "30": "30日後", "90": "90日後", "365": "1年後"}


def _draw(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    may = {"may_hold": actor.may("records.hold"), "may_erase": actor.may("records.erase")}
    return render(request, template, {**context, **may}, status=status)


def _sections(actor: Actor) -> frozenset[str] | None:
    return None if actor.may("desk.all_sections") or actor.may("records.erase") else actor.sections


@staff_required("records.view")
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Show what goes tonight, or would go later: counts by rule, and the list."""
    ahead = request.GET.get("ahead", "0")
    ahead = ahead if ahead in HORIZONS else "0"
    as_of = clock.today() + timedelta(days=int(ahead))
    found = plan_retention(as_of=as_of, sections=_sections(actor_of(request)))
    context = {"plan": found, "shown": found.due[:SHOWN], "ahead": ahead, "horizons": HORIZONS.items(), "limit": SHOWN}
    return _draw(request, "records/plan.html", context)


@staff_required("records.view")
@require_safe
def show_log(request: HttpRequest) -> HttpResponse:
    """Show the newest entries of the erasure log: references and counts, nothing else is kept."""
    return _draw(request, "records/log.html", {"entries": Erasure.objects.order_by("-at")[:SHOWN]})


@staff_required("records.hold")
@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """List holds; place one with a reason."""
    error: DomainError | None = None
    values = {key: request.POST.get(key, "").strip()[:300] for key in ("number", "reason")}
    if request.method == "POST":
        try:
            hold = services.place_hold(
                values["number"], reason=values["reason"], actor=actor_of(request), at=clock.now()
            )
        except DomainError as caught:
            error = caught
        else:
            messages.success(request, f"{hold.case_number}：廃棄を止めました。")
            return redirect("records:holds")
    context = {"holds": LegalHold.objects.all()[:SHOWN], "values": values, "error": error}
    return _draw(request, "records/holds.html", context, status=422 if error else 200)


@staff_required("records.hold")
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold."""
    hold = LegalHold.objects.filter(pk=pk).first()
    if hold is None:
        raise NotFound("この停止は見つかりません。", code="records.no_hold")
    services.lift_hold(hold, actor=actor_of(request), at=clock.now())
    messages.success(request, f"{hold.case_number}：廃棄の停止を解除しました。")
    return redirect("records:holds")


@staff_required("records.erase")
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List residents' requests to erase, open ones first."""
    rows = ErasureRequest.objects.order_by("done_at", "asked_at")
    return _draw(request, "records/requests.html", {"requests": rows[:SHOWN]})


@staff_required("records.erase")
@require_http_methods(["GET", "HEAD", "POST"])
def show_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show what goes and what stays; the first member of staff reviews, another carries out."""
    wanted, actor = _request(request_id), actor_of(request)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            if "_carry_out" in request.POST:
                services.carry_out_erasure(wanted, actor=actor, at=clock.now())
                messages.success(request, "消去できるものを消去し、本人に知らせました。")
            else:
                services.review_erasure(wanted, note=request.POST.get("note", ""), actor=actor, at=clock.now())
                messages.success(request, "確認を記録しました。別の職員が実行します。")
            return redirect("records:request", request_id)
        except DomainError as caught:
            error = caught
    done = wanted.done_at is not None
    ref = f"resident:{wanted.account_id}"
    context = {
        "wanted": wanted,
        "person": None if done else plan_person(ref, as_of=clock.today()),
        "mine": wanted.reviewed_by_ref == actor.ref,
        "error": error,
        "exports": DataExport.objects.filter(account_id=wanted.account_id, asked_by_ref=actor.ref)[:5],
        "today": clock.now(),
    }
    return _draw(request, "records/request.html", context, status=422 if error else 200)


@staff_required("records.erase")
@require_POST
def ask_export(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask for all data of the resident of a request, with a purpose."""
    wanted = _request(request_id)
    try:
        services.ask_export(
            wanted.account_id, purpose=request.POST.get("purpose", ""), actor=actor_of(request), at=clock.now()
        )
    except DomainError as caught:
        messages.warning(request, str(caught))
    else:
        messages.success(request, "書き出しを始めました。できあがると、この画面から受け取れます。")
    return redirect("records:request", request_id)


@staff_required("records.erase")
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> FileResponse:
    """Give the file of an export to the member of staff who asked for it."""
    return give(request, export_id)


def give(request: HttpRequest, export_id: UUID) -> FileResponse:
    """Return the ZIP of an export as a download that is kept nowhere."""
    export, stream = open_export(export_id, actor=actor_of(request), at=clock.now())
    day: date = clock.local(export.asked_at).date()
    response = FileResponse(
        stream, as_attachment=True, filename=f"madoguchi-{day:%Y%m%d}.zip", content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _request(request_id: UUID) -> ErasureRequest:
    wanted = ErasureRequest.objects.filter(pk=request_id).first()
    if wanted is None:
        raise NotFound("この求めは見つかりません。", code="records.no_request")
    return wanted
