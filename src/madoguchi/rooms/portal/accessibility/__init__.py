"""The accessibility statement as data: criteria × pages × method × result.

Owns the section ``accessibility.yaml`` of the folder, its checks and the table the public page shows. The criteria are
the product's (``criteria.yaml``); the results are the ward's, and say what was not checked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Fault, Folder, Section, register_section
from madoguchi.kernel.l10n import LocalText, Text, to_text

Result = Literal["pass", "partial", "fail", "not_applicable", "unchecked"]
Method = Literal["axe", "browser", "keyboard", "look", "code", "reader"]
"""axe: automatic rules; browser: a scripted journey; keyboard: a journey by keys alone; look: seen by a person; code:
read in the source; reader: by a screen reader."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PageGroup(_Strict):
    """Pages that were tested together; ``routes`` are names of addresses."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
    title: Text
    routes: list[str] = Field(min_length=1)


class ResultRow(_Strict):
    """How some criteria came out on some pages (all pages unless named)."""

    criteria: list[str] = Field(min_length=1)
    pages: list[str] | None = None
    methods: list[Method] = []
    result: Result
    on: dt.date | None = None
    note: Text | None = None


class AccessibilityFile(_Strict):
    """``accessibility.yaml``."""

    target: Text
    page_groups: list[PageGroup] = Field(min_length=1)
    results: list[ResultRow]


@cache
def criteria() -> dict[str, dict[str, Any]]:
    """Return the success criteria by number: ``level``, ``since`` (version of WCAG), ``title``."""
    listed = yaml.safe_load((Path(__file__).parent / "criteria.yaml").read_text(encoding="utf-8"))["criteria"]
    return {item["id"]: {**item, "title": to_text(item["title"])} for item in listed}


def _check(folder: Folder) -> Iterator[Fault]:
    for entry in folder.of("accessibility"):
        groups = {group.id for group in entry.value.page_groups}
        seen: set[tuple[str, str]] = set()
        for place, row in enumerate(entry.value.results):
            at = ("results", place)
            for unknown in {*row.criteria} - {*criteria()}:
                yield entry.fault(
                    (*at, "criteria"), f"「{unknown}」という達成基準はありません", "番号を確かめてください"
                )
            for unknown in {*(row.pages or ())} - groups:
                yield entry.fault(
                    (*at, "pages"), f"「{unknown}」というページの組はありません", "page_groups の id にしてください"
                )
            if row.result in {"pass", "partial", "fail"} and not (row.methods and row.on):
                yield entry.fault(
                    at, "方法（methods）か日（on）がありません", "試験した方法と日を書くか、unchecked にしてください"
                )
            for cell in ((number, group) for number in row.criteria for group in row.pages or groups):
                if cell in seen:
                    yield entry.fault(at, f"{cell[0]} の {cell[1]} の結果が二つあります", "一つにしてください")
                seen.add(cell)
        for number in criteria():
            if missing := sorted(group for group in groups if (number, group) not in seen):
                yield entry.fault(
                    ("results",),
                    f"{number} の結果がありません（{'、'.join(missing)}）",
                    "試験していなければ unchecked と書いてください",
                )


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: a criterion on some pages."""

    number: str
    title: LocalText
    level: str
    since: str
    pages: tuple[LocalText, ...]
    methods: tuple[str, ...]
    result: str
    on: dt.date | None
    note: LocalText | None


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of the ward: the aim, the groups of pages, one finding a line, and how many of each result."""

    target: LocalText
    groups: tuple[LocalText, ...]
    findings: tuple[Finding, ...]
    counts: dict[str, int]


def statement() -> Statement | None:
    """Return the ward's statement, None when its folder has none."""
    held = municipality.current().section("accessibility")
    if not held:
        return None
    data = AccessibilityFile.model_validate(held[0])
    titles = {group.id: group.title for group in data.page_groups}
    findings = [_finding(number, row, titles) for row in data.results for number in row.criteria]
    order = list(criteria())
    findings.sort(key=lambda finding: order.index(finding.number))
    cells = [finding.result for finding in findings]
    return Statement(
        data.target,
        tuple(titles.values()),
        tuple(findings),
        {result: cells.count(result) for result in dict.fromkeys(cells)},
    )


def _finding(number: str, row: ResultRow, titles: dict[str, LocalText]) -> Finding:
    criterion = criteria()[number]
    pages = tuple(titles[group] for group in row.pages) if row.pages else ()
    return Finding(
        number,
        criterion["title"],
        criterion["level"],
        criterion["since"],
        pages,
        tuple(row.methods),
        row.result,
        row.on,
        row.note,
    )


def register() -> None:
    """Register the section."""
    register_section(Section("accessibility", "accessibility.yaml", AccessibilityFile, order=72, check=_check))
