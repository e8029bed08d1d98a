"""Messages to the applicant: send one, take a ready answer, note that no answer is needed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.engines.casework.api import conversation_rules, send_message, settle_messages
from madoguchi.kernel import municipality
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.clock import now
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

from ..access import get_case
from ..thread import with_template
from .cases import case_page

TYPED_MAX = 20_000


@require_POST
@staff_required("desk.work")
def write_message(request: HttpRequest, number: str) -> HttpResponse:
    """Send a message to the applicant; ``_template`` puts a ready answer into the box first. What was typed stays."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    typed = request.POST.get("message", "")[:TYPED_MAX]
    if "_template" in request.POST:
        chosen = request.POST.get("template", "")
        try:
            words = with_template(typed, chosen, case=case)
        except NotFound as caught:
            return case_page(request, case, at=at, status=422, message_typed=typed, message_error=caught.message_ja)
        return case_page(request, case, at=at, message_typed=words, message_template=chosen)
    try:
        send_message(
            case,
            body=typed,
            actor=actor,
            at=at,
            calendar=municipality.current().calendar,
            rules=conversation_rules(),
        )
    except (InvalidInput, Conflict) as caught:
        return case_page(request, case, at=at, status=422, message_typed=typed, message_error=str(caught))
    messages.success(request, f"{case.number}：申請者にメッセージを送りました。")
    return redirect(reverse("desk:case", args=[case.number]) + "#thread")


@require_POST
@staff_required("desk.work")
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the resident's messages need no written answer."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    if settle_messages(case, actor=actor, at=at, calendar=municipality.current().calendar):
        messages.success(request, f"{case.number}：返事は不要として、返事待ちを終えました。")
    return redirect("desk:case", number=case.number)
