"""Which way a case goes through its workflow: the arrows taken, chosen from the workflow's own data.

Owns no time and no people. Arrows with a guard are not taken, because a guard asks for facts a sample does not have; but a
sample owes nothing and its papers come in time (``post``), so a guard that asks only for these is no hindrance.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

from madoguchi.engines.casework.api import StateDefinition, TransitionDefinition, WorkflowDefinition, guard_names

REFUSALS = frozenset({"refused", "rejected"})
LONGEST = 14


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a case."""

    corrected: bool = False
    """The office asks for a correction on the way."""
    answers: bool = True
    """The resident answers it."""
    end: str = "done"
    """``done``, ``refused`` or ``withdrawn``."""


def draw_fate(rng: random.Random) -> Fate:
    """Draw what becomes of an ordinary case."""
    end = rng.choices(("done", "refused", "withdrawn"), (94, 3.5, 2.5))[0]
    return Fate(corrected=rng.random() < 0.13, answers=rng.random() < 0.85, end=end)


def draw_path(workflow: WorkflowDefinition, fate: Fate, rng: random.Random) -> list[TransitionDefinition]:
    """Return the arrows a case takes from the first state on."""
    path: list[TransitionDefinition] = []
    state, visited, asked = workflow.initial, {workflow.initial.id}, False
    while state.kind != "done" and len(path) < LONGEST:
        leaving = [item for item in workflow.leaving(state.id) if _is_free(item)]
        step = None
        if fate.corrected and not asked:
            step = next((item for item in leaving if item.is_correction), None)
            asked = step is not None and rng.random() < 0.8
            step = step if asked else None
        step = step or _end(leaving, fate, rng) or _onward(workflow, state, leaving, visited, fate, rng)
        if step is None:
            break
        path.append(step)
        state = workflow.by_state[step.to]
        visited.add(state.id)
    return path


def _is_free(step: TransitionDefinition) -> bool:
    return step.guard is None or guard_names(step.guard) <= {"unpaid_yen", "originals_awaited"}


def _end(leaving: list[TransitionDefinition], fate: Fate, rng: random.Random) -> TransitionDefinition | None:
    wanted = {"refused": REFUSALS, "withdrawn": frozenset({"withdrawn"})}.get(fate.end, frozenset())
    ends = [item for item in leaving if item.outcome in wanted]
    return ends[0] if ends and (fate.end == "refused" or rng.random() < 0.4) else None


def _onward(
    workflow: WorkflowDefinition,
    state: StateDefinition,
    leaving: list[TransitionDefinition],
    visited: set[str],
    fate: Fate,
    rng: random.Random,
) -> TransitionDefinition | None:
    """Choose an arrow that leads on: new states first, the main arrow (tone primary) most of the time."""
    onward = [item for item in leaving if not item.is_correction and item.outcome not in {*REFUSALS, "withdrawn"}]
    if state.kind == "waiting_resident":
        by_resident = [item for item in onward if item.by_resident]
        by_staff = [item for item in onward if not item.by_resident]
        chosen = by_resident if fate.answers or not by_staff else by_staff
        return chosen[0] if chosen else None
    fresh = [
        item for item in onward if item.to not in visited and workflow.by_state[item.to].kind != "waiting_resident"
    ]
    pool = fresh or [item for item in onward if item.tone != "danger"]
    return rng.choices(pool, [9 if item.tone == "primary" else 1 for item in pool])[0] if pool else None


def path_to(workflow: WorkflowDefinition, target: str) -> list[TransitionDefinition] | None:
    """Return the shortest way into a state, None when no free arrow leads there."""
    queue: deque[tuple[str, list[TransitionDefinition]]] = deque([(workflow.initial.id, [])])
    seen = {workflow.initial.id}
    while queue:
        state, path = queue.popleft()
        if state == target:
            return path
        for item in workflow.leaving(state):
            if _is_free(item) and item.to not in seen:
                seen.add(item.to)
                queue.append((item.to, [*path, item]))
    return None
