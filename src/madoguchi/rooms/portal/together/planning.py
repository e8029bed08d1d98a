"""What the draft of an interview now amounts to: decisions, the parts to be handed in, the questions each still asks.

Owns no writes. Two SQL statements beside the draft's own: none for a guide, one for the parts.

The interview's draft keeps, beside its answers, which optional procedures were ticked (``CHOICE``); each part is a draft of
its own procedure's form, so that its version, its typed answers and its files are its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.engines.forms.api import (
    CompiledField,
    Evaluation,
    LoadedDraft,
    context_at,
    evaluate,
    parts_of,
)
from madoguchi.engines.identity.api import refusals_of
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotAllowed
from madoguchi.rooms.catalogue.api import (
    Decision,
    Interview,
    Procedure,
    answers_for,
    decide,
    get_procedure,
    questions_left,
    signature,
    table_of,
)
from madoguchi.rooms.portal.acting import asked_of, is_delegated
from madoguchi.rooms.portal.together.naming import interview_of, procedures_in

CHOICE = "@choice"
"""Key in the draft's answers: which optional rows were ticked, by key of the row. No question can have this id."""


@dataclass(slots=True)
class Part:
    """One procedure that will be handed in: its decision, its draft (None until the choice was confirmed), what it asks."""

    decision: Decision
    procedure: Procedure
    loaded: LoadedDraft | None = None
    filled: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    evaluation: Evaluation | None = None
    left: list[CompiledField] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Return the key of the part's row."""
        return self.decision.key

    @property
    def answers(self) -> dict[str, Any]:
        """Return what would be handed in: what was typed for this form over what the interview says."""
        return {**self.filled, **self.own}

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return self.evaluation is not None and self.evaluation.valid


@dataclass(slots=True)
class Plan:
    """An interview's draft with everything that follows from it."""

    interview: Interview
    loaded: LoadedDraft
    evaluation: Evaluation
    decisions: list[Decision]
    parts: list[Part] = field(default_factory=list)
    refused: dict[str, NotAllowed] = field(default_factory=dict)
    """Why a representative may not hand in a procedure, by its id."""

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the choice was confirmed as it now stands: every part has its draft."""
        return bool(self.parts) and all(part.loaded is not None for part in self.parts)

    @property
    def asking(self) -> list[Part]:
        """Return the parts that have questions of their own, in order."""
        return [part for part in self.parts if part.left]

    @property
    def first_incomplete(self) -> Part | None:
        """Return the first part with something missing, or None."""
        return next((part for part in self.parts if not part.is_complete), None)

    def part(self, key: str) -> Part | None:
        """Return a part by the key of its row, or None."""
        return next((part for part in self.parts if part.key == key), None)

    def is_chosen(self, decision: Decision) -> bool:
        """Tell whether an applying row is to be handed in: open to who asks, and not optional or ticked."""
        return self.refusal(decision) is None and chosen(decision, self.loaded.draft.answers.get(CHOICE))

    def refusal(self, decision: Decision) -> NotAllowed | None:
        """Return why the representative may not hand in a row, None when they may."""
        return self.refused.get(decision.row.row.procedure or "")


def chosen(decision: Decision, choice: Any) -> bool:
    """Tell whether a row is to be handed in, given the kept ticks."""
    row = decision.row.row
    if not decision.applies or not row.handed_in:
        return False
    ticks = choice if isinstance(choice, Mapping) else {}
    return not row.optional or bool(ticks.get(row.key, row.chosen))


def plan_of(loaded: LoadedDraft, *, actor: Actor, at: dt.datetime) -> Plan:
    """Return what the draft of an interview amounts to now, in the hands of *actor*.

    One SQL statement, none for a guide; two more for a representative. Raises NotFound for anybody's delegation but theirs.
    """
    interview = interview_of(loaded.draft)
    evaluation = loaded.evaluate(at=at)
    decisions = decide(table_of(interview.id), evaluation.scope)
    plan = Plan(interview, loaded, evaluation, decisions)
    if interview.kind == "guide":
        return plan
    if is_delegated(loaded.draft.mandate):
        wanted = [asked_of(item) for item in procedures_in(loaded.draft.procedure_id)]
        plan.refused = refusals_of(actor, loaded.draft.mandate, wanted, at=at)
    drafts = parts_of(loaded.draft)
    asked: dict[Any, Any] = {}
    for decision in decisions:
        if plan.is_chosen(decision):
            procedure = get_procedure(str(decision.row.row.procedure))
            part = Part(decision, procedure, drafts.get(procedure.id))
            _lay(part, plan, asked, at=at)
            plan.parts.append(part)
    return plan


def _lay(part: Part, plan: Plan, asked: dict[Any, Any], *, at: dt.datetime) -> None:
    """Lay the interview's answers, what an earlier part asked already, and the part's own answers into its form.

    *asked* holds the answers of questions asked by earlier parts, by signature; this part's are added.
    """
    if part.loaded is None:
        return
    form, typed = part.loaded.form, dict(part.loaded.draft.answers)
    part.filled = answers_for(part.decision.row, plan.evaluation.scope)
    inherited = {
        item.id: asked[mark]
        for item in form.fields.values()
        if item.fd.type != "file" and (mark := signature(item)) in asked and asked[mark] is not None
    }
    part.own = {
        **inherited,
        **{key: value for key, value in typed.items() if value is not None and key not in inherited},
    }
    context = context_at(at, channel=plan.loaded.draft.channel)
    part.evaluation = evaluate(form, part.answers, context)
    part.loaded.draft.answers = part.answers  # in memory: rows of a group are edited on top of what the interview said
    part.left = questions_left(part.evaluation, part.filled, part.own, asked=asked)
    for item in part.left:
        if item.fd.type != "file":
            asked.setdefault(signature(item), typed.get(item.id))
