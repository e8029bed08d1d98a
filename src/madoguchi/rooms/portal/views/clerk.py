"""Staff ask and write (書かない窓口): start for a resident, take a draft over by its code, give it back.

A draft is opened only with the code the resident tells: there is no list of drafts and no search. Steps, summary and
receipt are the residents' pages in the staff's frame; ``access`` opens them to the clerk who has the draft in hand.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor, actor_of, staff_required
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import DomainError, InvalidInput, NotFound
from madoguchi.kernel.throttle import slow_down
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.acting import ENTRY_CHANNELS, ENTRY_RIGHT, entry_mandate
from madoguchi.rooms.portal.together import services as together
from madoguchi.rooms.portal.views.browse import draft_crumb

_staff = staff_required(ENTRY_RIGHT)
SHOWN = 30


@_staff
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Choose counter or phone, find the procedure, or enter the resident's code."""
    return _page(request)


@_staff
@require_POST
def start(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Begin an application for a resident and lead to its first question."""
    procedure, at = catalogue.get_procedure(procedure_id), clock.now()
    if procedure.audience == "staff":
        raise NotFound("この手続は区民の手続ではありません。", code="portal.not_here")
    channel = _channel(request)
    actor = _entering(request, channel)
    loaded = services.start_application(procedure, actor=actor, lang="ja", at=at, channel=channel, for_resident=True)
    _record(actor, "portal.entry_started", loaded.draft.id)
    return redirect("portal:step", loaded.draft.id, loaded.form.steps[0].id)


@_staff
@require_POST
def start_interview(request: HttpRequest, interview_id: str) -> HttpResponse:
    """Begin an interview for a resident, from which several procedures are handed in together."""
    interview = catalogue.get_interview(interview_id)
    if interview.kind != "bundle":
        raise NotFound("この案内からは申請できません。", code="portal.not_here")
    channel = _channel(request)
    actor = _entering(request, channel)
    loaded = together.start_interview(
        interview, actor=actor, lang="ja", channel=channel, at=clock.now(), for_resident=True
    )
    _record(actor, "portal.entry_started", loaded.draft.id)
    return redirect("portal:step", loaded.draft.id, loaded.form.steps[0].id)


@_staff
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Go on with a resident's draft by the code they tell."""
    at, typed = clock.now(), request.POST.get("code", "")[:200]
    try:
        slow_down(request, "portal.clerk")
        channel = _channel(request)
        loaded = forms.find_draft(code_in(typed), at=at)
        if loaded.draft.mandate or loaded.draft.channel == services.INTERNAL:
            raise InvalidInput(
                "この下書きは、窓口や電話では続けられません。",
                code="portal.not_taken",
                mend="代理人の下書きと庁内手続は、始めた方が続けてください。",
            )
        actor = _entering(request, channel)
        forms.hand_over(loaded, channel=channel, actor=actor, at=at, hold=True)
        _record(actor, "portal.draft_taken", loaded.draft.id)
    except DomainError as problem:
        return _page(request, error=str(problem), typed=typed)
    return redirect("portal:entry", loaded.draft.id)


@_staff
@require_POST
def release(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Give a draft back: the resident goes on with the same code, the clerk no longer sees it."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    forms.hand_over(loaded, channel="online", actor=actor_of(request), at=at)
    _record(actor_of(request), "portal.draft_released", draft_id)
    messages.success(request, "下書きを区民に渡しました。続きは再開コードでできます。")
    return redirect("portal:clerk")


def code_in(typed: str) -> str:
    """Return the code in what was typed or scanned: the code itself, or the address of its two-dimensional code."""
    return typed.rpartition("#")[2].strip()


def _channel(request: HttpRequest) -> str:
    channel = request.POST.get("channel", "")
    if channel not in ENTRY_CHANNELS:
        raise InvalidInput("窓口か電話かを選んでください。", code="portal.channel")
    return channel


def _entering(request: HttpRequest, channel: str) -> Actor:
    return replace(actor_of(request), mandate=entry_mandate(channel))


def _record(actor: Actor, action: str, draft_id: uuid.UUID) -> None:
    record(actor=actor, action=action, subject=f"draft:{draft_id}", payload={}, at=clock.now())


def _page(request: HttpRequest, *, error: str = "", typed: str = "") -> HttpResponse:
    given: Any = request.POST if request.method == "POST" else request.GET
    query = given.get("q", "")[:100].strip()
    found = catalogue.search_procedures(query) if query else catalogue.frequent(9)
    sections = catalogue.departments()
    actor = actor_of(request)
    context = {
        "channel": given.get("channel", "") if given.get("channel", "") in ENTRY_CHANNELS else "counter",
        "channels": [(each, catalogue.CHANNEL_LABELS[each]) for each in ENTRY_CHANNELS],
        "query": query,
        "procedures": [
            {"item": item, "department": sections[item.department].name if item.department in sections else ""}
            for item in found
            if item.in_scope
        ][:SHOWN],
        "interviews": [
            item
            for item in catalogue.interviews().values()
            if item.kind == "bundle" and (not query or query in item.title.get("ja") + item.intro.get("ja"))
        ],
        "in_hand": [
            {"title": draft_crumb(draft)[0], "draft": draft}
            for draft in forms.drafts_held_by(actor.ref, at=clock.now())
        ],
        "error": error,
        "typed": typed,
        "errors": [{"target": "code", "message": error}] if error else [],
    }
    return render(request, "portal/clerk.html", context, status=422 if error else 200)
