"""By which ways a person is told: on my page for residents, on the status page of a case for guests.

Owns the page. A number is confirmed by a code before anything else goes to it; LINE is linked from LINE itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.engines.identity.api import resident_email
from madoguchi.engines.notices.api import (
    CHOOSABLE,
    CODE_MINUTES,
    LateValue,
    Recipient,
    Way,
    add_phone,
    choices_of,
    choose,
    confirm_phone,
    delivery,
    end_contact,
    lift_fault,
    owner_of,
    send_notice,
    ways_of,
)
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public, resident_required
from madoguchi.kernel.errors import DomainError, InvalidInput
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.views.browse import crumbs

REASONS = {
    "refused": "portal.ways.refused",
    "bounced": "portal.ways.bounced",
    "blocked": "portal.ways.blocked",
    "undeliverable": "portal.ways.undeliverable",
}
TITLES = {"mail": "portal.ways.mail", "line": "portal.ways.line", "sms": "portal.ways.sms"}
KINDS = {
    "action": "portal.ways.kind_action",
    "result": "portal.ways.kind_result",
    "message": "portal.ways.kind_message",
    "progress": "portal.ways.kind_progress",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose ways a page shows: the owner, the address given elsewhere, and where the page is."""

    owner: str
    email: str
    url: str
    back: tuple[Any, str]
    is_account: bool


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Let a resident choose by which ways each kind of notice comes."""
    account_id, lang = int(actor_of(request).id), lang_of(request)
    back = (text("portal.mypage.title", lang), reverse("portal:mypage"))
    url = reverse("portal:ways")
    return _page(request, Holder(owner_of(account_id=account_id), resident_email(account_id), url, back, True))


@public(reason="受付番号と照会コードを知る人だけが開ける")
@require_http_methods(["GET", "HEAD", "POST"])
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Let a guest choose for one case; a resident's case leads to my page, an internal one, and one
    that somebody filed for another, back to its status."""
    case = access.get_case(request, number)
    if case.applicant_ref.startswith("resident:"):
        return redirect("portal:ways")
    status = reverse("portal:status", args=[case.number])
    if case.channel == services.INTERNAL or case.filer_ref:
        return redirect(status)
    url = reverse("portal:case_ways", args=[case.number])
    return _page(
        request, Holder(owner_of(case_number=case.number), case.contact_email, url, (case.number, status), False)
    )


def _page(request: HttpRequest, holder: Holder) -> HttpResponse:
    lang, at, error = lang_of(request), clock.now(), ""
    if request.method == "POST":
        try:
            done = _act(request, holder, lang=lang, at=at)
        except DomainError as problem:
            error = str(words_of(problem, lang))
        else:
            messages.success(request, text(done, lang))
            return redirect(holder.url)
    ways = ways_of(holder.owner, email=holder.email)
    context = {
        "holder": holder,
        "ways": [_shown(way, holder, lang) for way in ways if way.channel != "line" or holder.is_account],
        "kinds": _kinds(holder, ways, lang),
        "error": error,
        "phone": request.POST.get("phone", "")[:20] if error else "",
        "minutes": CODE_MINUTES,
        "line_id": settings.LINE["id"],
        "crumbs": crumbs(request, holder.back, (text("portal.ways.title", lang), "")),
    }
    return render(request, "portal/ways.html", context, status=422 if error else 200)


def _act(request: HttpRequest, holder: Holder, *, lang: str, at: dt.datetime) -> str:
    """Do what was asked and return the text that says so. Raises DomainError."""
    post = request.POST
    if "_phone" in post:
        if "consent" not in post:
            raise InvalidInput(
                "SMS で受け取ることへの同意が選ばれていません。",
                code="portal.no_consent",
                mend="同意するときは、四角に印を付けてください。",
            )
        _send_code(holder, post.get("phone", ""), lang=lang, at=at)
        return "portal.ways.code_sent"
    if "_code" in post:
        confirm_phone(holder.owner, post.get("code", "")[:20], at=at)
        return "portal.ways.confirmed"
    if (channel := post.get("_end", "")) in {"line", "sms"}:
        end_contact(holder.owner, channel, at=at)
        return "portal.ways.ended"
    if channel := post.get("_again", ""):
        for way in ways_of(holder.owner, email=holder.email):
            if way.channel == channel:
                lift_fault(way.channel, way.value, at=at)
        return "portal.ways.used_again"
    choose(holder.owner, {kind: post.getlist(f"way_{kind}") for kind in CHOOSABLE}, at=at)
    return "portal.ways.saved"


def _send_code(holder: Holder, number: str, *, lang: str, at: dt.datetime) -> None:
    contact = add_phone(holder.owner, number, at=at)
    send_notice(
        "phone_code",
        to=Recipient(phone=contact.value),
        lang=lang,
        context={"minutes": str(CODE_MINUTES)},
        late={"code": LateValue("notices.phone_code", str(contact.pk))},
        at=at,
        dedupe_key=f"phone_code:{contact.pk}",
    )


def _shown(way: Way, holder: Holder, lang: str) -> dict[str, Any]:
    return {
        "way": way,
        "title": text(TITLES[way.channel], lang),
        "value": "" if way.channel == "line" else masked(way.value),
        "reason": text(REASONS[way.reason], lang) if way.reason else "",
    }


def _kinds(holder: Holder, ways: list[Way], lang: str) -> list[dict[str, Any]]:
    """Return the choices: one row per kind, one box per way that can be used."""
    chosen, rules = choices_of(holder.owner), delivery()
    able = [way for way in ways if way.state in {"ok", "broken"}]
    return [
        {
            "id": kind,
            "title": text(KINDS[kind], lang),
            "boxes": [
                {
                    "id": way.channel,
                    "title": text(TITLES[way.channel], lang),
                    "checked": way.channel in chosen[kind]
                    if kind in chosen
                    else kind in rules.defaults.get(way.channel, []),  # type: ignore[call-overload]
                }
                for way in able
            ],
        }
        for kind in CHOOSABLE
        if able
    ]


def masked(value: str) -> str:
    """Return an address so that its holder knows it and nobody else learns it: ``h•••@example.jp``, ``•••5678``."""
    name, at, domain = value.partition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"•••{value[-4:]}" if value else ""
