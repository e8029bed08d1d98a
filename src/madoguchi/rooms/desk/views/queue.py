"""The queue, bulk actions and the search for cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.engines.casework.api import ORDERS, BulkResult, bulk_advance, search_cases
from madoguchi.kernel import municipality
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.clock import now

from ..access import get_cases, visible_sections
from ..filters import ASSIGNEES, read_address
from ..rows import rows_of
from ..selectors import due_bound, queue_context
from ..services import assign_many
from .paper import print_many

ASSIGN_TO_ME = "assign_to_me"
PRINT = "print_sheets"
SEARCH_SIZE = 50
BULK_MAX = 200


@require_GET
@staff_required("desk.view")
def show_queue(request: HttpRequest) -> HttpResponse:
    """Show one page of the cases of the actor's sections."""
    actor = actor_of(request)
    address = read_address(request.GET, actor)
    context = queue_context(
        address,
        actor,
        today=now().date(),
        calendar=municipality.current().calendar,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context |= {"address": address, "query": address.query(), "orders": ORDERS, "assignees": ASSIGNEES}
    return render(request, "desk/queue.html", context)


@require_POST
@staff_required("desk.work")
def act_on_many(request: HttpRequest) -> HttpResponse:
    """Take one step for all ticked cases, take them over or print their sheets, and go back to the same list."""
    actor = actor_of(request)
    address = read_address(request.POST, actor)
    back = redirect(reverse("desk:queue") + address.query())
    cases = get_cases(actor, request.POST.getlist("case")[:BULK_MAX])
    action = request.POST.get("action", "")
    if not cases or not action:
        messages.warning(request, "案件と操作を選んでください。")
        return back
    at, calendar = now(), municipality.current().calendar
    if action == PRINT:
        return print_many(request, cases, actor=actor, at=at) or back
    if action == ASSIGN_TO_ME:
        result = assign_many(cases, actor=actor, at=at, calendar=calendar)
    else:
        payload = {"reason": request.POST.get("reason", "").strip()}
        result = bulk_advance(cases, action, actor=actor, at=at, calendar=calendar, payload=payload)
    _tell(request, result)
    return back


def _tell(request: HttpRequest, result: BulkResult) -> None:
    if result.done:
        messages.success(request, f"{len(result.done)}件を処理しました。")
    if result.refused:
        listed = "、".join(f"{number}（{why}）" for number, why in result.refused[:5])
        more = f" ほか{len(result.refused) - 5}件" if len(result.refused) > 5 else ""
        messages.warning(request, f"{len(result.refused)}件は処理できませんでした：{listed}{more}")


@require_http_methods(["GET", "POST"])
@staff_required("desk.view")
def search(request: HttpRequest) -> HttpResponse:
    """Find cases by receipt number, name or kana. Names come by POST, so that they stand in no address."""
    actor, today = actor_of(request), now().date()
    text = request.POST.get("text", "").strip()[:100]
    cases = search_cases(text, visible_sections(actor), today=today, size=SEARCH_SIZE) if text else []
    if len(cases) == 1 and any(sign.isdigit() for sign in text):
        return redirect("desk:case", number=cases[0].number)
    context = {
        "text": text,
        "rows": rows_of(cases, today=today, due_by=due_bound(today, municipality.current().calendar)),
        "full": len(cases) == SEARCH_SIZE,
        "many_sections": True,
        "query": "",
    }
    return render(request, "desk/search.html", context)
