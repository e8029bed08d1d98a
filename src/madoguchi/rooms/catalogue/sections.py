"""The catalogue's sections of the municipality folder.

Owns their cross-checks (known departments, forms, workflows, fees, life events) and their loading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from madoguchi.engines.forms.api import fees_of
from madoguchi.kernel.folder import Entry, Fault, Folder, Section, plain, register_section
from madoguchi.rooms.catalogue.checks import GENERAL_FORM, Known, check_procedure
from madoguchi.rooms.catalogue.schema import (
    CountsFile,
    LifeEventsFile,
    NewsFile,
    PageFile,
    Procedure,
    ProceduresFile,
    ServicesFile,
)


def procedures_of(folder: Folder) -> Iterator[tuple[Entry, int, Procedure]]:
    """Yield every procedure of a folder with its place."""
    for entry in folder.of("procedures"):
        for i, procedure in enumerate(entry.value.procedures):
            yield entry, i, procedure


def _ids(folder: Folder, section: str, key: str) -> set[str]:
    return {item.id for entry in folder.of(section) for item in getattr(entry.value, key)}


def _check_procedures(folder: Folder) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    known = Known(
        departments=_ids(folder, "departments", "departments"),
        forms={entry.value.id for entry in folder.of("forms")},
        workflows={entry.value.id for entry in folder.of("workflows")},
        fees=set(fees_of(folder)),
        life_events=_ids(folder, "life_events", "life_events"),
        delegation_kinds={"*"} | _ids(folder, "delegation_kinds", "delegation_kinds"),
    )
    for entry, i, procedure in procedures_of(folder):
        at = ("procedures", i)
        if procedure.id in seen:
            yield entry.fault(
                (*at, "id"), f"id「{procedure.id}」は {seen[procedure.id]} にもあります", "別の id にしてください"
            )
        seen[procedure.id] = entry.document.file
        for fault in check_procedure(procedure, known):
            yield entry.fault((*at, *fault.path), fault.message, fault.mend)


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
    from madoguchi.rooms.catalogue.models import ProcedureCount
    from madoguchi.rooms.catalogue.publishing import store_procedures

    store_procedures([procedure for _, _, procedure in procedures_of(folder)])
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
