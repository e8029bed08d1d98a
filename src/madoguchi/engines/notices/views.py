"""Doors for the outside: what LINE and the SMS gateway report, and the consent of a resident to link LINE."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public, resident_required
from madoguchi.kernel.errors import NotFound

from .channels import CHANNELS
from .channels.sms import read_report
from .contacts import addresses_of, mark_fault
from .letters import delivery
from .line_events import BadSignatureError, begin_link, hear_line
from .models import AddressFault, DeliveryAttempt, Notice
from .services import give_up

LARGEST = 500_000
TOKEN_MAX = 200
log = structlog.get_logger(__name__)


@csrf_exempt
@public(reason="LINE からの知らせ。署名を確かめる")
@require_POST
def line_webhook(request: HttpRequest) -> HttpResponse:
    """Take what LINE tells us: 200 when it is kept (also the second time), 400 when LINE did not sign it."""
    if not CHANNELS["line"].is_ready():
        return JsonResponse({"error": "line is not set up"}, status=404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        new = hear_line(request.body.decode(), signature=request.headers.get("X-Line-Signature", ""), at=clock.now())
    except (BadSignatureError, ValueError, KeyError) as error:
        log.warning("notices.line_refused", error=type(error).__name__)
        return JsonResponse({"error": "refused"}, status=400)
    return JsonResponse({"new": new})


@csrf_exempt
@public(reason="SMS の事業者からの配達の報告。署名を確かめる")
@require_POST
def sms_report(request: HttpRequest) -> HttpResponse:
    """Take a report of what became of an SMS; one that could not be delivered gives the way up."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    header = delivery().gateway.callback.signature_header
    try:
        report = read_report(
            request.body, content_type=request.content_type or "", signature=request.headers.get(header, "")
        )
    except (ValueError, UnicodeDecodeError):
        return JsonResponse({"error": "unreadable"}, status=400)
    if report is None:
        log.warning("notices.sms_report_refused")
        return JsonResponse({"error": "refused"}, status=400)
    ref, status = report
    if status == "undeliverable" and ref:
        _undeliverable(ref)
    return JsonResponse({"ok": True})


def _undeliverable(ref: str) -> None:
    """Give up the SMS of this number once, and mark the telephone number."""
    with transaction.atomic():
        attempt = DeliveryAttempt.objects.filter(channel="sms", ref=ref, result="sent").first()
        if attempt is None:
            return
        notice = Notice.objects.select_for_update().get(pk=attempt.notice_id)
        if notice.attempts.filter(channel="sms", result="given_up").exists():
            return
        to, at = addresses_of(notice).get("sms", ""), clock.now()
        if to:
            mark_fault("sms", to, AddressFault.Reason.UNDELIVERABLE, at=at)
        give_up(notice, "sms", error="undeliverable", at=at)


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def line_link(request: HttpRequest) -> HttpResponse:
    """Ask a signed-in resident for consent to link the LINE account they come from, then lead to LINE."""
    token = (request.POST if request.method == "POST" else request.GET).get("linkToken", "")
    if not CHANNELS["line"].is_ready() or not token or len(token) > TOKEN_MAX:
        raise NotFound(
            "LINE の連携を始められません。",
            code="notices.no_link",
            mend="LINE のトークに何か書くと、新しいリンクが届きます。",
        )
    context = {"token": token, "go": ""}
    if request.method == "POST":
        context["go"] = begin_link(int(actor_of(request).id), token, at=clock.now())
    return render(request, "notices/line_link.html", context)
