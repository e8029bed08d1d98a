"""The shape of ``payments.yaml`` in the ward folder: what a ward agreed with those who collect for it. No Django."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.kernel.l10n import Text

Status = Literal["verified", "unverified", "sample"]


class Konbini(BaseModel):
    """Collection by convenience stores (コンビニ収納): the ward's code and the limits it agreed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    company_code: str = Field(pattern=r"^[0-9]{6}$", description="請求書発行企業コード（6桁）")
    limit_yen: int = Field(300_000, gt=0, lt=1_000_000, description="1枚の払込票で支払える上限（円）")
    stamp_from_yen: int | None = Field(
        None, gt=0, description="印紙フラグを1にする額（円）。公金で要らなければ書かない"
    )
    status: Status
    source: str


class Agreement(BaseModel):
    """A provider on the net that collects for the ward. Its keys are settings of the house, never in the folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Literal["stripe", "payjp", "paypay"] = Field(description="決済事業者")
    status: Status
    source: str


class QrTemplate(BaseModel):
    """A merchant account template (加盟店情報) of a JPQR code: an id 26–51 and its fields, ``00`` the identifier."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^(2[6-9]|3[0-9]|4[0-9]|5[01])$", description="26から51までの番号")
    fields: dict[str, str] = Field(min_length=1, description="番号（2桁）ごとの値。00 は識別子")


class Jpqr(BaseModel):
    """JPQR codes the ward shows (店舗提示). The numbers come from the ward's contract."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    templates: list[QrTemplate] = Field(min_length=1)
    mcc: str = Field(pattern=r"^[0-9]{4}$", description="業種コード")
    name: str = Field(pattern=r"^[ -~]{1,25}$", description="店名（英数字25字まで）")
    city: str = Field(pattern=r"^[ -~]{1,15}$", description="市区町村（英数字15字まで）")
    postal: str = Field("", pattern=r"^([0-9]{7})?$", description="郵便番号")
    limit_yen: int = Field(100_000, gt=0, description="1件で支払える上限（円）")
    status: Status
    source: str


class ElNumber(BaseModel):
    """eL numbers (eL番号) issued outside: what they look like and where they are paid."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    digits: int = Field(20, ge=8, le=40, description="桁数")
    group: int = Field(4, ge=1, le=10, description="見せるときの区切りの桁数")
    site: Text = Field(description="支払う場所の名前")
    url: str = Field(pattern=r"^https://", description="支払う場所の住所")
    status: Status
    source: str


class TrusteeChange(BaseModel):
    """A change of what was made known about a trustee, as it was made known itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date = Field(description="変更の日")
    what: Text = Field(description="変更した事項")
    notice: str = Field(min_length=1, description="告示の年月日と番号")


class Trustee(BaseModel):
    """A designated payment trustee (指定納付受託者) as the ward must make it known (地方自治法第231条の2の3)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text = Field(description="名称")
    address: str = Field(min_length=1, description="住所または事務所の所在地")
    incomes: list[Text] = Field(min_length=1, description="納付事務に係る歳入等")
    ways: list[Text] = Field(min_length=1, description="納め方")
    designated_on: date = Field(description="指定の日")
    notice: str = Field(min_length=1, description="告示の年月日と番号")
    ends_on: date | None = Field(None, description="指定の終わる日")
    basis: str = Field("地方自治法第231条の2の3第1項", description="指定の根拠")
    changes: list[TrusteeChange] = Field([], description="告示した変更")
    status: Status
    source: str


class PaymentsFile(BaseModel):
    """``payments.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    konbini: Konbini | None = None
    providers: list[Agreement] = []
    jpqr: Jpqr | None = None
    el: ElNumber | None = None
    trustees: list[Trustee] = []
    refund_account: str | None = Field(
        None,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="還付金の振込先を届け出る手続のID。案内しないときは書かない",
    )
