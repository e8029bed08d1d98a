"""The papers of the sample year that come by post: there before the arrow that waits for them, or still awaited.

Owns the times of arrival; who opened the envelope is who took the next arrow.
"""

from __future__ import annotations

from madoguchi.engines.casework.api import PastEvent, PastOriginal, WorkflowDefinition, guard_names
from madoguchi.engines.forms.api import Submission


def originals_by_post(
    submission: Submission, events: list[PastEvent], workflow: WorkflowDefinition
) -> list[PastOriginal]:
    """Return the papers that come by post, and put their arrivals into the history."""
    papers = [paper for paper in submission.papers if paper["how"] == "post"]
    place = next((at for at, event in enumerate(events) if _has_waited(workflow, event.transition)), -1)
    if not papers or place < 0:
        return [PastOriginal(paper) for paper in papers]
    step = events[place]
    events[place:place] = [
        PastEvent(
            "original_arrived",
            step.at,
            step.actor_ref,
            step.actor_name,
            payload={"paper": paper["id"], "title": paper["title"]},
        )
        for paper in papers
    ]
    return [PastOriginal(paper, step.at) for paper in papers]


def _has_waited(workflow: WorkflowDefinition, transition: str) -> bool:
    """Tell whether an arrow is taken only with every paper there: by its guard, or because it decides."""
    step = workflow.by_transition.get(transition)
    if step is None:
        return False
    decides = step.outcome not in {None, "withdrawn"}
    return decides or (step.guard is not None and "originals_awaited" in guard_names(step.guard))
