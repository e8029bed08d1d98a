"""The shape of a letter in the ward folder (``letters/<id>.yaml``) and the rules its words must keep. No Django."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from madoguchi.kernel.l10n import LANGUAGES, LocalText, Text

NEEDED_LANGUAGES = ("ja", "easy", "en")
"""The languages in which every letter must be written; the others fall back to Japanese."""

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")

ALLOWED_VARIABLES = frozenset(
    {
        "name",
        "number",
        "municipality",
        "due_on",
        "promised_on",
        "url",
        "link",
        "minutes",
        "code",
        "stage",
    }
)
"""All that a letter may ever contain. Answers, reasons, and even the procedure and its section (which can tell that
somebody asked for public assistance) are not in it: they are read on the status page or my page."""

STAFF_VARIABLES = frozenset({"office", "due_count", "late_count", "reply_count", "unassigned_count"})
"""What a letter to staff (its id begins with ``staff_``) may hold besides: a section, and how many cases wait."""

LATE_VARIABLES = frozenset({"link", "code"})

Channel = Literal["mail", "line", "sms", "feed"]
Kind = Literal["progress", "action", "result", "message", "account", "staff"]
"""What a letter is about; residents choose the ways of the first four (``CHOOSABLE``)."""

CHOOSABLE: tuple[Kind, ...] = ("action", "result", "message", "progress")


class Letter(BaseModel):
    """One letter: subject and body in each language, with ``{placeholders}``;
    ``variables`` gives an example of each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(description="職員が見る名前")
    kind: Kind = Field(default="progress", description="何の知らせか。区民は種類ごとに届け方を選べる")
    urgent: bool = Field(default=False, description="静かな時間でも届ける")
    channels: list[Channel] = Field(min_length=1)
    variables: dict[str, str] = Field(description="差し込む値と、その例")
    subject: Text
    body: Text
    sms: Text | None = Field(default=None, description="SMS の文。無ければ件名と住所（url）")

    @model_validator(mode="after")
    def _words_fit(self) -> Letter:
        unknown = sorted(set(self.variables) - self.allowed)
        if unknown:
            raise ValueError(f"文面に入れられない値です: {', '.join(unknown)}（回答・理由・手続名は文面に書けません）")
        for part, text in self._parts():
            for lang in LANGUAGES:
                if text.has(lang):
                    self._check(part, lang, text.get(lang))
                elif lang in self.needed_languages:
                    raise ValueError(f"{part} に {lang} の文がありません")
        used = set(PLACEHOLDER.findall(self.subject.get("ja") + self.body.get("ja")))
        unused = sorted(set(self.variables) - used)
        if unused:
            raise ValueError(f"variables にあるのに ja の文で使われていません: {', '.join(unused)}")
        if "sms" in self.channels and self.sms is None and "url" not in self.variables:
            raise ValueError("channels に sms があるときは、sms の文か、差し込みの url が要ります")
        return self

    def _parts(self) -> list[tuple[str, LocalText]]:
        parts = [("subject", self.subject), ("body", self.body)]
        return [*parts, ("sms", self.sms)] if self.sms is not None else parts

    @property
    def needed_languages(self) -> tuple[str, ...]:
        """Return the languages without which the letter is refused; staff read Japanese."""
        return ("ja",) if self.id.startswith("staff_") else NEEDED_LANGUAGES

    def missing(self, languages: Iterable[str]) -> list[tuple[str, str]]:
        """Return the (part, language) pairs that are not written; a letter to staff misses none."""
        if self.id.startswith("staff_"):
            return []
        return [(part, lang) for part, text in self._parts() for lang in languages if not text.has(lang)]

    def _check(self, part: str, lang: str, words: str) -> None:
        undeclared = sorted(set(PLACEHOLDER.findall(words)) - set(self.variables))
        if undeclared:
            raise ValueError(f"{part}.{lang}: variables に無い差し込みです: {', '.join(undeclared)}")
        if _BRACE.search(PLACEHOLDER.sub("", words)):
            raise ValueError(f"{part}.{lang}: 波かっこの書き方が正しくありません。{{number}} のように書いてください")
        if part == "sms" and "\n" in words:
            raise ValueError(f"{part}.{lang}: SMS の文は改行せずに書いてください")
        if part == "subject" and ("\n" in words or LATE_VARIABLES & set(PLACEHOLDER.findall(words))):
            raise ValueError(f"{part}.{lang}: 件名は1行で、リンクを含めないでください")

    @property
    def allowed(self) -> frozenset[str]:
        """Return the variables this letter may use: a resident's letter never names a section."""
        return ALLOWED_VARIABLES | STAFF_VARIABLES if self.id.startswith("staff_") else ALLOWED_VARIABLES

    @property
    def late(self) -> frozenset[str]:
        """Return the variables that are filled in at delivery only."""
        return LATE_VARIABLES & set(self.variables)

    def digest(self) -> str:
        """Return the SHA-256 of the letter's content in hex; a notice keeps it to name the version it was made from."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()
