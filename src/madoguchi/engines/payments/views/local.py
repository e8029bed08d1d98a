"""The local provider's own pages, as a payer sees them at a real provider. They exist in demo and tests only."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kernel.access import public
from madoguchi.kernel.csv_files import csv_response

from ..models import LocalSession
from ..providers.local import MANNERS, act_as_payer, settlement_csv

_open = public(reason="試験用の決済事業者の画面。デモと試験だけにある")


@_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what is to be paid; on POST do what the payer chose and go back to the ward."""
    session = LocalSession.objects.filter(ref=ref).first() if settings.PAYMENTS_LOCAL_SECRET else None
    if session is None:
        raise Http404
    if request.method == "POST":
        action = request.POST.get("action", "")
        silent = request.POST.get("silent", "")
        act_as_payer(
            ref,
            action=action,
            manner=request.POST.get("manner", ""),
            silent_calls=int(silent) if silent in ("1", "2") else 0,
        )
        return redirect(urlsplit(session.cancel_url if action == "abandon" else session.return_url).path)
    context = {"session": session, "manners": MANNERS.items()}
    return render(request, "payments/local.html", context)


@public(reason="試験用の精算データ。デモと試験だけにある")
@require_safe
def settlement(request: HttpRequest) -> HttpResponse:
    """Give the local provider's settlement file."""
    if not settings.PAYMENTS_LOCAL_SECRET:
        raise Http404
    return csv_response("local_settlement.csv", settlement_csv())
