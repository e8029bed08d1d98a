"""Reads of the catalogue: all from memory, refreshed when another folder is loaded.

Owns the cached lists. Public data only: everything here may be shown to anybody (staff procedures are filtered by
audience).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madoguchi.engines.casework.api import ProcedureFacts
from madoguchi.engines.records.rules import policy_of
from madoguchi.engines.records.schema import RetentionRule
from madoguchi.kernel import municipality
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.catalogue.schema import LifeEvent, NewsFile, PageFile, Procedure, Service
from madoguchi.rooms.catalogue.search import Entry, prepare, search


@dataclass(frozen=True, slots=True)
class DepartmentInfo:
    """A section of the office as residents see it."""

    id: str
    name: str
    phone: str
    location: str
    parent: str
    email: str = ""


@municipality.per_generation
def _by_id() -> dict[str, Procedure]:
    rows = municipality.current().section("procedures")
    return {row["id"]: Procedure.model_validate(row) for row in rows}


def get_procedure(procedure_id: str) -> Procedure:
    """Return a procedure. Raises NotFound."""
    found = _by_id().get(procedure_id)
    if found is None:
        raise NotFound(
            "この手続は見つかりません。", code="no_procedure", mend="手続を名前やキーワードで探してください。"
        )
    return found


def list_procedures(*, staff: bool = False) -> list[Procedure]:
    """Return the procedures for residents and businesses (or those for staff) that are not closed, by kana."""
    wanted = [item for item in _by_id().values() if (item.audience == "staff") == staff and item.closed is None]
    return sorted(wanted, key=lambda item: (item.kana, item.id))


@municipality.per_generation
def retention_policies() -> dict[str, list[RetentionRule]]:
    """Return how long the data of each procedure is kept, by procedure id."""
    return {key: policy_of(item.retention_years, item.retention) for key, item in _by_id().items()}


@municipality.per_generation
def departments() -> dict[str, DepartmentInfo]:
    """Return the sections by id."""
    rows = municipality.current().section("departments")
    return {row["id"]: _department(row) for row in rows}


def _department(row: dict[str, Any]) -> DepartmentInfo:
    name = row["name"]
    return DepartmentInfo(
        id=row["id"],
        name=name["ja"] if isinstance(name, dict) else name,
        phone=row.get("phone") or "",
        location=row.get("location") or "",
        parent=row.get("parent") or "",
        email=row.get("email") or "",
    )


def get_department(department_id: str) -> DepartmentInfo:
    """Return a section. Raises NotFound."""
    found = departments().get(department_id)
    if found is None:
        raise NotFound("この課は見つかりません。", code="no_department", mend="課の一覧から選んでください。")
    return found


@municipality.per_generation
def life_events() -> list[LifeEvent]:
    """Return the life events in their order."""
    rows = [LifeEvent.model_validate(row) for row in municipality.current().section("life_events")]
    return sorted(rows, key=lambda item: (item.order, item.id))


def get_life_event(event_id: str) -> LifeEvent:
    """Return a life event. Raises NotFound."""
    found = next((item for item in life_events() if item.id == event_id), None)
    if found is None:
        raise NotFound("このライフイベントは見つかりません。", code="no_life_event", mend="一覧から選んでください。")
    return found


@municipality.per_generation
def services() -> list[Service]:
    """Return the ward's other digital services in their order."""
    rows = [Service.model_validate(row) for row in municipality.current().section("services")]
    return sorted(rows, key=lambda item: (item.order, item.id))


@municipality.per_generation
def pages() -> dict[tuple[str, str], PageFile]:
    """Return the ward's pages by (slug, language)."""
    rows = [PageFile.model_validate(row) for row in municipality.current().section("pages")]
    return {(row.slug or "", row.lang): row for row in rows}


@municipality.per_generation
def news_items() -> list[NewsFile]:
    """Return the news, newest first; each has its slug."""
    rows = [NewsFile.model_validate(row) for row in municipality.current().section("news")]
    return sorted(rows, key=lambda item: (item.date, item.slug or ""), reverse=True)


@municipality.per_generation
def asked_in_a_year() -> dict[str, int]:
    """Return how often each procedure was asked for in the latest whole fiscal year."""
    rows = [row for file in municipality.current().section("counts") for row in file["rows"]]
    years = sorted({int(row["fiscal_year"]) for row in rows})
    latest = years[-2] if len(years) > 1 else years[-1] if years else 0
    return {row["procedure"]: int(row["total"]) for row in rows if int(row["fiscal_year"]) == latest}


@municipality.per_generation
def frequent(limit: int) -> list[Procedure]:
    """Return the residents' procedures with a form of their own that are asked for most in the latest whole year."""
    totals = asked_in_a_year()
    own = [item for item in list_procedures() if item.form and item.in_scope]
    return sorted(own, key=lambda item: (-totals.get(item.id, 0), item.kana))[:limit]


@municipality.per_generation
def _index(staff: bool) -> list[Entry]:
    names, totals = departments(), asked_in_a_year()
    titles = {event.id: list(event.title.values()) for event in life_events()}
    return [
        prepare(
            procedure,
            events=[title for event in procedure.life_events for title in titles.get(event, [])],
            extra=[names[procedure.department].name] if procedure.department in names else [],
            asked=totals.get(procedure.id, 0),
        )
        for procedure in list_procedures(staff=staff)
    ]


def search_procedures(query: str, *, staff: bool = False, limit: int = 40) -> list[Procedure]:
    """Return the residents' procedures (or those for staff) that answer *query*, best first."""
    return search(_index(staff), query, limit=limit)


def procedures_of_event(event_id: str) -> list[Procedure]:
    """Return the procedures of a life event, those the ward handles first."""
    found = [item for item in list_procedures() if event_id in item.life_events]
    return sorted(found, key=lambda item: (not item.in_scope, item.field, item.kana))


def procedures_of_department(department_id: str) -> list[Procedure]:
    """Return the procedures of a section."""
    return [item for item in list_procedures() if item.department == department_id]


def form_of(procedure: Procedure) -> str:
    """Return the id of the form by which the procedure is asked for: its own, else the general one (汎用)."""
    return procedure.form or "general"


def facts_of(procedure: Procedure) -> ProcedureFacts:
    """Return what casework must know of a procedure."""
    return ProcedureFacts(
        id=procedure.id,
        title=procedure.official_name,
        section=procedure.department,
        workflow_id=procedure.workflow,
        standard_days=procedure.standard_days,
    )
