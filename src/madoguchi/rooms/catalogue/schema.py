"""The shape of the catalogue's files: procedures, life events, digital services, yearly counts, pages and news.

Owns the pydantic models. Pure: no Django.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from madoguchi.engines.records.schema import RetentionRule
from madoguchi.kernel.l10n import Text

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_\-]{0,79}$")]
FiscalYear = Annotated[int, Field(ge=2015, le=2060)]
OnlineStatus = Literal["full", "partial", "generic", "none", "no_system", "out_of_scope"]
CashlessStatus = Literal["full", "partial", "none", "free"]
Channel = Literal["online", "counter", "post", "phone", "konbini", "mynaportal"]

ONLINE_LABELS: dict[str, str] = {
    "full": "全部対応",
    "partial": "一部対応",
    "generic": "汎用様式で対応",
    "none": "未対応",
    "no_system": "制度なし",
    "out_of_scope": "対象外",
}
CASHLESS_LABELS: dict[str, str] = {"full": "対応", "partial": "一部対応", "none": "未対応", "free": "手数料なし"}
CHANNEL_LABELS: dict[str, str] = {
    "online": "オンライン",
    "counter": "窓口",
    "post": "郵送",
    "phone": "電話",
    "konbini": "コンビニ",
    "mynaportal": "マイナポータル",
    "internal": "庁内",
    "kiosk": "区の端末",
}
"""How an application reaches the office; ``internal`` is for what staff ask for themselves."""


class Strict(BaseModel):
    """Base of the catalogue's models: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeeInfo(Strict):
    """What the procedure costs, in words; the amounts themselves are in ``fees.yaml``."""

    kind: Literal["free", "fixed", "varies"] = "free"
    rate: Identifier | None = None
    text: Text


class Assurance(Strict):
    """Levels of identity proofing (身元確認) and authentication (当人認証), 1 to 3, with the reason.

    ``by`` says how level 2 is shown: ``sign_in`` when handing in online, ``papers`` (copies that staff look at
    afterwards). Level 3 can be shown by no copy, so that it always asks for a sign-in. An electronic signature
    (``signature``) shows by itself who hands in.
    """

    identity: int = Field(default=1, ge=1, le=3)
    authentication: int = Field(default=1, ge=1, le=3)
    by: Literal["sign_in", "papers"] = "papers"
    signature: bool = False
    reason: Text | None = None
    status: Literal["verified", "unverified"] = "unverified"

    @property
    def asks_sign_in(self) -> bool:
        """Tell whether who hands in online must have signed in at these levels."""
        return not self.signature and max(self.identity, self.authentication) > (1 if self.by == "sign_in" else 2)


class Online(Strict):
    """Whether the procedure can be finished online, since and until when planned (fiscal years)."""

    status: OnlineStatus
    since: FiscalYear | None = None
    plan: FiscalYear | None = None
    note: str = ""
    authority: str | None = None


class Cashless(Strict):
    """Whether the fee can be paid without cash."""

    status: CashlessStatus
    since: FiscalYear | None = None
    plan: FiscalYear | None = None
    note: str = ""


class PaymentTime(Strict):
    """When the fee is paid online: with the application, or when a step of the workflow asks for it after review.

    ``due_days``: days from the charge to the date of payment (納期限).
    """

    when: Literal["submission", "review"]
    due_days: int = Field(default=14, ge=1, le=120)


class Closing(Strict):
    """From when applications are no longer accepted, and what to do instead."""

    since: dt.date
    note: Text | None = None


class Procedure(Strict):
    """One procedure as a resident finds it. ``closed`` is written from the day on which applications are not accepted."""

    id: Identifier
    title: Text
    official_name: str
    kana: str
    summary: Text
    field: str
    department: Identifier
    legal_basis: list[str] = []
    who: Text
    papers: list[Text] = []
    fee: FeeInfo
    assurance: Assurance = Assurance()
    standard_days: int | None = Field(default=None, ge=0, le=400)
    channels: list[Channel] = ["counter"]
    life_events: list[Identifier] = []
    tags: list[str] = []
    keywords: list[str] = []
    online: Online
    cashless: Cashless = Cashless(status="free")
    payment: PaymentTime | None = None
    no_delegation: list[str] = Field(default=[], description='受けない代理の種類の id。["*"] は代理を受けない')
    audience: Literal["resident", "business", "staff"] = "resident"
    form: Identifier | None = None
    workflow: Identifier = "general"
    retention_years: int | None = Field(default=None, ge=1, le=100)
    retention: list[RetentionRule] = []
    sample: list[str] = []
    note: Text | None = None
    closed: Closing | None = None

    @property
    def in_scope(self) -> bool:
        """Tell whether the municipality itself handles the procedure."""
        return self.online.status not in {"out_of_scope", "no_system"}


class ProceduresFile(Strict):
    """A file ``procedures/<area>.yaml``."""

    procedures: list[Procedure]


class LifeEvent(Strict):
    """A moment in life by which residents look for procedures."""

    id: Identifier
    title: Text
    summary: Text | None = None
    icon: str
    order: int = 100


class LifeEventsFile(Strict):
    """``life_events.yaml``."""

    life_events: list[LifeEvent]


class Service(Strict):
    """Another digital service of the ward."""

    id: Identifier
    title: Text
    summary: Text
    url: str | None = None
    department: Identifier | None = None
    icon: str | None = None
    order: int = 100
    sample: bool = True


class ServicesFile(Strict):
    """``services.yaml``."""

    services: list[Service]


class CountRow(Strict):
    """One row of ``counts.csv``: applications of a procedure in a fiscal year."""

    procedure: Identifier
    fiscal_year: FiscalYear
    total: int = Field(ge=0)
    online: int = Field(ge=0)
    sample: bool = True

    @field_validator("online")
    @classmethod
    def _within(cls, online: int, info: Any) -> int:
        if online > info.data.get("total", online):
            raise ValueError("オンライン件数が総件数より多くなっています")
        return online


class CountsFile(Strict):
    """``counts.csv``."""

    rows: list[CountRow]


class PageFile(Strict):
    """A Markdown page with its front matter."""

    title: str
    lang: Literal["ja", "easy", "en", "zh", "ko"] = "ja"
    slug: Slug | None = None
    order: int = 100
    body: str


class NewsFile(Strict):
    """A piece of news in Markdown with its front matter."""

    title: Text
    date: dt.date
    slug: Slug | None = None
    department: Identifier | None = None
    sample: bool = True
    body: str
