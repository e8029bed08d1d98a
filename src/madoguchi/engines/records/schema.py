"""How long a procedure's data is kept, as a clerk writes it. Owns the shape of a retention rule. No Django."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

What = Literal["case", "attachments", "correspondence", "drafts"]
Outcome = Literal["approved", "partly_approved", "refused", "withdrawn", "accepted", "issued", "rejected", "closed"]

WHAT_LABELS: dict[str, str] = {
    "case": "案件のすべて",
    "attachments": "添付ファイル",
    "correspondence": "やりとり・お知らせ",
    "drafts": "送信されなかった下書き",
}
HOW_LABELS: dict[str, str] = {"delete": "廃棄", "anonymise": "匿名にする"}


class RetentionRule(BaseModel):
    """What goes when, counted from the end of the case (a draft: from its last change).

    ``years`` are counted from the 1st of April after the fiscal year of the end (文書の保存年限), ``days`` from the day of the end.
    ``outcomes`` limits the rule to some ways a case may end; a rule that names the outcome goes before one that names none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: What
    outcomes: list[Outcome] = []
    days: int | None = Field(default=None, ge=1, le=36_500)
    years: int | None = Field(default=None, ge=1, le=100)
    then: Literal["delete", "anonymise"] = "anonymise"
    source: str = ""

    @model_validator(mode="after")
    def _one_period(self) -> RetentionRule:
        if (self.days is None) == (self.years is None):
            raise ValueError("days（日数）か years（年数）のどちらか一つを書いてください")
        if self.what in {"attachments", "drafts"} and self.then != "delete":
            raise ValueError(f"what: {self.what} は匿名にできません。then: delete と書いてください")
        if self.what == "drafts" and (self.outcomes or self.years):
            raise ValueError("what: drafts には days だけを書いてください（下書きに結果はありません）")
        return self

    @property
    def words(self) -> str:
        """Return the rule in Japanese, as it stands in the log and on the staff's page."""
        period = f"年度末から{self.years}年" if self.years else f"{self.days}日"
        return f"{WHAT_LABELS[self.what]}：終了後{period}で{HOW_LABELS[self.then]}" + (
            f"（{self.source}）" if self.source else ""
        )
