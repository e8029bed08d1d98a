"""The kernel's own sections of the municipality folder: ``municipality.yaml``, ``holidays.yaml``, ``texts.yaml``.

Owns their shapes. Other sections are registered by the engine or room that reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from madoguchi.kernel.folder import Fault, Folder, Section, register_section
from madoguchi.kernel.l10n import Text

MonthDay = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClosedSpan(_Strict):
    """Days closed every year, such as 12-29 to 01-03 (地方自治法第4条の2に基づく休日)."""

    from_: MonthDay = Field(alias="from")
    to: MonthDay
    name: str


class Hours(_Strict):
    """Opening hours of the office."""

    text: Text
    open: str | None = None
    close: str | None = None


class MunicipalityFile(_Strict):
    """``municipality.yaml``."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9\-]*$")]
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    name: Text
    kana: str
    kind: Literal["special_ward", "city", "town", "village"]
    prefecture: str
    office: Text
    address: Text | None = None
    phone: str | None = None
    email: str | None = None
    hours: Hours
    weekly_closed: list[Annotated[int, Field(ge=0, le=6)]] = [5, 6]
    closed_every_year: list[ClosedSpan] = []
    languages: list[str] = ["ja", "easy", "en"]
    accent: Literal["green", "blue", "purple"] | None = None
    population: int | None = None
    staff_count: int | None = None
    sample: bool = False
    disclaimer: Text | None = None
    note: str | None = None

    @field_validator("code")
    @classmethod
    def _check_digit(cls, code: str) -> str:
        """全国地方公共団体コードの検査数字（重み 6,5,4,3,2、11 で割った余り）."""
        total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=False))
        if int(code[5]) != (11 - total % 11) % 10:
            raise ValueError("全国地方公共団体コードの検査数字が合いません")
        return code


class HolidaysFile(_Strict):
    """``holidays.yaml``: ISO date → name."""

    days: dict[dt.date, str]


def _texts_check(folder: Folder) -> Iterator[Fault]:
    from madoguchi.kernel.ui.texts import all_texts

    for entry in folder.of("texts"):
        for key in entry.value.texts:
            if key not in all_texts():
                yield entry.fault(
                    ("texts", key),
                    f"「{key}」という文はどの画面にもありません",
                    "docs/reference/texts.md の名前にしてください",
                )


class TextsFile(_Strict):
    """``texts.yaml``: the ward's own wording of the frame, by key."""

    texts: dict[str, Text] = {}


def _apply_texts() -> None:
    from madoguchi.kernel import municipality
    from madoguchi.kernel.ui.texts import set_overrides

    merged: dict[str, Any] = {}
    for row in municipality.current().section("texts"):
        merged.update(row.get("texts", {}))
    set_overrides(merged)


def register() -> None:
    """Register the three sections and the hook that applies the texts."""
    register_section(Section("municipality", "municipality.yaml", MunicipalityFile, required=True, order=10))
    register_section(Section("holidays", "holidays.yaml", HolidaysFile, required=True, order=11))
    register_section(Section("texts", "texts.yaml", TextsFile, order=12, check=_texts_check))
    from madoguchi.kernel.municipality import on_load

    on_load.register("texts", _apply_texts)
