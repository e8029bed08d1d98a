"""The studio's first page, a new procedure, a published procedure with its retirement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.errors import DomainError, InvalidInput
from madoguchi.rooms.catalogue.api import departments, form_of
from madoguchi.rooms.studio import access, publishing, selectors, services, starting
from madoguchi.rooms.studio.documents import Faulty
from madoguchi.rooms.studio.models import StudioDraft, StudioEvent
from madoguchi.rooms.studio.views import common

PAGE = 40
TOP = {"title": "様式スタジオ"}


@common.staff
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """List the working copies and the published procedures of the actor's sections."""
    actor, query = actor_of(request), request.GET.get("q", "")[:200]
    found = selectors.find_procedures(actor, query)
    page = max(_int(request.GET.get("page", "1")), 1)
    names = departments()
    drafts = selectors.list_drafts(actor)
    open_copies = {item.draft.procedure_id: item for item in drafts}
    shown = found[(page - 1) * PAGE : page * PAGE]
    context = {
        "drafts": drafts,
        "query": query,
        "total": len(found),
        "procedures": [
            {"item": item, "section": names[item.department].name, "copy": open_copies.get(item.id)} for item in shown
        ],
        "page": page,
        "pages": -(-len(found) // PAGE),
        "may_approve": actor.may(access.APPROVE),
    }
    return render(request, "studio/home.html", context)


def _int(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a procedure that does not exist yet."""
    actor = actor_of(request)
    names = departments()
    sections = [(item.id, item.name) for item in names.values() if item.id in actor.sections]
    values = {key: request.POST.get(key, "").strip() for key in ("title", "kana", "department")}
    error: DomainError | None = None
    if request.method == "POST":
        try:
            draft = starting.begin_new(**values, actor=actor, at=clock.now())
        except InvalidInput as caught:
            error = caught
        else:
            messages.success(request, "作業中の写しを作りました。")
            return redirect("studio:overview", draft.pk)
    context = {
        "sections": sections,
        "values": values,
        "errors": [{"target": "title", "message": str(error)}] if error else [],
        "crumbs": [TOP | {"url": reverse("studio:home")}, {"title": "新しい手続", "url": ""}],
    }
    return render(request, "studio/new.html", context, status=422 if error else 200)


@common.staff
@require_POST
def open_copy(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Begin a working copy of a published procedure, or lead to the one there is."""
    actor = actor_of(request)
    procedure = access.get_own_procedure(actor, procedure_id)
    there = StudioDraft.objects.filter(procedure_id=procedure.id, ended_at__isnull=True).first()
    if there is not None:
        return redirect("studio:overview", there.pk)
    document = selectors.published_document(procedure)
    try:
        draft = services.begin_draft(
            document,
            what="公開中の内容から作り始めた",
            actor=actor,
            at=clock.now(),
            base_digest=selectors.digest_of_document(document),
        )
    except (DomainError, Faulty) as error:
        messages.warning(request, str(error))
        return redirect("studio:procedure", procedure.id)
    return redirect("studio:overview", draft.pk)


def _procedure_context(request: HttpRequest, procedure_id: str) -> dict[str, Any]:
    actor = actor_of(request)
    procedure = access.get_own_procedure(actor, procedure_id)
    events = StudioEvent.objects.filter(procedure_id=procedure.id, kind__in=["published", "retired"]).order_by("-id")
    names = selectors.names_of({event.actor_ref for event in events})
    return {
        "procedure": procedure,
        "form_id": form_of(procedure),
        "section": departments()[procedure.department].name,
        "draft": StudioDraft.objects.filter(procedure_id=procedure.id, ended_at__isnull=True).first(),
        "events": [(event, names.get(event.actor_ref, "")) for event in events[:20]],
        "may_approve": actor.may(access.APPROVE),
        "today": clock.today(),
        "crumbs": [TOP | {"url": reverse("studio:home")}, {"title": procedure.official_name, "url": ""}],
    }


@common.staff
@require_GET
def procedure(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Show a published procedure: edit it, take it out as a file, retire it."""
    return render(request, "studio/procedure.html", _procedure_context(request, procedure_id))


@staff_required(access.APPROVE)
@require_POST
def retire(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Stop accepting applications from a day on."""
    actor, note = actor_of(request), request.POST.get("note", "")
    try:
        since = read_day(request.POST.get("since", ""), "受付を終える日")
        publishing.retire_procedure(procedure_id, since=since, note=note, actor=actor, at=clock.now())
    except InvalidInput as error:
        context = _procedure_context(request, procedure_id) | {
            "errors": [{"target": "since", "message": str(error)}],
            "typed": {"since": request.POST.get("since", ""), "note": note},
        }
        return render(request, "studio/procedure.html", context, status=422)
    messages.success(request, f"{publishing.day_words(since)}から受付を終えます。")
    return redirect("studio:procedure", procedure_id)


def read_day(text: str, what: str) -> dt.date:
    """Return a posted day. Raises InvalidInput."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{what}がありません。", code="studio.no_day", mend="日を選んでください。") from None
