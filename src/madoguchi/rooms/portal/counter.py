"""``counter.yaml``: the papers by which staff see who is in front of them. Kept is which kind, never a number or a copy."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Section, register_section


class IdentityPaper(BaseModel):
    """One way of seeing who a person is (マイナンバーカード、運転免許証、聞き取り …)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: str = Field(min_length=1, max_length=60)
    channels: list[Literal["counter", "phone"]] = Field(default=["counter"], min_length=1)
    valid_from: date
    valid_to: date | None = None
    status: Literal["verified", "unverified", "sample"]
    source: str


class CounterFile(BaseModel):
    """The whole file. Optional: a ward without it records only whether the resident confirmed the answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identity_papers: list[IdentityPaper] = []


def register() -> None:
    """Register the section."""
    register_section(Section("counter", "counter.yaml", CounterFile, order=60))


def papers_on(day: date, channel: str) -> dict[str, str]:
    """Return the titles of the papers taken on a day at the counter or on the phone, by id."""
    rows = [CounterFile.model_validate(row) for row in municipality.current().section("counter")]
    return {
        paper.id: paper.title
        for row in rows
        for paper in row.identity_papers
        if channel in paper.channels and paper.valid_from <= day and (paper.valid_to is None or day <= paper.valid_to)
    }
