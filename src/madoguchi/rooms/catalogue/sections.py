"""The catalogue's sections of the municipality folder.

Owns their cross-checks (known departments, forms, workflows, fees, life events) and their loading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from madoguchi.engines.forms.api import fees_of
from madoguchi.kernel.folder import Entry, Fault, Folder, Section, plain, register_section
from madoguchi.rooms.catalogue.schema import (
    CountsFile,
    LifeEventsFile,
    NewsFile,
    PageFile,
    Procedure,
    ProceduresFile,
    ServicesFile,
)

GENERAL_FORM = "general"


def procedures_of(folder: Folder) -> Iterator[tuple[Entry, int, Procedure]]:
    """Yield every procedure of a folder with its place."""
    for entry in folder.of("procedures"):
        for i, procedure in enumerate(entry.value.procedures):
            yield entry, i, procedure


def _ids(folder: Folder, section: str, key: str) -> set[str]:
    return {item.id for entry in folder.of(section) for item in getattr(entry.value, key)}


def _check_procedures(folder: Folder) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    departments = _ids(folder, "departments", "departments")
    events = _ids(folder, "life_events", "life_events")
    forms = {entry.value.id for entry in folder.of("forms")}
    workflows = {entry.value.id for entry in folder.of("workflows")}
    fees = set(fees_of(folder))
    kinds = {"*"} | _ids(folder, "delegation_kinds", "delegation_kinds")
    for entry, i, procedure in procedures_of(folder):
        at = ("procedures", i)
        if procedure.id in seen:
            yield entry.fault(
                (*at, "id"), f"id「{procedure.id}」は {seen[procedure.id]} にもあります", "別の id にしてください"
            )
        seen[procedure.id] = entry.document.file
        if procedure.department not in departments:
            yield entry.fault(
                (*at, "department"),
                f"「{procedure.department}」という課はありません",
                "departments.yaml の id にしてください",
            )
        if procedure.in_scope and (procedure.form or GENERAL_FORM) not in forms:
            yield entry.fault(
                (*at, "form"),
                f"「{procedure.form or GENERAL_FORM}」という様式はありません",
                "forms/ に様式を置いてください",
            )
        if procedure.in_scope and procedure.workflow not in workflows:
            yield entry.fault(
                (*at, "workflow"),
                f"「{procedure.workflow}」という業務の流れはありません",
                "workflows/ の id にしてください",
            )
        if procedure.fee.rate and procedure.fee.rate not in fees:
            yield entry.fault(
                (*at, "fee", "rate"),
                f"「{procedure.fee.rate}」という手数料はありません",
                "fees.yaml の id にしてください",
            )
        for kind in set(procedure.no_delegation) - kinds:
            yield entry.fault(
                (*at, "no_delegation"),
                f"「{kind}」という代理の種類はありません",
                'delegation_kinds.yaml の id か "*" にしてください',
            )
        for event in set(procedure.life_events) - events:
            yield entry.fault(
                (*at, "life_events"),
                f"「{event}」というライフイベントはありません",
                "life_events.yaml の id にしてください",
            )
        if procedure.online.status == "out_of_scope" and not (procedure.online.authority and procedure.online.note):
            yield entry.fault(
                (*at, "online"),
                "対象外の手続には authority と note（理由）が要ります",
                "どこの事務かと理由を書いてください",
            )


def _check_counts(folder: Folder) -> Iterator[Fault]:
    known = {procedure.id for _, _, procedure in procedures_of(folder)}
    for entry in folder.of("counts"):
        seen: set[tuple[str, int]] = set()
        for i, row in enumerate(entry.value.rows):
            if row.procedure not in known:
                yield entry.fault(("rows", i), f"「{row.procedure}」という手続はありません", "手続の id にしてください")
            if (row.procedure, row.fiscal_year) in seen:
                yield entry.fault(
                    ("rows", i), f"{row.procedure} の {row.fiscal_year} 年度が二度あります", "一行にしてください"
                )
            seen.add((row.procedure, row.fiscal_year))


def _counts(folder: Folder) -> dict[str, int]:
    all_procedures = [procedure for _, _, procedure in procedures_of(folder)]
    in_scope = [procedure for procedure in all_procedures if procedure.in_scope]
    own = {procedure.form for procedure in in_scope if procedure.form and procedure.form != GENERAL_FORM}
    return {
        "procedures": len(all_procedures),
        "procedures_in_scope": len(in_scope),
        "own_forms": len(own),
        "national_59": sum("national_59" in procedure.tags for procedure in all_procedures),
        "life_events": len(_ids(folder, "life_events", "life_events")),
    }


def _load(folder: Folder, at: dt.datetime) -> None:
    from madoguchi.rooms.catalogue.models import Procedure as Row
    from madoguchi.rooms.catalogue.models import ProcedureCount

    rows = [_row(Row, procedure) for _, _, procedure in procedures_of(folder)]
    columns = [field.name for field in Row._meta.fields if field.name != "id"]
    Row.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=columns, batch_size=500)
    Row.objects.exclude(id__in=[row.id for row in rows]).update(active=False)
    ProcedureCount.objects.all().delete()
    ProcedureCount.objects.bulk_create(
        [
            ProcedureCount(
                procedure_id=row.procedure,
                fiscal_year=row.fiscal_year,
                total=row.total,
                online=row.online,
                is_sample=row.sample,
            )
            for entry in folder.of("counts")
            for row in entry.value.rows
        ],
        batch_size=1000,
    )


def _row(model: Any, procedure: Procedure) -> Any:
    return model(
        id=procedure.id,
        title=procedure.title.get("ja"),
        official_name=procedure.official_name,
        kana=procedure.kana,
        field=procedure.field,
        department=procedure.department,
        audience=procedure.audience,
        online_status=procedure.online.status,
        online_since=procedure.online.since,
        cashless_status=procedure.cashless.status,
        cashless_since=procedure.cashless.since,
        form_id=procedure.form or GENERAL_FORM,
        workflow_id=procedure.workflow,
        standard_days=procedure.standard_days,
        data=plain(procedure),
        active=True,
    )


def _with_stem(value: Any, stem: str) -> tuple[str, Any]:
    """Return a page or a piece of news as an item; the file's name is its address unless it names another."""
    data = plain(value)
    return stem, {**data, "slug": data.get("slug") or stem.split(".")[0]}


def register() -> None:
    """Register the catalogue's sections."""
    register_section(
        Section(
            "life_events",
            "life_events.yaml",
            LifeEventsFile,
            order=40,
            items=lambda value, stem: ((item.id, item) for item in value.life_events),
        )
    )
    register_section(
        Section(
            "services",
            "services.yaml",
            ServicesFile,
            order=41,
            items=lambda value, stem: ((item.id, item) for item in value.services),
        )
    )
    register_section(
        Section(
            "procedures",
            "procedures/*.yaml",
            ProceduresFile,
            required=True,
            order=60,
            check=_check_procedures,
            counts=_counts,
            load=_load,
            items=lambda value, stem: ((item.id, item) for item in value.procedures),
        )
    )
    register_section(Section("counts", "counts.csv", CountsFile, kind="csv", order=61, check=_check_counts))
    register_section(
        Section(
            "pages",
            "pages/*.md",
            PageFile,
            kind="markdown",
            order=70,
            items=lambda value, stem: [_with_stem(value, stem)],
        )
    )
    register_section(
        Section(
            "news",
            "news/*.md",
            NewsFile,
            kind="markdown",
            order=71,
            items=lambda value, stem: [_with_stem(value, stem)],
        )
    )
