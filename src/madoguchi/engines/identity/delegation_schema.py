"""The shape of ``delegation_kinds.yaml``: the kinds of acting for somebody else, as dated data with their source. No Django."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from madoguchi.kernel.l10n import Text

from .schema import Identifier

Scope = Literal["all", "list", "field"]
Party = Literal["principal", "delegate"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Number(_Strict):
    """A number the delegate states (登録番号); ``pattern`` is what it looks like, nothing is looked up."""

    label: Text
    pattern: str = Field(max_length=100)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        re.compile(pattern)
        return pattern


class DelegationKind(_Strict):
    """One kind of acting for somebody else, as the law or the ward has it from ``valid_from`` on.

    ``way``: ``given`` by the principal and accepted online, or ``statutory``: requested by the representative and checked
    by staff with the paper. ``ends_at_age``: the representation ends the day before the principal reaches this age.
    """

    id: Identifier
    title: Text
    capacity: Text = Field(description="記録と画面で使う言葉（親権者として など）")
    help: Text | None = None
    way: Literal["given", "statutory"]
    grounds: list[Text] = Field(min_length=1, description="根拠となる書類")
    number: Number | None = None
    facility: bool = Field(default=False, description="施設の名前を求める")
    scopes: list[Scope] = Field(default=["all", "list", "field"], min_length=1)
    ends_at_age: int | None = Field(default=None, ge=15, le=30)
    max_months: int | None = Field(default=None, ge=1, le=120)
    notify: list[Party] = ["principal", "delegate"]
    valid_from: dt.date
    valid_to: dt.date | None = None
    status: Literal["verified", "unverified", "sample"]
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> DelegationKind:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to が valid_from より前です")
        if self.ends_at_age is not None and self.way != "statutory":
            raise ValueError("ends_at_age は statutory の種類だけに書けます")
        return self


class DelegationKindsFile(_Strict):
    """``delegation_kinds.yaml``. Optional: a ward without it knows no representatives."""

    delegation_kinds: list[DelegationKind] = []
