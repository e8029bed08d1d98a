"""Offering, using and taking out what is known about a resident, within the step that is being filled.

The buttons stand inside the step's own form, so that what was typed is saved with them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from madoguchi.engines.forms import api as forms
from madoguchi.kernel.access import actor_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.rooms.portal.prefilling import mark_origins, may_offer, offer_context, offers_of

BUTTONS = ("_prefill", "_clear")


def is_prefill_action(request: HttpRequest) -> bool:
    """Tell whether one of the buttons was pressed."""
    return any(name in request.POST for name in BUTTONS)


def act(
    request: HttpRequest, loaded: forms.LoadedDraft, step: forms.CompiledStep, visible: set[str], *, at: dt.datetime
) -> None:
    """Do what the pressed button says."""
    if not may_offer(loaded.draft, actor_of(request)):
        return
    here = [item.id for item in step.flat()]
    if chosen := request.POST.get("_clear"):
        forms.clear_values(loaded, here if chosen == "*" else [chosen], at=at)
    elif request.POST["_prefill"] == "use":
        known = forms.prefilled(loaded.draft.id)
        offers = offers_of(loaded, step, visible, known, actor=actor_of(request))
        forms.use_values(loaded, {offer.item.id: offer.origin for offer in offers}, at=at)
    else:
        forms.decline_values(loaded, step.id, at=at)


def dress(
    request: HttpRequest,
    loaded: forms.LoadedDraft,
    step: forms.CompiledStep,
    visible: set[str],
    context: dict[str, Any],
) -> None:
    """Add the offer and the words of where values came from to a step's context (nothing and no SQL for guests)."""
    actor, lang = actor_of(request), lang_of(request)
    if not may_offer(loaded.draft, actor):
        return
    known = forms.prefilled(loaded.draft.id)
    before = []
    if mark_origins(context["fields"], known.standing(loaded.draft.answers), lang):
        before.append("portal/parts/prefilled.html")
    if offer := offer_context(offers_of(loaded, step, visible, known, actor=actor), lang):
        context["prefill"] = offer
        before.append("portal/parts/prefill.html")
    context["before_fields"] = before
