"""Documents of a case at the desk: preview, issue, replace, revoke, read; and what waits to be posted or handed over."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.engines.casework.api import Case
from madoguchi.engines.issuing.api import (
    Delivery,
    DocumentTemplate,
    DocumentView,
    Face,
    compose_pdf,
    desks,
    get_delivery,
    get_document,
    issue_document,
    mark_handed_over,
    mark_posted,
    open_document,
    read_inputs,
    revoke_document,
    template_of,
    waiting_deliveries,
)
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.clock import now, today
from madoguchi.kernel.errors import Conflict, DomainError, InvalidInput, NotFound

from ..access import get_case, visible_sections

ISSUE, REVOKE = "issuing.issue", "issuing.revoke"
REASON_MAX = 2000


@require_http_methods(["GET", "POST"])
@staff_required(ISSUE)
def issue(request: HttpRequest, number: str, template_id: str) -> HttpResponse:
    """Ask for what the clerk fills in; preview; issue a document, or put it in the place of an earlier one."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    try:
        template, replaces = template_of(case, template_id), _replaced(request, case)
    except Conflict as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:case", number=case.number)
    if request.method == "GET":
        return _form(request, case, template, replaces)
    given = {item.id: request.POST.get(item.id, "") for item in template.inputs}
    try:
        if "preview" in request.POST:
            body = compose_pdf(case, template, inputs=read_inputs(template, given), face=Face(), at=at)
            return HttpResponse(body, content_type="application/pdf", headers={"Cache-Control": "no-store"})
        reason = request.POST.get("reason", "").strip()[:REASON_MAX]
        old = replaces.document if replaces else None
        document = issue_document(case, template.id, actor=actor, at=at, inputs=given, replaces=old, reason=reason)
    except InvalidInput as caught:
        return _form(request, case, template, replaces, error=caught)
    except DomainError as caught:
        messages.warning(request, str(caught))
        return redirect("desk:case", number=case.number)
    messages.success(request, f"{case.number}：{template.title}を交付しました（{document.number}）。")
    return redirect("desk:case", number=case.number)


def _replaced(request: HttpRequest, case: Case) -> DocumentView | None:
    """Return the document to be replaced as the address names it. Raises NotFound for what is not of the case."""
    wanted = request.GET.get("replaces", "")
    if not wanted:
        return None
    try:
        return get_document(case.number, uuid.UUID(wanted), today=today())
    except ValueError:
        raise NotFound("この文書は見つかりません。", code="issuing.no_document") from None


def _form(
    request: HttpRequest,
    case: Case,
    template: DocumentTemplate,
    replaces: DocumentView | None,
    *,
    error: InvalidInput | None = None,
) -> HttpResponse:
    wrong = error.context.get("fields", []) if error else []
    context = {
        "case": case,
        "template": template,
        "replaces": replaces,
        "fields": [
            {"input": item, "value": request.POST.get(item.id, ""), "wrong": item.id in wrong}
            for item in template.inputs
        ],
        "reason": request.POST.get("reason", ""),
        "error": error,
        "wrong": wrong,
        "errors": [{"target": wrong[0] if wrong else "documents", "message": str(error)}] if error else [],
    }
    return render(request, "desk/document_new.html", context, status=422 if error else 200)


@require_GET
@staff_required("desk.view")
def download(request: HttpRequest, number: str, document_id: uuid.UUID) -> FileResponse:
    """Give a document of a case as PDF; the audit log keeps who read it."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    view = get_document(case.number, document_id, today=today())
    stream = open_document(view.document, actor=actor, at=at, today=today())
    name = f"{view.document.number}.pdf"
    response = FileResponse(stream, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@staff_required(REVOKE)
def revoke(request: HttpRequest, number: str, document_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason, then withdraw a document."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    view = get_document(case.number, document_id, today=today())
    reason, error = request.POST.get("reason", "").strip()[:REASON_MAX], None
    if request.method == "POST":
        try:
            revoke_document(view.document, reason=reason, actor=actor, at=at)
        except InvalidInput as caught:
            error = caught
        except Conflict as caught:
            messages.warning(request, str(caught))
            return redirect("desk:case", number=case.number)
        else:
            messages.success(request, f"{view.document.number}を取り消しました。")
            return redirect("desk:case", number=case.number)
    errors = [{"target": "reason", "message": str(error)}] if error else []
    context = {"case": case, "view": view, "reason": reason, "error": error, "errors": errors}
    return render(request, "desk/document_revoke.html", context, status=422 if error else 200)


@require_GET
@staff_required(ISSUE)
def show_deliveries(request: HttpRequest) -> HttpResponse:
    """List what waits to be posted or handed over in the actor's sections."""
    return _deliveries(request)


def _deliveries(request: HttpRequest, *, error: InvalidInput | None = None, pk: int = 0) -> HttpResponse:
    waiting = waiting_deliveries(visible_sections(actor_of(request)))
    names = {item.id: str(item.name) for item in desks()}
    for item in waiting:
        item.desk_name = names.get(item.desk, item.desk)  # type: ignore[attr-defined]
    target = "posted" if error and "posted_on" in error.context.get("fields", []) else "code"
    context = {
        "posts": [item for item in waiting if item.way == "post"],
        "pickups": [item for item in waiting if item.way == "pickup"],
        "today": today(),
        "errors": [{"target": f"{target}-{pk}", "message": str(error)}] if error else [],
    }
    return render(request, "desk/deliveries.html", context, status=422 if error else 200)


@require_POST
@staff_required(ISSUE)
def finish_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a document was posted, or handed over to who said the pickup code."""
    actor = actor_of(request)
    delivery = get_delivery(pk, visible_sections(actor))
    try:
        _finish(request, delivery)
    except InvalidInput as caught:
        return _deliveries(request, error=caught, pk=pk)
    except Conflict as caught:
        messages.warning(request, str(caught))
    else:
        done = "発送しました" if delivery.way == "post" else "渡しました"
        messages.success(request, f"{delivery.document.number}を{done}。")
    return redirect("desk:deliveries")


def _finish(request: HttpRequest, delivery: Delivery) -> None:
    actor, at = actor_of(request), now()
    if delivery.way == "pickup":
        mark_handed_over(delivery, code=request.POST.get("code", "")[:40], actor=actor, at=at)
        return
    try:
        posted_on = dt.date.fromisoformat(request.POST.get("posted_on", ""))
    except ValueError:
        raise InvalidInput("発送日を入力してください。", code="issuing.posted_on", fields=["posted_on"]) from None
    mark_posted(delivery, posted_on=posted_on, tracking=request.POST.get("tracking", ""), actor=actor, at=at)
