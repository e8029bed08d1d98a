"""The moment something happens to a case: who wants to know.

Owns the registry of listeners (notices, payments, indicators put theirs there at start-up). A listener runs inside the
transaction of the service: it may enqueue jobs and write rows, it may not call the outside world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.kernel.access import Actor
from madoguchi.kernel.registry import Registry

from .models import Case, CaseEvent
from .schema import TransitionDefinition, WorkflowDefinition


@dataclass(frozen=True, slots=True)
class CaseHappening:
    """What happened: the case as it now is, its new event, and the arrow of the workflow when a state changed."""

    case: Case
    event: CaseEvent
    definition: WorkflowDefinition
    transition: TransitionDefinition | None
    actor: Actor
    at: datetime
    payload: Mapping[str, Any]

    @property
    def letter(self) -> str:
        """Return the id of the notice template to send, '' when none."""
        return (self.transition.letter if self.transition else None) or ""


Listener = Callable[[CaseHappening], None]

on_transition: Registry[Listener] = Registry("案件の出来事の受け手")
"""Register under a dotted name: ``on_transition.register("notices.mail", tell_applicant)``."""


def tell_listeners(happening: CaseHappening) -> None:
    """Call every listener, in the order of registration."""
    for listener in on_transition.all():
        listener(happening)
