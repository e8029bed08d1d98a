"""The section ``messages.yaml`` of the municipality folder: how messages in a case work, and ready answers for clerks.

Owns the shape and what is in force. The messages themselves are written by ``services.messaging``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Fault, Folder, Section, register_section
from madoguchi.kernel.l10n import Text

from .schema import Identifier


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerTemplate(_Strict):
    """A ready answer (ひな形); ``sections`` lists the sections it is for, empty for all."""

    id: Identifier
    title: str = Field(min_length=1, max_length=60)
    sections: list[str] = []
    body: Text


class MessagesFile(_Strict):
    """``messages.yaml``: the length of a message, the days a thread stays open after the end, ready answers."""

    max_characters: int = Field(default=2000, ge=200, le=4000)
    open_days_after_end: int = Field(default=30, ge=0, le=366, description="終了の後、やりとりを続けられる日数（暦日）")
    templates: list[AnswerTemplate] = []


def check(folder: Folder) -> Iterator[Fault]:
    """Yield a fault for an id used twice, an unknown section and an answer longer than a message may be."""
    known = {row.id for entry in folder.of("departments") for row in entry.value.departments}
    for entry in folder.of("messages"):
        seen: set[str] = set()
        for index, item in enumerate(entry.value.templates):
            where = ("templates", index)
            if item.id in seen:
                yield entry.fault((*where, "id"), f"ひな形「{item.id}」が二つあります", "別の id にしてください")
            seen.add(item.id)
            for section in item.sections:
                if known and section not in known:
                    yield entry.fault((*where, "sections"), f"課「{section}」はありません", "departments.yaml の id に")
            for lang, words in item.body.items():
                if len(words) > entry.value.max_characters:
                    yield entry.fault((*where, "body", lang), "一通の字数を超えています", "短くしてください")


def counts(folder: Folder) -> Mapping[str, int]:
    """Return how many ready answers the folder has."""
    return {"answer_templates": sum(len(entry.value.templates) for entry in folder.of("messages"))}


def register() -> None:
    """Register the section; it is checked after the departments."""
    register_section(Section("messages", "messages.yaml", MessagesFile, order=51, check=check, counts=counts))


@municipality.per_generation
def conversation_rules() -> MessagesFile:
    """Return the ward's rules for messages, the built-in ones when the folder has no ``messages.yaml``."""
    rows = municipality.current().section("messages")
    return MessagesFile.model_validate(rows[0]) if rows else MessagesFile()


def answer_templates(section: str) -> list[AnswerTemplate]:
    """Return the ready answers a section may use, its own first."""
    fitting = [item for item in conversation_rules().templates if not item.sections or section in item.sections]
    return sorted(fitting, key=lambda item: not item.sections)
