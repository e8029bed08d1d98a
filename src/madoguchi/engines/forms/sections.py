"""The engine's sections of the municipality folder: ``forms/*.yaml`` and ``fees.yaml``.

Owns their cross-checks and what loading publishes. A changed definition becomes a new version; versions never change.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from madoguchi.engines.forms.checks import check_form
from madoguchi.engines.forms.schema import Fee, FeeTable, FormDefinition
from madoguchi.kernel.folder import Fault, Folder, Section, digest_of, plain, register_section

_NAMESPACE = uuid.UUID("6f2d6f0e-7c1b-5b7e-9d35-0f5b1f0a6d11")


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


def publish_forms(folder: Folder, at: dt.datetime) -> None:
    """Publish every form of the folder that differs from its latest version."""
    publish_definitions((entry.value for entry in folder.of("forms")), at=at)


def publish_definitions(definitions: Iterable[FormDefinition], *, at: dt.datetime) -> None:
    """Publish every definition that differs from its latest version."""
    from madoguchi.engines.forms.models import FormVersion

    latest: dict[str, FormVersion] = {}
    for version in FormVersion.objects.order_by("form_id", "version").defer("definition"):
        latest[version.form_id] = version
    fresh = []
    for definition in definitions:
        data = plain(definition)
        digest = digest_of(data)
        old = latest.get(definition.id)
        if old is not None and old.digest == digest:
            continue
        number = old.version + 1 if old else 1
        fresh.append(
            FormVersion(
                id=uuid.uuid5(_NAMESPACE, f"{definition.id}:{number}:{digest}"),
                form_id=definition.id,
                version=number,
                digest=digest,
                definition=data,
                valid_from=definition.valid_from,
                published_at=at,
            )
        )
    FormVersion.objects.bulk_create(fresh)


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
            load=publish_forms,
            counts=lambda folder: {
                "forms": len(folder.of("forms")),
                "examples": sum(len(entry.value.examples) for entry in folder.of("forms")),
            },
        )
    )
