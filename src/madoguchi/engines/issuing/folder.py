"""The sections ``issuing`` and ``documents`` of the municipality folder: registration, cross-checks, what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Entry, Fault, Folder, Section, digest_of, plain, register_section

from .schema import VARIABLES, DocumentTemplate, IssuingFile


def _check(folder: Folder) -> Iterator[Fault]:
    setting: IssuingFile | None = folder.one("issuing")
    procedures = {item.id: item for entry in folder.of("procedures") for item in entry.value.procedures}
    flows = {entry.value.id: entry.value for entry in folder.of("workflows")}
    for entry in folder.of("documents"):
        template: DocumentTemplate = entry.value
        if template.id != Path(entry.document.file).stem:
            yield entry.fault(("id",), f"id「{template.id}」とファイル名が違います", "どちらかを合わせてください")
        if setting is None:
            yield entry.fault(("issuer",), "issuing.yaml がありません", "issuing.yaml を作ってください")
            continue
        yield from _check_names(entry, template, setting, procedures, flows)
        yield from _check_variables(entry, template, folder, procedures)


def _check_names(
    entry: Entry,
    template: DocumentTemplate,
    setting: IssuingFile,
    procedures: Mapping[str, Any],
    flows: Mapping[str, Any],
) -> Iterator[Fault]:
    if template.issuer not in {item.id for item in setting.issuers}:
        yield entry.fault(
            ("issuer",), f"発行者「{template.issuer}」はありません", "issuing.yaml の issuers の id にしてください"
        )
    if template.appeal and template.appeal not in {item.id for item in setting.appeals}:
        yield entry.fault(
            ("appeal",), f"教示文「{template.appeal}」はありません", "issuing.yaml の appeals の id にしてください"
        )
    refusing = {"refused", "rejected", "partly_approved"} & set(template.outcomes)
    if template.kind == "letter" and refusing and not template.show_reason:
        yield entry.fault(
            ("show_reason",), "拒む決定の文書に理由がありません", "show_reason: true にしてください（行政手続法第8条）"
        )
    if "pickup" in template.ways and not setting.desks:
        yield entry.fault(("ways",), "受け取る窓口がありません", "issuing.yaml の desks に窓口を書いてください")
    for i, name in enumerate(template.procedures):
        if name not in procedures:
            yield entry.fault(("procedures", i), f"手続「{name}」はありません", "procedures/ の id にしてください")
    for i, name in enumerate(template.workflows):
        if name not in flows:
            yield entry.fault(("workflows", i), f"業務の流れ「{name}」はありません", "workflows/ の id にしてください")
    used = [*template.workflows, *(procedures[name].workflow for name in template.procedures if name in procedures)]
    reached = {step.outcome for name in used if name in flows for step in flows[name].transitions}
    for i, outcome in enumerate(template.outcomes):
        if used and outcome not in reached:
            yield entry.fault(
                ("outcomes", i),
                f"「{outcome}」になる操作が、業務の流れにありません",
                "workflows/ の outcome を確かめてください",
            )


def _check_variables(
    entry: Entry, template: DocumentTemplate, folder: Folder, procedures: Mapping[str, Any]
) -> Iterator[Fault]:
    inputs = {item.id for item in template.inputs}
    asked = {name: questions_of(form) for name, form in _forms(folder).items()}
    for name in sorted(template.variables()):
        head, _, rest = name.partition(".")
        if head == "input" and rest not in inputs:
            yield entry.fault(("inputs",), f"「{{{name}}}」の項目がありません", "inputs に書き足してください")
        elif head == "answer" and not template.procedures:
            yield entry.fault(
                ("workflows",), f"「{{{name}}}」は、手続を名指しした文書だけで使えます", "procedures を書いてください"
            )
        elif head == "answer":
            for procedure in template.procedures:
                form = getattr(procedures.get(procedure), "form", None) or "general"
                if form in asked and rest not in asked[form]:
                    yield entry.fault(
                        ("body",),
                        f"手続「{procedure}」の様式に「{rest}」という質問はありません",
                        "質問の id を確かめてください",
                    )
        elif head not in {"input", "answer"} and name not in VARIABLES:
            yield entry.fault(
                ("body",), f"知らない差し込みです: {{{name}}}", f"使えるもの: {', '.join(VARIABLES)}, answer.…, input.…"
            )


def _forms(folder: Folder) -> dict[str, Any]:
    return {entry.value.id: entry.value for entry in folder.of("forms")}


def questions_of(form: Any) -> set[str]:
    """Return the ids of a form's questions that a document may quote; rows of repeating groups are left out."""
    found: set[str] = set()
    for step in form.steps:
        for field in step.fields:
            found |= {field.id} if not field.fields else {child.id for child in field.fields if not field.repeat}
    return found


def _items(value: Any, stem: str) -> Iterator[tuple[str, Any]]:
    yield value.id, plain(value)


def register() -> None:
    """Register both sections; they come after procedures, forms and workflows."""
    register_section(Section("issuing", "issuing.yaml", IssuingFile, order=70))
    register_section(
        Section(
            "documents",
            "documents/*.yaml",
            DocumentTemplate,
            order=71,
            check=_check,
            items=_items,
            counts=lambda folder: {"documents": len(folder.of("documents"))},
        )
    )


@municipality.per_generation
def setting_in_force() -> IssuingFile | None:
    """Return ``issuing.yaml``, None when the municipality issues nothing here."""
    rows = municipality.current().section("issuing")
    return IssuingFile.model_validate(rows[0]) if rows else None


@municipality.per_generation
def templates_in_force() -> dict[str, DocumentTemplate]:
    """Return the documents that may be issued, by id."""
    rows = municipality.current().section("documents")
    return {row["id"]: DocumentTemplate.model_validate(row) for row in rows}


def digest_of_template(template: DocumentTemplate) -> str:
    """Return the SHA-256 (hex) of the data a document is made from."""
    return digest_of(plain(template))
