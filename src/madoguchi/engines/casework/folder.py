"""The section ``workflows`` of the municipality folder.

Owns its registration: cross-checks with roles and letters, and publishing on load. The shape is
``schema.WorkflowDefinition``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from madoguchi.engines.forms.api import compile_rule
from madoguchi.kernel.folder import Fault, Folder, Section, register_section

from .faults import find_faults
from .schema import WorkflowDefinition


def check(folder: Folder) -> Iterator[Fault]:
    """Yield every fault of every workflow: the graph, unknown roles, unknown letters, a file of another name."""
    roles = {role.id for entry in folder.of("roles") for role in entry.value.roles}
    letters = {entry.value.id for entry in folder.of("letters")}
    for entry in folder.of("workflows"):
        definition: WorkflowDefinition = entry.value
        stem = Path(entry.document.file).stem
        if definition.id != stem:
            yield entry.fault(("id",), f"ファイル名（{stem}）と id が違います。", f"id: {stem} にしてください。")
        for fault in find_faults(definition, roles=roles or None, compile_rule=compile_rule):
            yield entry.fault(fault.path, fault.message, fault.mend)
        for index, step in enumerate(definition.transitions):
            if step.letter and letters and step.letter not in letters:
                yield entry.fault(
                    ("transitions", index, "letter"),
                    f"文面「{step.letter}」はありません。",
                    "letters/ にある文面の id にしてください。",
                )


def load(folder: Folder, at: datetime) -> None:
    """Publish every workflow that differs from its newest version."""
    from .definitions import publish_workflow

    for entry in folder.of("workflows"):
        publish_workflow(entry.value, at=at)


def counts(folder: Folder) -> Mapping[str, int]:
    """Return how many workflows the folder has."""
    return {"workflows": len(folder.of("workflows"))}


def _items(value: Any, stem: str) -> Iterator[tuple[str, Any]]:
    yield value.id, value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def register() -> None:
    """Register the section; it loads after roles and letters, before procedures."""
    register_section(
        Section(
            "workflows",
            "workflows/*.yaml",
            WorkflowDefinition,
            required=True,
            order=50,
            check=check,
            items=_items,
            load=load,
            counts=counts,
        )
    )
