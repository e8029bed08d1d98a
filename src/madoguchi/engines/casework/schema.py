"""The workflow definition: what a clerk writes in ``workflows/<id>.yaml``.

Owns the shape of the data and its single-field rules. May not know the database, the calendar or any procedure;
faults that need the whole graph are in ``faults``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from madoguchi.kernel.l10n import LocalText, Text, to_text

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
StateKind = Literal["open", "waiting_resident", "done"]
Clock = Literal["running", "paused", "stopped"]
Requirement = Literal["reason", "note", "fields", "due"]
Tone = Literal["primary", "danger", "plain"]
Outcome = Literal["approved", "partly_approved", "refused", "withdrawn", "accepted", "issued", "rejected", "closed"]

RESIDENT = "resident"
SYSTEM_ROLE = "system"

OUTCOME_LABELS: dict[str, str] = {
    "approved": "承認",
    "partly_approved": "一部承認",
    "refused": "不承認",
    "withdrawn": "取下げ",
    "accepted": "受理",
    "issued": "交付",
    "rejected": "却下",
    "closed": "終了",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class StateDefinition(_Strict):
    """One state. ``public`` is what the resident reads, ``next`` what comes next; ``stage`` counts the public steps
    from 1.
    """

    id: Identifier
    title: Text
    public: Text
    next: Text | None = None
    stage: int = Field(ge=1, le=12)
    kind: StateKind = "open"
    clock: Clock = "running"


class TransitionDefinition(_Strict):
    """One arrow: who may go from which states to which, under which guard, and what must be given.

    ``resident_title`` is what the resident's own button says; without it, ``title``. ``charge`` asks for the fee of the
    application at this step, for procedures that are paid after review.
    """

    id: Identifier
    title: str = Field(min_length=1, max_length=40)
    resident_title: Text | None = None
    from_: list[Identifier] = Field(alias="from", min_length=1)
    to: Identifier
    who: list[Identifier] = Field(min_length=1)
    guard: Any = None
    guard_message: str = "今の状態では行えません。"
    requires: list[Requirement] = []
    letter: Identifier | None = None
    event: Identifier | None = None
    shortcut: str | None = Field(default=None, pattern=r"^[a-z]$")
    tone: Tone = "plain"
    bulk: bool = False
    outcome: Outcome | None = None
    charge: bool = False

    @property
    def by_resident(self) -> bool:
        """Tell whether the resident makes this step (an answer to a correction, a withdrawal)."""
        return RESIDENT in self.who

    @property
    def public_title(self) -> LocalText:
        """Return what the button says to the resident."""
        return self.resident_title or to_text(self.title)

    @property
    def is_correction(self) -> bool:
        """Tell whether the step asks the resident to correct fields (補正)."""
        return "fields" in self.requires


class CorrectionReason(_Strict):
    """A ready reason for a correction; ``message`` is what the resident reads."""

    id: Identifier
    title: str = Field(min_length=1, max_length=60)
    message: Text


class WorkflowDefinition(_Strict):
    """A whole workflow. The first state is where a case starts."""

    id: Identifier
    title: Text
    note: str = ""
    states: list[StateDefinition] = Field(min_length=2, max_length=30)
    transitions: list[TransitionDefinition] = Field(min_length=1, max_length=80)
    correction_reasons: list[CorrectionReason] = []

    @cached_property
    def by_state(self) -> dict[str, StateDefinition]:
        """Return the states by id."""
        return {state.id: state for state in self.states}

    @cached_property
    def by_transition(self) -> dict[str, TransitionDefinition]:
        """Return the transitions by id."""
        return {item.id: item for item in self.transitions}

    @property
    def initial(self) -> StateDefinition:
        """Return the state in which a case starts."""
        return self.states[0]

    @cached_property
    def stages(self) -> int:
        """Return how many public steps there are."""
        return max(state.stage for state in self.states)

    def leaving(self, state_id: str) -> list[TransitionDefinition]:
        """Return the arrows that leave a state, in the order they are written."""
        return [item for item in self.transitions if state_id in item.from_]
