"""What may be put into a step for a signed-in resident: from the own details, the sign-in, and an earlier application.

Owns the order of the sources and that nothing is put in unasked. A draft for somebody else (delegation), by staff or of a
guest is never offered anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.casework.api import cases_of_applicant
from madoguchi.engines.forms import api as forms
from madoguchi.engines.identity.api import methods_of, profile_of, providers_for
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.ui.texts import text

EARLIER = 5
"""So many of the newest cases are looked at."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that could be put into a question."""

    item: forms.CompiledField
    origin: forms.Origin


def may_offer(draft: forms.Draft, actor: Actor) -> bool:
    """Tell whether the actor fills the own draft for themselves."""
    return actor.kind == "resident" and draft.owner_ref == actor.ref and not draft.mandate and draft.channel == "online"


def offers_of(
    loaded: forms.LoadedDraft, step: forms.CompiledStep, visible: set[str], known: forms.Prefilled, *, actor: Actor
) -> list[Offer]:
    """Return what could be put into the unanswered questions of a step (three SQL statements when there are any)."""
    here = {item.id for item in step.flat()}
    open_fields = {
        key: item
        for key, item in forms.own_fields(loaded.form).items()
        if item.id in here and item.id in visible and item.id not in known.origins and not _has(loaded, item)
    }
    if not open_fields or step.id in known.declined:
        return []
    found: dict[str, forms.Origin] = {}
    for key, origin in _sources(actor):
        if key in open_fields and key not in found and open_fields[key].kind.shaped(origin.value):
            found[key] = origin
    return [Offer(item, found[key]) for key, item in open_fields.items() if key in found]


def _has(loaded: forms.LoadedDraft, item: forms.CompiledField) -> bool:
    value = loaded.draft.answers.get(item.id)
    return any(value.values()) if isinstance(value, Mapping) else bool(value)


def _sources(actor: Actor) -> list[tuple[str, forms.Origin]]:
    """Return everything known, the own details first, then an earlier application, then the sign-in."""
    account = int(actor.id)
    profile = profile_of(account)
    pairs = [
        (key, forms.Origin("profile", value))
        for key, value in forms.values_of(profile.values if profile else {}).items()
    ]
    for case in cases_of_applicant(actor.ref).select_related("submission")[:EARLIER]:
        if case.submission is None or case.submission.mandate:
            continue
        answers, on = case.submission.answers, case.received_on.isoformat()
        for key, item in forms.own_fields(forms.compiled_version(case.submission.form_version_id)).items():
            if answers.get(item.id) and item.kind.shaped(answers[item.id]):
                pairs.append((key, forms.Origin("earlier", answers[item.id], case.procedure_title, on)))
    titles = {item.id: item.title.get("ja") for item in providers_for("resident", "business")}
    for method in methods_of(account):
        title = titles.get(method.provider_id, method.provider_id)
        pairs += [
            (key, forms.Origin("provider", value, title)) for key, value in forms.values_of(method.claims).items()
        ]
    return pairs


def words_of_origin(origin: forms.Origin, lang: str) -> str:
    """Return where a value came from: 「前の申請（令和8年6月3日）から」."""
    if origin.source == "earlier":
        return text("portal.prefill.earlier", lang, day=day_in_words(dt.date.fromisoformat(origin.on), lang))
    return text(f"portal.prefill.from.{origin.source}", lang)


def offer_context(offers: list[Offer], lang: str) -> dict[str, Any] | None:
    """Return the context of the box that offers values, None when there is nothing to offer."""
    if not offers:
        return None
    return {
        "rows": [
            {
                "label": offer.item.fd.label.get(lang),
                "value": "／".join(part.text for part in offer.item.kind.show(offer.item.fd, offer.origin.value, lang)),
                "source": words_of_origin(offer.origin, lang),
            }
            for offer in offers
        ],
    }


def mark_origins(views: list[Any], standing: Mapping[str, forms.Origin], lang: str) -> bool:
    """Write the words of each origin beside its question; tell whether there is one on the page."""
    marked = False
    for view in views:
        if origin := standing.get(view.name):
            view.origin, marked = words_of_origin(origin, lang), True
        marked = mark_origins(view.fields, standing, lang) or marked
    return marked
