"""What must be there for a procedure: its section, form, workflow, fee and life events.

Owns the cross-checks of one procedure, for the municipality folder and for what staff write in the browser. No Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from madoguchi.rooms.catalogue.schema import Procedure

GENERAL_FORM = "general"


@dataclass(frozen=True, slots=True)
class Known:
    """The ids a procedure may name."""

    departments: Set[str]
    forms: Set[str]
    workflows: Set[str]
    fees: Set[str]
    life_events: Set[str]
    delegation_kinds: Set[str]


@dataclass(frozen=True, slots=True)
class ProcedureFault:
    """A fault in a procedure: where, what, how to mend it."""

    path: tuple[str, ...]
    message: str
    mend: str


def check_procedure(procedure: Procedure, known: Known) -> Iterator[ProcedureFault]:
    """Yield what a procedure names that is not there, and what it leaves unsaid."""
    if procedure.department not in known.departments:
        yield ProcedureFault(
            ("department",), f"「{procedure.department}」という課はありません", "departments.yaml の id にしてください"
        )
    form = procedure.form or GENERAL_FORM
    if procedure.in_scope and form not in known.forms:
        yield ProcedureFault(("form",), f"「{form}」という様式はありません", "forms/ に様式を置いてください")
    if procedure.in_scope and procedure.workflow not in known.workflows:
        yield ProcedureFault(
            ("workflow",), f"「{procedure.workflow}」という業務の流れはありません", "workflows/ の id にしてください"
        )
    if procedure.fee.rate and procedure.fee.rate not in known.fees:
        yield ProcedureFault(
            ("fee", "rate"), f"「{procedure.fee.rate}」という手数料はありません", "fees.yaml の id にしてください"
        )
    for event in sorted(set(procedure.life_events) - known.life_events):
        yield ProcedureFault(
            ("life_events",), f"「{event}」というライフイベントはありません", "life_events.yaml の id にしてください"
        )
    for kind in sorted(set(procedure.no_delegation) - known.delegation_kinds):
        yield ProcedureFault(
            ("no_delegation",),
            f"「{kind}」という代理の種類はありません",
            'delegation_kinds.yaml の id か "*" にしてください',
        )
    if procedure.online.status == "out_of_scope" and not (procedure.online.authority and procedure.online.note):
        yield ProcedureFault(
            ("online",), "対象外の手続には authority と note（理由）が要ります", "どこの事務かと理由を書いてください"
        )
