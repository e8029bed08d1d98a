"""Pages about staff for administrators whose rights are raised (``admin.staff`` is held only then)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.errors import InvalidInput, NotAllowed

from ..invitations import invitation_url
from ..models import Role
from ..people import STATES, PeopleQuery, list_people, person_of
from ..selectors import departments
from ..services import SWITCH_REASONS, switch_off_account, switch_on_account

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


@staff_required("admin.staff")
@require_POST
def switch(request: HttpRequest, login: str) -> HttpResponse:
    """Switch an account off or on, with a reason."""
    actor, account = actor_of(request), person_of(login, actor=actor_of(request), day=clock.today()).account
    way, change = ("off", switch_off_account) if account.is_active else ("on", switch_on_account)
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("way") != way or not reason:
            raise InvalidInput("理由を選んでください。", code="identity.switch_reason")
        change(account, reason=reason, actor=actor, at=clock.now())
    except (InvalidInput, NotAllowed) as error:
        return _page(request, login, fault=str(error))
    messages.success(request, "アカウントを停止しました。" if way == "off" else "アカウントを再開しました。")
    return redirect("identity:person", login=account.login)


@staff_required("admin.staff")
@never_cache
@require_POST
def invitation(request: HttpRequest, login: str) -> HttpResponse:
    """Make a new invitation and show its address once, to be handed over in person."""
    return _page(request, login, address=invitation_url(login, actor=actor_of(request), at=clock.now()))


def _page(request: HttpRequest, login: str, *, fault: str = "", address: str = "") -> HttpResponse:
    actor = actor_of(request)
    found = person_of(login, actor=actor, day=clock.today())
    context = {
        "person": found,
        "own": actor.ref == found.account.ref,
        "way": "off" if found.account.is_active else "on",
        "reasons": SWITCH_REASONS["off" if found.account.is_active else "on"].items(),
        "fault": fault,
        "errors": [{"target": "reason", "message": fault}] if fault else [],
        "address": address,
    }
    return render(request, "identity/person.html", context, status=422 if fault else 200)
