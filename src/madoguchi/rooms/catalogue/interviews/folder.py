"""The section ``interviews/*.yaml`` of the municipality folder: its cross-checks and its loading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from madoguchi.engines.forms.api import fees_of, publish_definitions
from madoguchi.kernel.folder import Fault, Folder, Section, register_section
from madoguchi.rooms.catalogue.interviews.checks import Targets, check_interview
from madoguchi.rooms.catalogue.interviews.schema import Interview
from madoguchi.rooms.catalogue.sections import procedures_of


def targets_of(folder: Folder) -> Targets:
    """Return what the tables of a folder may point to."""
    return Targets(
        procedures={procedure.id: procedure for _, _, procedure in procedures_of(folder)},
        forms={entry.value.id: entry.value for entry in folder.of("forms")},
        fees=fees_of(folder),
    )


def _check(folder: Folder) -> Iterator[Fault]:
    targets = targets_of(folder)
    events = {item.id for entry in folder.of("life_events") for item in entry.value.life_events}
    seen: dict[str, str] = {}
    for entry in folder.of("interviews"):
        interview: Interview = entry.value
        if interview.id != Path(entry.document.file).stem:
            yield entry.fault(("id",), f"id「{interview.id}」とファイル名が違います", "どちらかを合わせてください")
        if interview.form_id in targets.forms or interview.id in seen:
            yield entry.fault(("id",), f"id「{interview.id}」は、ほかでも使われています", "別の id にしてください")
        seen[interview.id] = entry.document.file
        if interview.life_event is not None and interview.life_event not in events:
            yield entry.fault(
                ("life_event",),
                f"「{interview.life_event}」というライフイベントはありません",
                "life_events.yaml の id にしてください",
            )
        for fault in check_interview(interview, targets):
            yield entry.fault(fault.path, fault.message, fault.mend or "定義を直してください")


def _counts(folder: Folder) -> dict[str, int]:
    values = [entry.value for entry in folder.of("interviews")]
    return {
        "interviews": sum(value.kind == "bundle" for value in values),
        "guides": sum(value.kind == "guide" for value in values),
        "interview_examples": sum(len(value.examples) for value in values),
    }


def _load(folder: Folder, at: dt.datetime) -> None:
    publish_definitions((entry.value.as_form() for entry in folder.of("interviews")), at=at)


def _items(value: Any, stem: str) -> Iterator[tuple[str, Any]]:
    yield value.id, value


def register() -> None:
    """Register the section."""
    register_section(
        Section(
            "interviews",
            "interviews/*.yaml",
            Interview,
            order=62,
            check=_check,
            counts=_counts,
            load=_load,
            items=_items,
        )
    )
