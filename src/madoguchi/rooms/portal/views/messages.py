"""Messages from the applicant to the section, on the status page. Nothing typed is lost when it is refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.engines.casework.api import conversation_rules, send_message
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import public
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.portal import access
from madoguchi.rooms.portal.views.status import status_page

TYPED_MAX = 20_000
SENDS, WITHIN_SECONDS = 20, 3600


@public(reason="受付番号と照会コードを知る人だけが送れる")
@require_POST
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Send a message to the section of a case the visitor may see."""
    case, at = access.get_case(request, number), clock.now()
    typed, lang = request.POST.get("message", "")[:TYPED_MAX], lang_of(request)
    try:
        access.not_too_often(f"message.{case.number}", limit=SENDS, seconds=WITHIN_SECONDS)
        send_message(
            case,
            body=typed,
            actor=access.applicant_of(request, case),
            at=at,
            calendar=municipality.current().calendar,
            rules=conversation_rules(),
        )
    except (InvalidInput, Conflict) as problem:
        words = str(words_of(problem, lang))
        return status_page(request, case, at=at, status=422, message_typed=typed, message_error=words)
    messages.success(request, text("portal.thread.sent", lang))
    return redirect(reverse("portal:status", args=[case.number]) + "#thread")
