"""Refunds somebody has to do something about, on one page, and what is done about one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor, actor_of, staff_required
from madoguchi.kernel.audit import record
from madoguchi.kernel.csv_files import csv_response, to_csv
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

from .. import selectors, services
from ..models import Refund
from .staff import charge_page
from .typed import day_typed

LATE = dt.timedelta(days=2)
"""After this a refund a provider was asked for, and about which nothing is heard, is shown."""
KINDS = {
    "waiting": "次の返し方を決める",
    "planned": "口座への振込を予定",
    "at_desk": "窓口で現金を返す",
    "sent": "事業者の返事を待つ",
}


@staff_required("payments.view")
@never_cache
@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """List the refunds that are not over, oldest first; ``?format=csv`` gives the planned transfers."""
    actor = actor_of(request)
    rows = selectors.refunds_to_do(actor=actor, late_before=clock.now() - LATE)
    if request.GET.get("format") == "csv":
        return _transfers(rows, actor=actor)
    context = {
        "groups": [(words, [(item, yen) for item, kind, yen in rows if kind == key]) for key, words in KINDS.items()],
        "is_empty": not rows,
        "has_transfers": any(kind == "planned" for _, kind, _ in rows),
    }
    return render(request, "payments/refunds.html", context)


@staff_required("payments.view")
@require_POST
def act(request: HttpRequest, charge_id: UUID, refund_id: UUID) -> HttpResponse:
    """Do the next thing about a refund: ``action`` is cash, again, transfer, made or failed."""
    actor, at = actor_of(request), clock.now()
    view = selectors.charge_of(charge_id, actor=actor)
    found = next((item for item in view.refunds if item.pk == refund_id), None)
    action = ACTIONS.get(request.POST.get("action", ""))
    if found is None or action is None:
        raise NotFound("この還付は見つかりません。", code="payments.no_refund")
    try:
        action(found, request, actor, at)
    except (Conflict, InvalidInput) as error:
        return charge_page(request, charge_id, fault=(f"refund-{refund_id}", str(error)))
    messages.success(request, "還付を記録しました。")
    return redirect("payments:charge", charge_id=charge_id)


def _cash(refund: Refund, request: HttpRequest, actor: Actor, at: dt.datetime) -> None:
    services.hand_cash_back(refund, actor=actor, at=at)


def _again(refund: Refund, request: HttpRequest, actor: Actor, at: dt.datetime) -> None:
    services.try_refund_again(refund, actor=actor, at=at)


def _transfer(refund: Refund, request: HttpRequest, actor: Actor, at: dt.datetime) -> None:
    asked = {name: request.POST.get(name, "") for name in ("order_number", "planned_on", "reason", "account_case")}
    order = services.TransferOrder(
        asked["order_number"],
        day_typed(asked["planned_on"], "振込予定日"),
        asked["reason"],
        asked["account_case"],
    )
    services.plan_transfer(refund, order, actor=actor, at=at)


def _made(refund: Refund, request: HttpRequest, actor: Actor, at: dt.datetime) -> None:
    services.note_transfer_made(refund, on=day_typed(request.POST.get("on", ""), "振込日"), actor=actor, at=at)


def _failed(refund: Refund, request: HttpRequest, actor: Actor, at: dt.datetime) -> None:
    services.note_transfer_failed(refund, reason=request.POST.get("reason", ""), actor=actor, at=at)


ACTIONS: dict[str, Callable[[Refund, HttpRequest, Actor, dt.datetime], None]] = {
    "cash": _cash,
    "again": _again,
    "transfer": _transfer,
    "made": _made,
    "failed": _failed,
}


def _transfers(rows: list[tuple[Refund, str, int]], *, actor: Actor) -> HttpResponse:
    planned = [item for item, kind, _ in rows if kind == "planned"]
    record(
        actor=actor,
        action="payments.transfers_exported",
        subject="refunds",
        payload={"rows": len(planned)},
        at=clock.now(),
    )
    head = ["支出命令番号", "振込予定日", "金額（円）", "受付番号", "件名", "口座を申し出た申請", "振込で返す理由"]
    cells = [
        [
            item.transfer.order_number, item.transfer.planned_on.isoformat(), item.amount_yen,
            item.case_number or item.payment.charge.case_number, item.payment.charge.title,
            item.transfer.account_case, item.transfer.reason,
        ]
        for item in planned
    ]  # fmt: skip
    return csv_response("transfers.csv", to_csv(head, cells))
