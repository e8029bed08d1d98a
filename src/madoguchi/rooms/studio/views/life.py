"""The life of a working copy: overview with the checks, submit, approve or return, publish, compare, history."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.engines.forms.api import FormDefinition, compare_definitions
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of
from madoguchi.kernel.errors import DomainError
from madoguchi.rooms.studio import access, publishing, rules, selectors
from madoguchi.rooms.studio.checking import UNCOVERED, Fault, faults_of
from madoguchi.rooms.studio.comparing import compare_procedures
from madoguchi.rooms.studio.selectors import Copy
from madoguchi.rooms.studio.surroundings import surroundings
from madoguchi.rooms.studio.views import common
from madoguchi.rooms.studio.views.lists import read_day


def fault_url(draft_id: uuid.UUID, fault: Fault) -> str:
    """Return the page on which a fault is mended."""
    if fault.slot and fault.part in {"step", "field", "paper", "fee", "reduction"}:
        return reverse("studio:rule", args=[draft_id, fault.part, fault.key, fault.slot])
    if fault.part in {"examples", "fees"}:
        return reverse(f"studio:{fault.part}", args=[draft_id])
    return reverse("studio:part", args=[draft_id, fault.part, fault.key or "-"])


@common.staff
@require_GET
def overview(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show where a copy stands, what is still wrong, and what may be done now."""
    copy = common.load(request, draft_id)
    return render(request, "studio/overview.html", overview_context(request, copy))


def overview_context(request: HttpRequest, copy: Copy) -> dict[str, Any]:
    """Return the context of the overview."""
    draft, actor, document = copy.draft, actor_of(request), copy.document
    here = surroundings(document)
    faults = faults_of(document, here)
    writers = selectors.writers_of(draft)
    form = document["form"]
    names = selectors.names_of(writers)
    uncovered = any(UNCOVERED in fault.message for fault in faults)
    return common.frame(copy, "overview") | {
        "faults": [(fault, fault_url(draft.pk, fault)) for fault in faults],
        "uncovered": uncovered,
        "counts": {
            "steps": len(form["steps"]),
            "fields": sum(len(step["fields"]) for step in form["steps"]),
            "papers": len(form.get("papers", [])),
            "fees": len(form.get("fees", [])),
            "examples": len(form.get("examples", [])),
        },
        "section": here.departments.get(document["procedure"]["department"], document["procedure"]["department"]),
        "form": form,
        "writers": sorted(names.values()),
        "may": {kind: rules.may_happen(kind, copy.state) for kind in rules.EVENTS},
        "may_judge": actor.may(access.APPROVE) and rules.may_approve(actor.ref, writers),
        "own_work": actor.may(access.APPROVE) and not rules.may_approve(actor.ref, writers),
        "returned": selectors.last_note(draft, "returned") if copy.state == "returned" else None,
        "submitted": selectors.last_note(draft, "submitted") if copy.state == "submitted" else None,
        "published": selectors.last_note(draft, "published") if copy.state == "published" else None,
        "overtaken": copy.state not in rules.ENDED and publishing.published_digest(draft) != draft.base_digest,
        "today": clock.today(),
    }


@common.staff
@require_POST
def act(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Do what leads a copy on: submit, withdraw, approve, return, publish, discard."""
    deed, note = request.POST.get("deed", ""), request.POST.get("note", "")
    actor, at = actor_of(request), clock.now()
    try:
        words = _do(request, draft_id, deed, note, actor, at)
    except DomainError as error:
        if error.http_status in {403, 404}:
            raise
        copy = common.load(request, draft_id)
        context = overview_context(request, copy) | {
            "errors": [{"target": "deeds", "message": str(error)}],
            "typed": {"note": note, "effective_on": request.POST.get("effective_on", "")},
        }
        return render(request, "studio/overview.html", context, status=error.http_status)
    messages.success(request, words)
    return redirect("studio:overview", draft_id)


def _do(request: HttpRequest, draft_id: uuid.UUID, deed: str, note: str, actor: Any, at: Any) -> str:
    if deed == "submit":
        publishing.submit_draft(draft_id, actor=actor, at=at, note=note)
        return "承認を求めました。所属長か情報管理課が確かめます。"
    if deed == "withdraw":
        publishing.withdraw_draft(draft_id, actor=actor, at=at)
        return "編集に戻しました。"
    if deed in {"approve", "return"}:
        publishing.decide_draft(draft_id, approve=deed == "approve", note=note, actor=actor, at=at)
        return "承認しました。" if deed == "approve" else "差し戻しました。"
    if deed == "take_base":
        publishing.take_over_base(draft_id, actor=actor, at=at)
        return "今公開されている内容を確かめたことにしました。"
    if deed == "discard":
        publishing.discard_draft(draft_id, actor=actor, at=at)
        return "取りやめました。"
    day = read_day(request.POST.get("effective_on", ""), "公開日")
    publishing.publish_draft(draft_id, effective_on=day, actor=actor, at=at)
    return f"{publishing.day_words(day)}から公開します。" if day > clock.today() else "公開しました。"


@common.staff
@require_GET
def compare(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show how a copy differs from what is published, or from an earlier revision (``?from=3``)."""
    copy = common.load(request, draft_id)
    number = request.GET.get("from", "")
    old = selectors.document_at(copy.draft, int(number)) if number.isdigit() and len(number) < 8 else None
    name = f"第{number}改訂"
    if old is None:
        old, name = publishing.published_document_of(copy.draft), "公開中の内容"
    sections: dict[str, list[Any]] = {}
    if old is not None:
        titles = surroundings(copy.document).fee_titles()
        changes = [
            *compare_procedures(old["procedure"], copy.document["procedure"]),
            *compare_definitions(
                FormDefinition.model_validate(old["form"]),
                FormDefinition.model_validate(copy.document["form"]),
                fees=titles,
            ),
        ]
        for change in changes:
            sections.setdefault(change.section, []).append(change)
    context = common.frame(copy, "compare", ("違い", "")) | {
        "sections": list(sections.items()),
        "there": old is not None,
        "from": name,
    }
    return render(request, "studio/compare.html", context)


@common.staff
@require_GET
def history(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show every revision and event of a copy."""
    copy = common.load(request, draft_id)
    context = common.frame(copy, "history", ("経過", "")) | {"rows": selectors.history_of(copy.draft)}
    return render(request, "studio/history.html", context)


@common.staff
@require_POST
def restore(request: HttpRequest, draft_id: uuid.UUID, number: int) -> HttpResponse:
    """Write an earlier revision anew as the next one."""
    copy = common.load(request, draft_id)
    earlier = selectors.document_at(copy.draft, number)

    def change(document: Any) -> str:
        if earlier is not None:
            document.clear()
            document.update(earlier)
        return f"第{number}改訂に戻す"

    back = reverse("studio:history", args=[draft_id])
    return common.save_or_warn(request, draft_id, change, back, done=f"第{number}改訂の内容に戻しました。")
