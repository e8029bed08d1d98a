"""The identity check before handing in: what is needed and why, how to show it, and the other ways; the way back after it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.engines.forms import api as forms
from madoguchi.engines.identity.api import link_key, providers_for
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import actor_of, public
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import Procedure, get_department
from madoguchi.rooms.portal import access
from madoguchi.rooms.portal.assurance import Need, lack_of, need_of
from madoguchi.rooms.portal.together.naming import is_interview

_open = public(reason="下書きの鍵を持つ人が、サインインの後に戻る入口")


def gate_context(
    request: HttpRequest, procedures: Sequence[Procedure], channel: str, *, back: str, at: dt.datetime
) -> dict[str, Any] | None:
    """Return the context of ``portal/parts/gate.html``, None when the visitor may hand in. *back*: the address to return to."""
    actor, lang = actor_of(request), lang_of(request)
    lack = lack_of(procedures, channel, actor=actor, at=at)
    if not lack:
        return None
    need = need_of(procedures)
    asking = [item for item in procedures if item.assurance.asks_sign_in]
    audiences = ("business", "resident") if any(item.audience == "business" for item in asking) else ("resident",)
    offers = [item for item in providers_for(*audiences) if _reaches(item, need)]
    return {
        "template": "portal/parts/gate.html",
        "lack": text(f"portal.gate.lack.{lack}", lang),
        "needs": [
            text(f"portal.gate.identity.{need.identity}", lang),
            text(f"portal.gate.authentication.{need.authentication}", lang),
        ],
        "reasons": list(dict.fromkeys(item.assurance.reason.get(lang) for item in asking if item.assurance.reason)),
        "offers": offers,
        "back": back,
        "key": link_key(actor) if actor.kind == "resident" else "",
        "fresh": lack == "stale",
        "department": get_department(asking[0].department),
        "hours": municipality.current().data.get("hours", {}).get("text"),
        "address": municipality.current().text("address"),
        "by_counter": any("counter" in item.channels for item in asking),
        "by_post": all("post" in item.channels for item in asking),
    }


def _reaches(provider: Any, need: Need) -> bool:
    return any(
        level.identity >= need.identity and level.authentication >= need.authentication for level in provider.levels
    )


@_open
@require_safe
def come_back(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Make the draft the account's of who has just signed in, and show the summary again."""
    actor, at = actor_of(request), clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    if actor.kind == "resident" and not loaded.sent:
        forms.adopt_draft(loaded, actor=actor)
    return redirect("portal:together_summary" if is_interview(loaded.draft) else "portal:entry", draft_id)


def return_url(draft_id: uuid.UUID) -> str:
    """Return the address to which a sign-in for this draft comes back."""
    return reverse("portal:come_back", args=[draft_id])
