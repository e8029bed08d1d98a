"""How the ward delivers notices (``notices.yaml``): quiet hours, tries, the way after a way that failed, the SMS gateway.

Owns the shape; the decisions are in ``rules``. No Django.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from .schema import Kind

Outside = Literal["mail", "line", "sms"]
"""The ways that leave the house; the feed on my page does not."""
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class QuietHours(_Strict):
    """From when to when (Japan time, across midnight when ``from`` is later) which ways rest; urgent letters pass.

    ``closed_days`` names the ways that also rest on days on which the office is closed.
    """

    from_: Clock = Field(default="21:00", alias="from")
    to: Clock = "08:00"
    channels: list[Outside] = ["line", "sms"]
    closed_days: list[Outside] = []

    @model_validator(mode="after")
    def _not_all_day(self) -> QuietHours:
        if self.from_ == self.to:
            raise ValueError("from と to が同じです。静かな時間を作らないときは channels を空にしてください")
        return self


class Callback(_Strict):
    """How the gateway reports what became of an SMS: the fields of its report and the words of its states."""

    ref: str = "id"
    status: str = "status"
    delivered: list[str] = ["delivered"]
    undeliverable: list[str] = ["undeliverable", "rejected", "expired"]
    signature_header: str = "X-Signature"


class Gateway(_Strict):
    """How the ward's SMS gateway is spoken to over HTTP; address, token and secret come from the environment."""

    format: Literal["json", "form"] = "json"
    to: str = "to"
    text: str = "text"
    key: str = Field(default="client_ref", description="同じ通知の二重送信を防ぐ値を入れる項目")
    extra: dict[str, str] = {}
    ref: str = Field(default="id", description="応答のうち、送信の番号が入る項目")
    callback: Callback = Callback()


class Reminders(_Strict):
    """How many office days before a day a resident is reminded (``pickup``: after the desk was chosen), once; 0 reminds of nothing."""

    correction: int = Field(default=3, ge=0, le=30)
    payment: int = Field(default=3, ge=0, le=30)
    draft: int = Field(default=3, ge=0, le=30, description="途中の申請が消える前")
    expiry: int = Field(default=10, ge=0, le=60, description="交付した文書の有効期限の前")
    pickup: int = Field(default=5, ge=0, le=30, description="窓口で受け取る文書が、そのままになってから（開庁日）")


class Alarms(_Strict):
    """When staff are told before a promised day is missed, in office days; 0 switches an alarm off."""

    assignee_days: int = Field(default=5, ge=0, le=30, description="担当者に毎朝知らせ始める日")
    chief_days: int = Field(default=2, ge=0, le=30, description="所属長にも知らせる日")
    unassigned_days: int = Field(default=2, ge=0, le=30, description="担当の決まらない案件を知らせる日数（収受日から）")
    chief_roles: list[str] = ["section_chief"]


class DeliveryFile(_Strict):
    """``notices.yaml``. ``defaults`` says for which kinds a way is used until the resident chooses."""

    quiet: QuietHours = QuietHours()
    tries: dict[Outside, Annotated[int, Field(ge=1, le=12)]] = {"mail": 8, "line": 6, "sms": 4}
    fallback: list[Outside] = ["line", "mail", "sms"]
    defaults: dict[Outside, list[Kind]] = {
        "mail": ["progress", "action", "result", "message"],
        "line": ["progress", "action", "result", "message"],
        "sms": ["action", "result", "message"],
    }
    reminders: Reminders = Reminders()
    alarms: Alarms = Alarms()
    sms_max_segments: int = Field(default=2, ge=1, le=5)
    gateway: Gateway = Gateway()
