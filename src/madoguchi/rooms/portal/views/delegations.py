"""A resident's delegations: what was given to others, what is held for others, giving, accepting, asking, ending."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.engines.casework.api import CaseEvent, acts_under, definition_of, public_timeline
from madoguchi.engines.identity import api as identity
from madoguchi.engines.identity.api import DelegationView
from madoguchi.kernel import clock
from madoguchi.kernel.access import act_under, actor_of, resident_required
from madoguchi.kernel.errors import DomainError, InvalidInput
from madoguchi.kernel.l10n import LocalText
from madoguchi.kernel.throttle import slow_down
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.portal.acting import asked_of, mandate_in
from madoguchi.rooms.portal.delegation_form import form_fields, typed_day
from madoguchi.rooms.portal.together.naming import procedures_in
from madoguchi.rooms.portal.views.browse import crumbs

FAULT_FIELDS = {
    "delegation.scope": "scope",
    "delegation.scope_values": "scope",
    "delegation.starts_in_past": "valid_from",
    "delegation.ends_before_start": "valid_to",
    "delegation.too_long": "valid_to",
    "delegation.born_on": "born_on",
    "delegation.principal_name": "principal_name",
    "delegation.delegate_name": "delegate_name",
}


def settle_for_whom(
    request: HttpRequest, procedure_id: str, *, crumb: tuple[Any, str], action: str, at: dt.datetime
) -> HttpResponse | None:
    """Let the request act for whom was chosen; return the page that asks whose application it is while that is open.

    *procedure_id* is that of the draft to be begun: a procedure's, or an interview's; *crumb* its title and page. No SQL for
    guests. Raises NotFound, NotAllowed (the delegation does not hold, or covers nothing here).
    """
    actor, chosen = actor_of(request), request.POST.get("for", "")
    if chosen not in ("", "self"):
        act_under(request, mandate_in(actor, chosen, procedure_id, at=at))
    if chosen or actor.kind != "resident":
        return None
    procedures = procedures_in(procedure_id)
    others = identity.usable_for(actor, [asked_of(item) for item in procedures], at=at)
    if not others:
        return None
    context = {
        "title": crumb[0],
        "action": action,
        "together": len(procedures) > 1,
        "others": others,
        "crumbs": crumbs(request, crumb, (text("portal.delegation.for_whom", lang_of(request)), "")),
    }
    return render(request, "portal/for_whom.html", context)


@resident_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what was given and what is held, with every act done under what was given."""
    actor, at = actor_of(request), clock.now()
    given, held = identity.given_by(actor, at=at), identity.held_by(actor, at=at)
    acts = acts_under([item.row.ref for item in given])
    lang = lang_of(request)
    context = {
        "given": [{**shown_delegation(item, lang), "acts": _acts(item, acts)} for item in given],
        "held": [shown_delegation(item, lang) for item in held],
        "ways": {kind.way for kind in identity.delegation_kinds_on(clock.today()).values()},
        "crumbs": _crumbs(request),
    }
    return render(request, "portal/delegations.html", context)


@resident_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give a delegation; show its invitation code once."""
    return _form(request, "given")


@resident_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask staff to enter a representation by law."""
    return _form(request, "statutory")


@resident_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Enter an invitation code, look at what it offers, accept or decline it."""
    actor, at, lang = actor_of(request), clock.now(), lang_of(request)
    code, error, offer = request.POST.get("code", "")[:40], "", None
    if request.method == "POST":
        try:
            slow_down(request, "delegation")
            offer = identity.find_invitation(code, actor=actor, at=at)
            if "_decline" in request.POST:
                identity.decline_delegation(code, actor=actor, at=at)
                return redirect("portal:delegations")
            if "_accept" in request.POST:
                identity.accept_delegation(
                    code,
                    name=request.POST.get("delegate_name", ""),
                    number=request.POST.get("number", "")[:40],
                    facility=request.POST.get("facility", "")[:200],
                    actor=actor,
                    at=at,
                )
                return redirect("portal:delegations")
        except DomainError as problem:
            error = str(words_of(problem, lang))
    context = {
        "code": code,
        "offer": shown_delegation(offer, lang) if offer else None,
        "posted": request.POST,
        "name": request.POST.get("delegate_name", actor.name),
        "error": error,
        "errors": [{"target": "delegate_name" if offer else "code", "message": error}] if error else [],
        "crumbs": _crumbs(request, text("portal.delegation.accept_title", lang)),
    }
    return render(request, "portal/delegation_accept.html", context, status=422 if error else 200)


@resident_required
@require_POST
def end(request: HttpRequest, delegation_id: uuid.UUID) -> HttpResponse:
    """End a delegation at once: revoke what was given, resign from what is held."""
    actor, at = actor_of(request), clock.now()
    view = identity.delegation_for(actor, delegation_id, at=at)
    identity.end_delegation(view.row, actor=actor, at=at)
    return redirect("portal:delegations")


def _form(request: HttpRequest, way: str) -> HttpResponse:
    actor, at, lang = actor_of(request), clock.now(), lang_of(request)
    kinds = [kind for kind in identity.delegation_kinds_on(clock.today()).values() if kind.way == way]
    fault: DomainError | None = None
    if request.method == "POST":
        try:
            wish = _wish(request.POST, way=way)
            if way == "statutory":
                identity.request_delegation(wish, actor=actor, at=at)
                return redirect("portal:delegations")
            row, code = identity.offer_delegation(wish, actor=actor, at=at)
            view = identity.delegation_for(actor, row.pk, at=at)
            offered = {"code": code, "offer": shown_delegation(view, lang), "crumbs": _crumbs(request)}
            return render(request, "portal/delegation_offered.html", offered)
        except DomainError as problem:
            fault = problem
    title = text(f"portal.delegation.{'give' if way == 'given' else 'ask'}_title", lang)
    error = str(words_of(fault, lang)) if fault else ""
    target = FAULT_FIELDS.get(fault.code, "kind") if fault else ""
    context: dict[str, Any] = {
        "way": way,
        "title": title,
        "fields": form_fields(request.POST, kinds, name=actor.name, way=way, lang=lang, faults={target: error}),
        "grounds": kinds if way == "statutory" else [],
        "errors": [{"target": target, "message": error}] if error else [],
        "crumbs": _crumbs(request, title),
    }
    return render(request, "portal/delegation_form.html", context, status=fault.http_status if fault else 200)


def _wish(post: Any, *, way: str) -> identity.Wish:
    scope = post.get("scope", "")
    values = post.getlist({"list": "procedures", "field": "fields"}.get(scope, ""))
    known = {item.id for item in catalogue.list_procedures()} | {item.field for item in catalogue.list_procedures()}
    return identity.Wish(
        kind=post.get("kind", ""),
        principal_name=post.get("principal_name", ""),
        principal_kana=post.get("principal_kana", ""),
        born_on=_day(post, "born_on", "delegation.born_on") if way == "statutory" else None,
        delegate_name=post.get("delegate_name", ""),
        scope=scope,
        values=[value for value in values if value in known],
        valid_from=_day(post, "valid_from", "delegation.starts_in_past") or clock.today(),
        valid_to=_day(post, "valid_to", "delegation.ends_before_start"),
    )


def _day(post: Mapping[str, str], name: str, code: str) -> dt.date | None:
    """Read a day typed in three boxes, None when all are empty. Raises InvalidInput for what is no day."""
    typed = typed_day(post, name)
    if not any(typed.values()):
        return None
    try:
        return dt.date(*(int(typed[part]) for part in typed))
    except ValueError:
        raise InvalidInput("日付を確かめてください。", code=code) from None


def shown_delegation(view: DelegationView, lang: str) -> dict[str, Any]:
    """Return a delegation in the reader's words."""
    titles = {item.id: item.title.get(lang) for item in catalogue.list_procedures()}
    values = [titles.get(value, value) for value in view.row.scope_values]
    return {
        "view": view,
        "row": view.row,
        "kind": view.kind,
        "state": text(f"portal.delegation.state_{view.state}", lang),
        "chip": "progress" if view.state == "in_force" else "waiting" if view.is_waiting else "done",
        "scope": values or [text("portal.delegation.scope_all", lang)],
    }


def _acts(view: DelegationView, acts: list[CaseEvent]) -> list[dict[str, Any]]:
    """Return what was done under a delegation, newest first, in the words of the case's history."""
    rows = []
    for event in acts:
        if event.case.mandate == view.row.ref:
            title = _title_of(event)
            rows.append({"event": event, "case": event.case, "title": title})
    return rows


def _title_of(event: CaseEvent) -> LocalText | None:
    lines = public_timeline(event.case, [event], definition=definition_of(event.case.workflow_version_id))
    return lines[0].title if lines else None


def _crumbs(request: HttpRequest, title: str = "") -> list[dict[str, Any]]:
    lang = lang_of(request)
    here = (text("portal.delegation.title", lang), reverse("portal:delegations") if title else "")
    steps = [(text("portal.mypage.title", lang), reverse("portal:mypage")), here]
    return crumbs(request, *steps, *([(title, "")] if title else []))
