"""Facts about a case that guards of a workflow may ask for.

Owns the vocabulary of guards. Reads only the case, its submission and its corrections; answers are read only when a
guard names one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from madoguchi.kernel.registry import Registry

from .models import Case
from .rules import day_of
from .schema import TransitionDefinition
from .selectors import current_answers

FACTS = (
    "state",
    "channel",
    "language",
    "procedure",
    "section",
    "assigned",
    "days_open",
    "corrections",
    "originals_awaited",
    "unpaid_yen",
    "@today",
)

money_facts: Registry[Callable[[Case], int]] = Registry("案件のお金の事実")
"""Facts in yen by name (``unpaid_yen``), read only when a guard asks for them."""


def case_facts(case: Case, *, at: datetime, names: Collection[str]) -> dict[str, Any]:
    """Return the facts by name; answers of the submission and amounts of money are read when *names* ask for them."""
    answers = current_answers(case) if set(names) - set(FACTS) else {}
    return {
        **answers,
        "state": case.state,
        "channel": case.channel,
        "language": case.language,
        "procedure": case.procedure_id,
        "section": case.section,
        "assigned": bool(case.assignee_ref),
        "days_open": (day_of(at) - case.received_on).days,
        "corrections": case.corrections.count(),
        **({"originals_awaited": _awaited(case)} if "originals_awaited" in names else {}),
        "@today": day_of(at).isoformat(),
        **{name: money_facts.get(name)(case) for name in names if name in money_facts},
    }


def _awaited(case: Case) -> int:
    return case.originals.filter(arrived_at=None, waived_at=None).count()


def guard_holds(step: TransitionDefinition, case: Case, *, at: datetime) -> bool:
    """Tell whether the guard of a step is true for the case now."""
    rule = _compiled(json.dumps(step.guard, sort_keys=True))
    names = guard_names(step.guard)
    return bool(rule(case_facts(case, at=at, names=names)))


@lru_cache(maxsize=512)
def _compiled(rule: str) -> Callable[[Mapping[str, Any]], Any]:
    from madoguchi.engines.forms.api import compile_rule

    return compile_rule(json.loads(rule))


def guard_names(rule: Any) -> set[str]:
    """Return the names of the facts and answers a guard asks for."""
    return set(_variables(rule))


def _variables(rule: Any) -> list[str]:
    if isinstance(rule, list):
        return [name for item in rule for name in _variables(item)]
    if not isinstance(rule, Mapping):
        return []
    found = []
    for operator, operands in rule.items():
        if operator == "var":
            first = operands[0] if isinstance(operands, list) else operands
            found.append(str(first).split(".")[0])
        found += _variables(operands)
    return found
