"""The shape of ``payments.yaml`` in the ward folder: what a ward agreed with those who collect for it. No Django."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Konbini(BaseModel):
    """Collection by convenience stores (コンビニ収納): the ward's code and the limits it agreed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    company_code: str = Field(pattern=r"^[0-9]{6}$", description="請求書発行企業コード（6桁）")
    limit_yen: int = Field(300_000, gt=0, lt=1_000_000, description="1枚の払込票で支払える上限（円）")
    stamp_from_yen: int | None = Field(
        None, gt=0, description="印紙フラグを1にする額（円）。公金で要らなければ書かない"
    )
    status: Literal["verified", "unverified", "sample"]
    source: str


class PaymentsFile(BaseModel):
    """``payments.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    konbini: Konbini | None = None
