"""Representations by law that residents asked for: staff see the paper, approve, refuse, or revoke later (代理の確認)."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.engines.identity import api as identity
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.errors import DomainError
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.portal.views.delegations import shown_delegation

_staff = staff_required(identity.REVIEW_DELEGATIONS)


@_staff
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the requests that wait, oldest first, and what holds."""
    actor, at = actor_of(request), clock.now()
    context = {
        "waiting": [shown_delegation(item, "ja") for item in identity.waiting_for_review(actor, at=at)],
        "approved": [shown_delegation(item, "ja") for item in identity.reviewed_lately(actor, at=at)],
    }
    return render(request, "portal/reviews.html", context)


@_staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, delegation_id: uuid.UUID) -> HttpResponse:
    """Show one request or representation; take the decision on it."""
    actor, at = actor_of(request), clock.now()
    view = identity.delegation_for(actor, delegation_id, at=at)
    fault: DomainError | None = None
    if request.method == "POST":
        scope = request.POST.get("scope", "")
        reason = request.POST.get("reason", "")
        try:
            if "_end" in request.POST:
                identity.end_delegation(view.row, reason=reason, actor=actor, at=at)
            else:
                identity.check_delegation(
                    view.row,
                    approve="_approve" in request.POST,
                    reason=reason,
                    papers=_papers(view, request.POST.getlist("papers")),
                    scope=scope,
                    values=request.POST.getlist("fields") if scope == "field" else (),
                    actor=actor,
                    at=at,
                )
            return redirect("portal:reviews")
        except DomainError as problem:
            fault = problem
    context = {
        "item": shown_delegation(view, "ja"),
        "areas": sorted({each.field for each in catalogue.list_procedures() if each.in_scope}),
        "posted": request.POST,
        "fault": fault,
        "errors": [{"target": _target(fault), "message": str(fault)}] if fault else [],
    }
    return render(request, "portal/review.html", context, status=fault.http_status if fault else 200)


def _papers(view: identity.DelegationView, chosen: list[str]) -> list[str]:
    """Return the chosen papers of the kind, by their place in its list."""
    return [str(each) for place, each in enumerate(view.kind.grounds) if str(place) in chosen]


def _target(fault: DomainError | None) -> str:
    return "paper-0" if fault is not None and fault.code == "delegation.papers" else "reason"
