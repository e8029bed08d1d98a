"""A document issued to the applicant: read about it, download it, ask for it by post or at a desk."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.engines.casework.api import Case
from madoguchi.engines.issuing.api import DocumentView, choose_delivery, desks, get_document, open_document
from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.errors import DomainError, NotAllowed
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.views.browse import crumbs

_open = public(reason="受付番号と照会コードを知る人だけが開ける")


@_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: str, document_id: uuid.UUID) -> HttpResponse:
    """Show a document and the ways to receive it; take the choice of post or desk."""
    case = access.get_case(request, number)
    view = get_document(case.number, document_id, today=clock.today())
    if request.method != "POST":
        return _page(request, case, view)
    try:
        choose_delivery(
            view.document,
            request.POST.get("way", ""),
            actor=access.applicant_of(request, case),
            at=clock.now(),
            name=request.POST.get("name", ""),
            address=request.POST.get("address", ""),
            desk=request.POST.get("desk", ""),
        )
    except DomainError as problem:
        return _page(request, case, view, problem=problem)
    return redirect("portal:document", case.number, document_id)


@_open
@require_safe
def download(request: HttpRequest, number: str, document_id: uuid.UUID) -> FileResponse:
    """Give a valid document as PDF to its owner; who read it when is kept."""
    case = access.get_case(request, number)
    view = get_document(case.number, document_id, today=clock.today())
    if "download" not in view.document.ways:
        raise NotAllowed("この文書は、画面では受け取れません。", code="issuing.no_download")
    actor = access.applicant_of(request, case)
    stream = open_document(view.document, actor=actor, at=clock.now(), today=clock.today())
    name = f"{view.document.number}.pdf"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, case: Case, view: DocumentView, *, problem: DomainError | None = None) -> HttpResponse:
    lang, known = lang_of(request), desks()
    wrong = problem.context.get("fields", ["way"]) if problem else []
    target = "address" if "address" in wrong else wrong[0] if wrong else ""
    chosen = view.delivery.desk if view.delivery else ""
    context = {
        "case": case,
        "view": view,
        "desks": known,
        "desk": next((item for item in known if item.id == chosen), None),
        "values": _values(request, case, view),
        "wrong": wrong,
        "state_note": text(f"portal.documents.note_{view.state}", lang) if view.state != "valid" else "",
        "errors": [{"target": target, "message": str(words_of(problem, lang))}] if problem else [],
        "crumbs": crumbs(
            request, (case.number, reverse("portal:status", args=[case.number])), (view.title.get(lang), "")
        ),
    }
    return render(request, "portal/document.html", context, status=422 if problem else 200)


def _values(request: HttpRequest, case: Case, view: DocumentView) -> dict[str, Any]:
    """Return what stands in the fields: what was typed, what was chosen, else name and address of the application."""
    if request.method == "POST":
        return {key: request.POST.get(key, "") for key in ("name", "address", "desk")}
    chosen = view.delivery
    if chosen is not None and chosen.way == "post":
        return {"name": chosen.name, "address": chosen.address, "desk": ""}
    return {
        "name": case.applicant_name,
        "address": services.address_of(case),
        "desk": chosen.desk if chosen is not None else "",
    }
