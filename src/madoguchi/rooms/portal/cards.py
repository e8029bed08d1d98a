"""What the browsing pages show: cards, facts, groups. Pure reading of the catalogue, no SQL."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.urls import reverse

from madoguchi.engines.forms.api import compiled_version, current_fees, version_in_force
from madoguchi.kernel import clock
from madoguchi.kernel.ui.templatetags.ui import marked
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.catalogue.api import LifeEvent, Procedure, Service

STATUS_KINDS = {"full": "done", "partial": "progress", "generic": "progress"}


def event_cards(events: Iterable[LifeEvent]) -> list[dict[str, Any]]:
    """Return life events as link cards."""
    return [
        {
            "title": event.title,
            "text": event.summary,
            "icon": event.icon,
            "url": reverse("portal:life", args=[event.id]),
        }
        for event in events
    ]


def service_cards(services: Iterable[Service]) -> list[dict[str, Any]]:
    """Return other digital services as link cards."""
    return [
        {
            "title": item.title,
            "text": item.summary,
            "icon": item.icon,
            "url": item.url or reverse("portal:services"),
            "sample": item.sample,
        }
        for item in services
    ]


def procedure_cards(items: Iterable[Procedure]) -> list[dict[str, Any]]:
    """Return procedures as link cards."""
    return [
        {"title": item.title, "text": item.official_name, "url": reverse("portal:procedure", args=[item.id])}
        for item in items
    ]


def procedure_rows(items: Iterable[Procedure], lang: str) -> list[dict[str, Any]]:
    """Return procedures as rows of a result list: title, official name, summary, section, status."""
    departments = catalogue.departments()
    return [
        {
            "title": item.title,
            "official_name": item.official_name,
            "summary": item.summary,
            "url": reverse("portal:procedure", args=[item.id]),
            "department": departments[item.department].name if item.department in departments else "",
            "status": text(f"portal.online.{item.online.status}", lang),
            "kind": STATUS_KINDS.get(item.online.status, "neutral"),
        }
        for item in items
    ]


def by_area(items: Iterable[Procedure], lang: str) -> list[dict[str, Any]]:
    """Return procedures grouped by area, areas in order of size."""
    ordered = sorted(items, key=lambda item: (item.field, not item.in_scope, item.kana))
    groups = [
        {"title": area, "rows": procedure_rows(list(rows), lang)}
        for area, rows in groupby(ordered, key=lambda i: i.field)
    ]
    return sorted(groups, key=lambda group: -len(group["rows"]))


def department_groups() -> list[dict[str, Any]]:
    """Return the sections that have procedures, grouped by bureau (部)."""
    known = catalogue.departments()
    used = {item.department for item in catalogue.list_procedures()}
    groups: dict[str, list[dict[str, Any]]] = {}
    for department in known.values():
        if department.id in used:
            parent = known[department.parent].name if department.parent in known else ""
            groups.setdefault(parent, []).append(
                {
                    "title": department.name,
                    "url": reverse("portal:department", args=[department.id]),
                    "count": sum(item.department == department.id for item in catalogue.list_procedures()),
                }
            )
    return [{"title": title, "items": items} for title, items in groups.items()]


def counts() -> dict[str, int]:
    """Return how many procedures there are and how many can be finished online."""
    items = [item for item in catalogue.list_procedures() if item.in_scope]
    return {"all": len(items), "online": sum(item.online.status in {"full", "partial", "generic"} for item in items)}


def related(item: Procedure, *, limit: int = 4) -> list[Procedure]:
    """Return procedures that share a life event and the area with *item*."""
    events = set(item.life_events)
    others = [
        (len(events & set(other.life_events)) * 2 + (other.field == item.field), other)
        for other in catalogue.list_procedures()
        if other.id != item.id and other.in_scope
    ]
    ranked = sorted((pair for pair in others if pair[0] > 1), key=lambda pair: (-pair[0], pair[1].kana))
    return [other for _, other in ranked[:limit]]


def procedure_facts(item: Procedure, lang: str) -> list[dict[str, Any]]:
    """Return the facts of a procedure page in reading order, invented ones marked as samples."""

    def row(key: str, value: Any = "", **more: Any) -> dict[str, Any]:
        return {"term": text(f"portal.procedure.{key}", lang), "value": value, **more}

    days = text("portal.procedure.days_value", lang, days=item.standard_days) if item.standard_days else ""
    rows = [
        row("who", item.who),
        row("papers_needed", lines=item.papers)
        if item.papers
        else row("papers_needed", text("portal.procedure.none", lang)),
        row("fee", item.fee.text, sample="fee" in item.sample),
        row(
            "days",
            days or text("portal.procedure.days_unset", lang),
            sample=bool(days) and "standard_days" in item.sample,
        ),
        row("channels", lines=[text(f"portal.channel.{channel}", lang) for channel in item.channels]),
        row("online_status", text(f"portal.online.{item.online.status}", lang), sample="online" in item.sample),
    ]
    if item.assurance.identity > 1 or item.assurance.signature:
        lines = [text(f"portal.assurance.{item.assurance.identity}", lang)]
        if item.assurance.asks_sign_in:
            lines.append(text("portal.assurance.at_the_end", lang))
        rows.append(row("assurance", lines=lines))
    if item.legal_basis:
        rows.append(row("legal_basis", lines=[marked(law, lang) for law in item.legal_basis]))
    return rows


def fee_rows(item: Procedure, lang: str) -> list[dict[str, Any]]:
    """Return the amount of the procedure's rate today by channel."""
    fee = current_fees().get(item.fee.rate or "")
    rate = fee.rate_on(clock.today()) if fee else None
    if fee is None or rate is None:
        return []
    rows = [{"term": fee.title.get(lang), "yen": rate.amount_yen, "unit": fee.unit.get(lang) if fee.unit else ""}]
    rows += [
        {"term": text(f"portal.channel.{channel}", lang), "yen": yen, "unit": rows[0]["unit"]}
        for channel, yen in rate.channels.items()
    ]
    return [{**row, "sample": rate.status != "verified", "source": rate.source} for row in rows]


def form_minutes(item: Procedure) -> int | None:
    """Return how many minutes the form takes, as its author says."""
    if not item.in_scope:
        return None
    return compiled_version(version_in_force(catalogue.form_of(item), clock.today())).definition.minutes
