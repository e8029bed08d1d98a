"""Connects the desk to what happens to cases. Owns no logic of its own."""

from __future__ import annotations

from madoguchi.engines.casework.api import CaseHappening, on_transition


def _message(happening: CaseHappening) -> None:
    from .telling import tell_assignee_of_message

    tell_assignee_of_message(happening)


def connect() -> None:
    """Register the listeners and the jobs."""
    from . import jobs  # noqa: F401 - importing the jobs registers them

    on_transition.register("desk.messages", _message)
