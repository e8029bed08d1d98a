"""Connects the engine at start-up: sections, jobs, menu, and the documents that a decision brings with it."""

from __future__ import annotations

from madoguchi.engines.casework.api import CaseHappening, on_transition
from madoguchi.kernel.ui.navigation import NavItem, register_nav


def connect() -> None:
    """Register sections, jobs, menu and listener. Called once from ``AppConfig.ready``."""
    from . import folder, jobs, retention  # noqa: F401 - importing the jobs registers them

    folder.register()
    retention.register()
    on_transition.register("issuing.auto", _issue_what_follows)
    register_nav(
        NavItem("issuing.verify", "portal_footer", "issuing.verify.title", "issuing:verify", icon="check", order=8)
    )


def _issue_what_follows(happening: CaseHappening) -> None:
    """Enqueue the documents that are issued without a clerk; generated sample cases get none."""
    if happening.transition is None or not happening.transition.outcome or happening.case.is_sample:
        return
    from madoguchi.kernel.jobs import enqueue

    from .services import templates_for

    for template in templates_for(happening.case):
        if template.auto:
            enqueue("issuing.issue", number=happening.case.number, template_id=template.id)
