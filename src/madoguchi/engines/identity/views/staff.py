"""The staff's door: sign-in, first password, elevation, lock-out page.

allauth owns the steps of sign-in and the factors.
"""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import login as allauth_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public, staff_required
from madoguchi.kernel.errors import DomainError, InvalidInput, NotFound
from madoguchi.kernel.ui.navigation import nav_items

from ..current import ELEVATION_KEY, elevation_of
from ..services import end_elevation, set_first_password, start_elevation
from ..services.elevation import REASON_MAX
from ..services.staff import find_invited


@public(reason="職員のサインインの入口")
@never_cache
def signin(request: HttpRequest) -> HttpResponseBase:
    """Sign staff in; a resident who stands at the wrong door is asked to sign out first."""
    if request.user.is_authenticated and actor_of(request).kind != "staff":
        return render(request, "identity/wrong_door.html", {"next": request.get_full_path()})
    return allauth_login(request)


@staff_required("")
def home(request: HttpRequest) -> HttpResponse:
    """Lead a member of staff to where the day's work is: the first entry of the menu that is open to them."""
    entries = nav_items("staff", actor_of(request))
    return redirect(entries[0][1] if entries else "mfa_index")


@public(reason="招待された職員がパスワードを決める。招待の鍵で守る")
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, account_id: int, token: str) -> HttpResponse:
    """Let an invited member of staff choose the first password."""
    try:
        account = find_invited(account_id, token)
    except NotFound as error:
        return render(request, "identity/refused.html", {"fault": error}, status=404)
    fault = ""
    if request.method == "POST":
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            fault = "二つのパスワードが違います。同じものを入力してください。"
        else:
            try:
                set_first_password(account_id, token, password=password, at=clock.now())
            except InvalidInput as error:
                fault = error.message_ja
            else:
                messages.success(request, "パスワードを設定しました。サインインしてください。")
                return redirect("account_login")
    context = {"login": account.login, "fault": fault, "errors": _errors("password", fault)}
    response = render(request, "identity/welcome.html", context, status=422 if fault else 200)
    response["Referrer-Policy"] = "no-referrer"
    return response


@staff_required("admin.elevate")
@reauthentication_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def elevation(request: HttpRequest) -> HttpResponse:
    """Show whether rights are raised; on POST raise them for 30 minutes with a reason."""
    reason, fault = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            started = start_elevation(reason, actor=actor_of(request), at=clock.now())
        except DomainError as error:
            fault = str(error)
        else:
            request.session[ELEVATION_KEY] = started.pk
            messages.warning(request, "権限を昇格しました。30分で自動的に終わります。")
            return redirect("identity:elevation")
    context = {
        "in_force": elevation_of(request),
        "reason": reason,
        "reason_max": REASON_MAX,
        "fault": fault,
        "errors": _errors("reason", fault),
    }
    return render(request, "identity/elevation.html", context, status=422 if fault else 200)


@staff_required("admin.elevate")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the elevation at once."""
    end_elevation(actor=actor_of(request), at=clock.now())
    request.session.pop(ELEVATION_KEY, None)
    messages.success(request, "権限の昇格を終えました。")
    return redirect("identity:elevation")


def locked_out(request: HttpRequest, original: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer 429 after too many wrong passwords; called by django-axes."""
    return render(request, "identity/locked_out.html", {"signin_url": reverse("account_login")}, status=429)


def _errors(target: str, message: str) -> list[dict[str, str]]:
    return [{"target": target, "message": message}] if message else []
