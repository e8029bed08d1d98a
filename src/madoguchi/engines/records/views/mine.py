"""The resident's own page: what is kept and until when, taking it all along, asking that it go."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, resident_required
from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.retention import counts_of, data_classes
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text

from .. import services
from ..models import DataExport, ErasureRequest
from ..person import plan_person, whole_holding
from .staff import give


@resident_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show what is kept about the signed-in resident, and what each request became."""
    return _page(request)


def _page(request: HttpRequest, error: str = "") -> HttpResponse:
    actor, at, lang = actor_of(request), clock.now(), lang_of(request)
    account_id = int(actor.id)
    counts = counts_of(whole_holding(actor.ref), data_classes)
    person = plan_person(actor.ref, as_of=clock.today())
    context = {
        "counts": [
            {"key": key, "title": text(f"records.class.{key}", lang), "count": number} for key, number in counts.items()
        ],
        "stays": [{"item": item, "why": text(f"records.why.{item.code}", lang)} for item in person.stays],
        "exports": DataExport.objects.filter(account_id=account_id, asked_by_ref=actor.ref, expires_at__gt=at)[:3],
        "open_request": ErasureRequest.objects.filter(account_id=account_id, done_at=None).first(),
        "done_request": ErasureRequest.objects.filter(account_id=account_id).exclude(done_at=None).first(),
        "error": error,
        "crumbs": [
            {"title": text("records.home", lang), "url": "/"},
            {"title": text("records.back", lang), "url": "/mypage/"},
            {"title": text("records.title", lang), "url": ""},
        ],
    }
    return render(request, "records/mine.html", context, status=422 if error else 200)


@resident_required
@require_POST
def ask_export(request: HttpRequest) -> HttpResponse:
    """Ask for everything as one file."""
    actor = actor_of(request)
    try:
        services.ask_export(int(actor.id), purpose="", actor=actor, at=clock.now())
    except DomainError as caught:
        return _page(request, str(words_of(caught, lang_of(request))))
    return redirect("records:mine")


@resident_required
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> FileResponse:
    """Give the file to the resident who asked for it."""
    return give(request, export_id)


@resident_required
@require_POST
def ask_erasure(request: HttpRequest) -> HttpResponse:
    """Ask that everything go that may go; without the tick nothing is asked."""
    if request.POST.get("sure") != "1":
        return _page(request, text("records.tick", lang_of(request)))
    services.ask_erasure(actor=actor_of(request), at=clock.now())
    return redirect("records:mine")
