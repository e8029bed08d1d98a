"""Messages with the applicant as the desk shows them.

Owns who reads for the section and the words a ready answer adds. Writing is in ``casework.api``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.engines.casework.api import SECTION_SIDE, Case, Thread, answer_templates, thread_of
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import LANGUAGES


@dataclass(frozen=True, slots=True)
class DeskThread:
    """The thread of a case with what the clerk may do: write, take a ready answer, say that none is needed."""

    thread: Thread
    may_write: bool
    waits: bool
    language: str
    templates: list[tuple[str, str, bool]]
    """Ready answers: id, title, whether there is one in the applicant's language."""


def reads_for_section(case: Case, actor: Actor) -> bool:
    """Tell whether what the actor reads counts as read by the section: staff who work on it, not one's own case."""
    return actor.may("desk.work") and case.section in actor.sections and case.applicant_ref != actor.ref


def desk_thread(case: Case, actor: Actor, *, at: datetime) -> DeskThread:
    """Return the thread of a case for its page (one SQL statement)."""
    thread = thread_of(case, side=SECTION_SIDE, at=at)
    return DeskThread(
        thread=thread,
        may_write=thread.is_open and actor.may("desk.work") and case.applicant_ref != actor.ref,
        waits=case.reply_since is not None,
        language=LANGUAGES.get(case.language, case.language),
        templates=[(item.id, item.title, item.body.has(case.language)) for item in answer_templates(case.section)],
    )


def with_template(typed: str, template_id: str, *, case: Case) -> str:
    """Return what was typed with a ready answer after it, in the applicant's language. Raises NotFound."""
    found = next((item for item in answer_templates(case.section) if item.id == template_id), None)
    if found is None:
        raise NotFound("ひな形を選んでください。", code="desk.no_template")
    return "\n\n".join(part for part in (typed.strip(), found.body.get(case.language).strip()) if part)
