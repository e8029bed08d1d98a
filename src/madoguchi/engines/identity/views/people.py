"""Pages about staff for administrators: the list, one person, switching an account off and on, a new invitation."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.errors import DomainError, InvalidInput

from ..invitations import invitation_url
from ..models import Role
from ..people import STATES, PeopleQuery, list_people, person_of, posts_of
from ..selectors import departments
from ..services import SWITCH_REASONS, switch_off_account, switch_on_account
from .guards import elevation_required

_FILTERS = ("q", "section", "role", "state")


@staff_required("admin.staff")
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List staff by login, 50 a page, with filters."""
    asked = {name: request.GET.get(name, "").strip() for name in _FILTERS}
    query = PeopleQuery(**asked, after=request.GET.get("after", ""))
    found, after = list_people(query, actor=actor_of(request), day=clock.today())
    context = {
        "people": found,
        "query": query,
        "narrowed": any(asked.values()),
        "sections": departments(),
        "roles": Role.objects.all(),
        "states": STATES.items(),
        "next_url": "?" + urlencode({**asked, "after": after}) if after else "",
    }
    return render(request, "identity/people.html", context)


@staff_required("admin.staff")
@never_cache
@require_safe
def person(request: HttpRequest, login: str) -> HttpResponse:
    """Show one member of staff."""
    return _page(request, login)


@elevation_required
@never_cache
@require_POST
def switch(request: HttpRequest, login: str) -> HttpResponse:
    """Switch an account off or on, with a reason."""
    way, reason = request.POST.get("way", ""), request.POST.get("reason", "")
    actor, account = actor_of(request), person_of(login, actor=actor_of(request), day=clock.today()).account
    try:
        if reason not in SWITCH_REASONS.get(way, ()):
            raise InvalidInput("理由を選んでください。", code="identity.switch_reason")
        change = switch_off_account if way == "off" else switch_on_account
        change(account, reason=reason, actor=actor, at=clock.now())
    except DomainError as error:
        return _page(request, login, fault=error, reason=reason)
    messages.success(request, "アカウントを停止しました。" if way == "off" else "アカウントを再開しました。")
    return redirect("identity:person", login=account.login)


@elevation_required
@never_cache
@require_POST
def invitation(request: HttpRequest, login: str) -> HttpResponse:
    """Make a new invitation and show its address once, to be handed over in person."""
    return _page(request, login, address=invitation_url(login, actor=actor_of(request), at=clock.now()))


def _page(
    request: HttpRequest, login: str, *, fault: DomainError | None = None, reason: str = "", address: str = ""
) -> HttpResponse:
    actor, day = actor_of(request), clock.today()
    found = person_of(login, actor=actor, day=day)
    way = "off" if found.account.is_active else "on"
    context = {
        "person": found,
        "posts": posts_of(found.account, actor=actor, day=day),
        "own": actor.ref == found.account.ref,
        "way": way,
        "reasons": SWITCH_REASONS[way].items(),
        "reason": reason,
        "fault": fault,
        "errors": [{"target": "reason", "message": str(fault)}] if fault else [],
        "address": address,
    }
    return render(request, "identity/person.html", context, status=fault.http_status if fault else 200)
