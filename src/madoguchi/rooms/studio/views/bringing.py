"""Bringing in and taking out: 様式取込 of a paper form, and a procedure as one file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.engines.forms.api import TYPES, PaperError, current_fees
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import Actor, actor_of
from madoguchi.kernel.errors import DomainError, InvalidInput
from madoguchi.rooms.catalogue.api import departments
from madoguchi.rooms.studio import access, intake, selectors, sharing
from madoguchi.rooms.studio.documents import Document
from madoguchi.rooms.studio.models import StudioIntake
from madoguchi.rooms.studio.services import begin_draft
from madoguchi.rooms.studio.starting import free_procedure_id
from madoguchi.rooms.studio.surroundings import surroundings
from madoguchi.rooms.studio.views import common
from madoguchi.rooms.studio.views.lists import TOP

OFFERED = [(kind, label) for kind, label in TYPES.items() if kind not in {"computed", "group"}]
LEVELS = ("0.9", "0.8", "0.7", "0.5")


def own_sections(actor: Actor) -> list[tuple[str, str]]:
    """Return the sections the actor may write procedures of."""
    return [(item.id, item.name) for item in departments().values() if item.id in actor.sections]


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a paper form (Excel, Word, PDF) and read it."""
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise InvalidInput(
                    "ファイルがありません。", code="studio.no_file", mend="様式のファイルを選んでください。"
                )
            made = intake.read_upload(file, actor=actor_of(request), at=clock.now())
        except PaperError as caught:
            error = f"{file.name if file else ''}：{caught}"
        except InvalidInput as caught:
            error = str(caught)
        else:
            return redirect("studio:intake_review", made.pk)
    context = {
        "errors": [{"target": "file", "message": error}] if error else [],
        "crumbs": [TOP | {"url": reverse("studio:home")}, {"title": "様式取込", "url": ""}],
    }
    return render(request, "studio/intake.html", context, status=422 if error else 200)


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """Show what the paper seems to ask; take the decision on each question."""
    actor = actor_of(request)
    taken = access.get_intake(actor, intake_id)
    if taken.draft_id:
        return redirect("studio:overview", taken.draft_id)
    error = ""
    if request.method == "POST":
        level = request.POST.get("sure", "")
        intake.decide(taken, request.POST, sure=float(level) if "_sure" in request.POST and level in LEVELS else None)
        if "_begin" in request.POST:
            try:
                draft = intake.begin_from(
                    taken,
                    title=request.POST.get("title", ""),
                    kana=request.POST.get("kana", ""),
                    department=request.POST.get("department", ""),
                    actor=actor,
                    at=clock.now(),
                )
            except DomainError as caught:
                error = str(caught)
            else:
                messages.success(request, "作業中の写しを作りました。続けて編集できます。")
                return redirect("studio:overview", draft.pk)
    return _draw(request, taken, actor, error)


def _draw(request: HttpRequest, taken: StudioIntake, actor: Actor, error: str) -> HttpResponse:
    rows = [
        {
            "item": item,
            "decision": taken.decisions[item["id"]],
            "percent": round(item["confidence"] * 100),
            "level": "high" if item["confidence"] >= 0.9 else "middle" if item["confidence"] >= intake.SURE else "low",
            "type": TYPES.get(item["type"], item["type"]),
            "inside": "、".join(child["label"] for child in item.get("fields", [])),
            "options": "、".join(item.get("options", [])),
        }
        for item in taken.proposal["fields"]
    ]
    context = {
        "taken": taken,
        "proposal": taken.proposal,
        "title": request.POST.get("title") or intake.procedure_title(taken.proposal["title"]),
        "rows": rows,
        "accepted": sum(bool(row["decision"]["accept"]) for row in rows),
        "types": OFFERED,
        "levels": LEVELS,
        "sections": own_sections(actor),
        "typed": request.POST,
        "errors": [{"target": "begin", "message": error}] if error else [],
        "crumbs": [
            TOP | {"url": reverse("studio:home")},
            {"title": "様式取込", "url": reverse("studio:intake")},
            {"title": taken.name, "url": ""},
        ],
    }
    return render(request, "studio/review.html", context, status=422 if error else 200)


def _file(document: Document, name: str) -> HttpResponse:
    here = surroundings(document)
    text = sharing.to_file(document, fees=here.fees, origin=str(municipality.current().name))
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


@common.staff
@require_GET
def export_published(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Give a published procedure as one file."""
    procedure = access.get_own_procedure(actor_of(request), procedure_id)
    return _file(selectors.published_document(procedure), procedure.id)


@common.staff
@require_GET
def export_copy(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Give a working copy as one file."""
    copy = common.load(request, draft_id)
    return _file(copy.document, f"{copy.draft.procedure_id}-r{copy.draft.revision}")


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Begin a working copy from a file of another municipality."""
    actor, error = actor_of(request), ""
    if request.method == "POST":
        file, section = request.FILES.get("file"), request.POST.get("department", "")
        try:
            if file is None:
                raise InvalidInput(
                    "ファイルがありません。", code="studio.no_file", mend="手続のファイルを選んでください。"
                )
            if section not in actor.sections:
                raise InvalidInput("担当課がありません。", code="studio.no_section", mend="自分の課を選んでください。")
            return _begin(request, sharing.from_file(file.read(sharing.MAX_BYTES + 1), fees=current_fees()), section)
        except DomainError as caught:
            error = str(caught)
    context = {
        "sections": own_sections(actor),
        "errors": [{"target": "file", "message": error}] if error else [],
        "crumbs": [TOP | {"url": reverse("studio:home")}, {"title": "ファイルから作る", "url": ""}],
    }
    return render(request, "studio/bring.html", context, status=422 if error else 200)


def _begin(request: HttpRequest, brought: sharing.Brought, section: str) -> HttpResponse:
    actor, document, remarks = actor_of(request), brought.document, list(brought.remarks)
    procedure = document["procedure"]
    there = municipality.newest_item("procedures", procedure["id"])
    base = ""
    if there is not None and there[0]["department"] in actor.sections:
        base = selectors.digest_of_document(selectors.published_document_by_id(procedure["id"]))
        remarks.append(
            "同じ ID の手続がここにもあります。公開すると、その手続を置き換えます。「公開中との違い」を確かめてください。"
        )
    elif there is not None or selectors.published_form(document["form"]["id"]):
        fresh = free_procedure_id(procedure["title"]["ja"])
        procedure["id"], procedure["form"], document["form"]["id"] = fresh, fresh[:60], fresh[:60]
        remarks.append(f"同じ ID がほかの手続で使われているので、ID を {fresh} にしました。")
    draft = begin_draft(
        document,
        what=f"ファイル（{brought.origin or '出所不明'}）から作り始めた",
        actor=actor,
        at=clock.now(),
        base_digest=base,
        section=section,
    )
    for remark in remarks:
        messages.warning(request, remark)
    messages.success(request, "作業中の写しを作りました。ここにないものは「検査」に示します。")
    return redirect("studio:overview", draft.pk)
