"""The residents' door: ask for a link, confirm it, sign out. Owns no rule:
limits and single use are in ``services.links``.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.kernel.origin import client_ip
from madoguchi.kernel.ui.texts import text

from ..backends import RESIDENT_BACKEND
from ..current import ELEVATION_KEY
from ..outside.section import providers_for
from ..services import end_elevation
from ..services.links import TooManyRequestsError, confirm_link, find_link, request_link

HOME = "/"


def safe_next(request: HttpRequest, default: str = "") -> str:
    """Return the path the request asks to go on to when it stays on this site, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else default


@public(reason="サインインの入口")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signin(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST record the request and have the link mailed."""
    if actor_of(request).kind == "resident":
        return redirect(safe_next(request, HOME))
    if request.method != "POST":
        return _form(request)
    email = request.POST.get("email", "")
    try:
        request_link(
            email,
            origin=client_ip(request),
            lang=request.lang,  # type: ignore[attr-defined]
            at=clock.now(),
            next_path=safe_next(request),
        )
    except InvalidInput:
        return _form(request, email=email, error="identity.error.email", status=422)
    except TooManyRequestsError:
        return _form(request, email=email, error="identity.error.too_many", status=429)
    return redirect("identity:sent")


@public(reason="サインインの入口")
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, the same for every address."""
    return render(request, "identity/sent.html", {"demo": settings.DEMO})


@public(reason="メールで届いたリンクの入口。リンクそのものが鍵")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask to confirm (a mail scanner that opens the link uses nothing up); on POST sign in."""
    at = clock.now()
    try:
        if request.method == "POST":
            account, next_path = confirm_link(token, at=at)
            login(request, account, backend=RESIDENT_BACKEND)
            return _private(redirect(next_path or resolve_url(getattr(settings, "RESIDENT_HOME_URL", HOME))))
        found = find_link(token, at=at)
    except NotFound:
        return _private(render(request, "identity/unusable.html", status=404))
    return _private(render(request, "identity/confirm.html", {"address": masked(found.email)}))


@public(reason="サインアウトは誰でもできる")
@require_POST
def signout(request: HttpRequest) -> HttpResponse:
    """End the session, and with it an elevation."""
    actor = actor_of(request)
    if actor.kind == "staff" and ELEVATION_KEY in request.session:
        end_elevation(actor=actor, at=clock.now())
    logout(request)
    return HttpResponseRedirect(safe_next(request, reverse("account_login") if actor.kind == "staff" else HOME))


def masked(email: str) -> str:
    """Return an address with all but the first letter and the domain hidden: ``h•••@example.jp``."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}"


def _form(request: HttpRequest, *, email: str = "", error: str = "", status: int = 200) -> HttpResponse:
    message = text(error, request.lang) if error else ""  # type: ignore[attr-defined]
    context = {
        "email": email,
        "error": message,
        "errors": [{"target": "email", "message": message}] if error else [],
        "next": safe_next(request),
        "providers": providers_for("resident", "business"),
    }
    return render(request, "identity/signin.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the token of the address out of the referrer."""
    response["Referrer-Policy"] = "no-referrer"
    return response
