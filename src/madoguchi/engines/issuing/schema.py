"""The shape of ``documents/*.yaml`` (what may be issued) and ``issuing.yaml`` (numbers, names, appeals, desks). No Django.

A text may hold variables in braces: those of ``VARIABLES``, ``{answer.<question>}`` of the form, ``{input.<id>}`` that the
clerk fills in. The document itself is in Japanese; its title is also read on the public page, so it has every language.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from madoguchi.kernel.l10n import Text

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Outcome = Literal["approved", "partly_approved", "refused", "accepted", "issued", "rejected"]
Way = Literal["download", "post", "pickup"]
Kind = Literal["letter", "certificate"]

VARIABLE = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)?)\}")
VARIABLES: dict[str, str] = {
    "applicant": "申請者の氏名",
    "number": "受付番号",
    "procedure": "手続の名前",
    "received_on": "収受日",
    "decided_on": "決定の日",
    "issued_on": "交付の日",
    "expires_on": "有効期限",
    "outcome": "結果",
    "section": "担当課",
    "ward": "自治体の名前",
}
"""What a document may say besides answers and inputs."""


class Strict(BaseModel):
    """Base: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(Strict):
    """One line of the facts under 「記」."""

    label: str = Field(min_length=1)
    value: str = Field(min_length=1)


class Input(Strict):
    """What the clerk fills in when issuing (the amount decided, conditions, a period)."""

    id: Identifier
    label: str = Field(min_length=1, max_length=60)
    type: Literal["text", "textarea", "date", "yen"] = "text"
    required: bool = True
    hint: str = ""
    max_length: int = Field(default=400, ge=1, le=4000)


class DocumentTemplate(Strict):
    """One kind of document: with which procedures (or workflows) and outcomes it goes, and what it says."""

    id: Identifier
    title: Text
    kind: Kind
    procedures: list[str] = []
    workflows: list[str] = Field(
        default=[], description="その流れを使う手続すべて。手続を名指しした文書があれば、そちらを使う"
    )
    outcomes: list[Outcome] = Field(min_length=1)
    auto: bool = Field(default=False, description="決定のとき、職員の操作を待たずに交付する")
    valid_days: int | None = Field(
        default=None, ge=1, le=3660, description="交付の日から数えた有効日数。書かなければ期限なし"
    )
    ways: list[Way] = Field(default=["download"], min_length=1)
    issuer: Identifier = Field(description="issuing.yaml の issuers の id")
    addressee: str = "{applicant}　様"
    body: list[str] = Field(min_length=1)
    facts: list[Fact] = []
    show_reason: bool = Field(default=False, description="決定の理由を書く")
    inputs: list[Input] = []
    appeal: Identifier | None = Field(default=None, description="教示文。issuing.yaml の appeals の id")
    notes: list[str] = []
    sample: bool = False

    @model_validator(mode="after")
    def _goes_with_something(self) -> DocumentTemplate:
        if bool(self.procedures) == bool(self.workflows):
            raise ValueError("procedures か workflows のどちらか一つを書いてください")
        if self.auto and any(item.required for item in self.inputs):
            raise ValueError("auto: true の文書に、必ず書き入れる項目（inputs）は置けません")
        return self

    def texts(self) -> list[str]:
        """Return every text that may hold variables."""
        return [self.addressee, *self.body, *(fact.value for fact in self.facts), *self.notes]

    def variables(self) -> set[str]:
        """Return the variables that the texts name."""
        return {name for text in self.texts() for name in VARIABLE.findall(text)}


class Issuer(Strict):
    """In whose name a document is issued."""

    id: Identifier
    name: str = Field(min_length=1, description="杉並区長　見本　太郎")
    seal_note: str = "（公印省略）"
    seal_svg: str = Field(default="", description="公印の印影（SVG）。書くと、名前の横に刷る")


class Appeal(Strict):
    """What must be taught about appeals (教示): 行政不服審査法第82条, 行政事件訴訟法第46条."""

    id: Identifier
    title: str = "不服申立て及び取消訴訟について（教示）"
    paragraphs: list[str] = Field(min_length=1)
    source: str
    status: Literal["verified", "unverified", "sample"]


class Desk(Strict):
    """Where a document can be picked up."""

    id: Identifier
    name: Text
    hours: Text | None = None
    sample: bool = False


class IssuingFile(Strict):
    """``issuing.yaml``."""

    number_format: str = Field(
        default="{year}{sign}第{serial}号", description="文書番号。year 令和の年度、sign 課の記号"
    )
    default_sign: str = Field(min_length=1, max_length=12, description="記号のない課の文書記号")
    signs: dict[str, str] = Field(default={}, description="課の id と文書記号（杉保児 など）")
    issuers: list[Issuer] = Field(min_length=1)
    appeals: list[Appeal] = []
    desks: list[Desk] = []

    @model_validator(mode="after")
    def _format(self) -> IssuingFile:
        if sorted(re.findall(r"\{[^{}]*\}", self.number_format)) != ["{serial}", "{sign}", "{year}"]:
            raise ValueError(
                "number_format には {year}・{sign}・{serial} を一度ずつ書き、ほかの波かっこは書かないでください"
            )
        return self

    def sign_of(self, section: str) -> str:
        """Return the sign of a section."""
        return self.signs.get(section, self.default_sign)
