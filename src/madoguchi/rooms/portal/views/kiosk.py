"""A terminal in the ward office (区の端末): go on by code or start, and leave nothing behind.

Owns the cookie that marks a browser as such a terminal. Nothing more is allowed there than anywhere else.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel.access import public
from madoguchi.rooms.portal import access

COOKIE = "mdg_kiosk"
CHANNEL = "kiosk"
_open = public(reason="区の端末の入口。できることは、ほかの場所と変わらない")


def channel_here(request: HttpRequest) -> str:
    """Return the channel of this browser: a terminal of the ward, or the web."""
    return CHANNEL if COOKIE in request.COOKIES else "online"


@_open
@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """Show the terminal's first page and mark the browser."""
    response = render(request, "portal/kiosk.html")
    response.set_cookie(COOKIE, "1", httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@_open
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget every key of whoever used the terminal."""
    request.session.flush()
    return access.drop_keys(redirect("portal:kiosk"))
