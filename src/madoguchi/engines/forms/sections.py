"""The engine's sections of the municipality folder: ``forms/*.yaml`` and ``fees.yaml``.

Owns their cross-checks. What loading publishes is in ``publishing``.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from madoguchi.engines.forms.checks import check_form
from madoguchi.engines.forms.schema import Fee, FeeTable, FormDefinition
from madoguchi.kernel.folder import Fault, Folder, Section, plain, register_section


def fees_of(folder: Folder) -> dict[str, Fee]:
    """Return the fees of a folder by id."""
    table: FeeTable | None = folder.one("fees")
    return {fee.id: fee for fee in table.fees} if table else {}


def _check_forms(folder: Folder) -> Iterator[Fault]:
    fees = fees_of(folder)
    seen: dict[str, str] = {}
    for entry in folder.of("forms"):
        definition: FormDefinition = entry.value
        if definition.id != Path(entry.document.file).stem:
            yield entry.fault(("id",), f"id「{definition.id}」とファイル名が違います", "どちらかを合わせてください")
        if definition.id in seen:
            yield entry.fault(
                ("id",), f"id「{definition.id}」は {seen[definition.id]} にもあります", "別の id にしてください"
            )
        seen[definition.id] = entry.document.file
        for fault in check_form(definition, fees):
            yield entry.fault(fault.path, fault.message, fault.mend or "定義を直してください")


def _check_fees(folder: Folder) -> Iterator[Fault]:
    for entry in folder.of("fees"):
        for i, fee in enumerate(entry.value.fees):
            spans = sorted((rate.valid_from, rate.valid_to or dt.date.max) for rate in fee.rates)
            for (_, end), (start, _) in itertools.pairwise(spans):
                if start <= end:
                    yield entry.fault(
                        ("fees", i, "rates"), f"「{fee.id}」の期間が重なっています", "valid_to を前の日にしてください"
                    )


def _fee_items(value: Any, stem: str) -> Iterator[tuple[str, Any]]:
    yield from ((fee.id, plain(fee)) for fee in value.fees)


def _form_items(value: Any, stem: str) -> Iterator[tuple[str, Any]]:
    yield value.id, plain(value)


def _publish(folder: Folder, at: dt.datetime) -> None:
    from madoguchi.engines.forms.publishing import publish_definitions

    publish_definitions([entry.value for entry in folder.of("forms")], at=at)


def register() -> None:
    """Register both sections."""
    register_section(Section("fees", "fees.yaml", FeeTable, order=20, check=_check_fees, items=_fee_items))
    register_section(
        Section(
            "forms",
            "forms/*.yaml",
            FormDefinition,
            order=30,
            check=_check_forms,
            items=_form_items,
            load=_publish,
            counts=lambda folder: {
                "forms": len(folder.of("forms")),
                "examples": sum(len(entry.value.examples) for entry in folder.of("forms")),
            },
        )
    )
