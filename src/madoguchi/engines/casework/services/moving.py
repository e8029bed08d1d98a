"""Move a case along its workflow: the one ``advance()`` of the house, for one case or many.

Owns role check, guard and requirements of a step. Asking for and answering corrections is in ``correcting``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed

from ..definitions import definition_of
from ..facts import guard_holds
from ..models import Case, CaseEvent, CorrectionRequest
from ..rules import ADVANCED, may_take, missing_requirements, own_steps
from ..schema import TransitionDefinition
from ..selectors import open_correction
from .projecting import append_event, demand_section, lock_case, side_of

_REQUIRED = {"reason": "理由", "note": "メモ", "fields": "補正する項目", "due": "期限"}


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk action did: receipt numbers done, and those refused with the reason."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def advance(
    case: Case,
    transition_id: str,
    *,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    payload: Mapping[str, Any] | None = None,
    seen: int | None = None,
) -> Case:
    """Take one step of the workflow and return the case as it now is.

    *payload* holds what the step requires (``reason``, ``note``); *seen* is the ``event_count`` the person looked at.
    Raises NotAllowed (role, section), Conflict (state, guard, changed meanwhile), InvalidInput (something required
    is missing).
    """
    locked = lock_case(case, seen=seen)
    step = find_step(locked, transition_id)
    if step.is_correction:
        raise InvalidInput(
            "補正は項目を選んで依頼します。", code="casework.use_correction", mend="補正の画面から行ってください。"
        )
    make_step(locked, step, actor=actor, at=at, calendar=calendar, payload=payload or {})
    return locked


def find_step(case: Case, transition_id: str) -> TransitionDefinition:
    """Return the arrow with this id that leaves the case's state. Raises Conflict when there is none."""
    step = definition_of(case.workflow_version_id).by_transition.get(transition_id)
    if step is None or case.state not in step.from_:
        raise Conflict(
            "今の状態からは、この操作はできません。",
            code="casework.no_such_step",
            mend="画面を開き直して、今の状態を確かめてください。",
            number=case.number,
        )
    return step


def make_step(
    case: Case,
    step: TransitionDefinition,
    *,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    payload: Mapping[str, Any],
    kind: str = "",
) -> CaseEvent:
    """Check and record one step of a locked case. Closes an unanswered correction when staff move on without it."""
    check_step(case, step, actor=actor, at=at, payload=payload)
    event = append_event(
        case,
        kind=kind or step.event or ADVANCED,
        actor=actor,
        at=at,
        calendar=calendar,
        payload=payload,
        transition=step,
        action="casework.advance",
        audit_payload={"transition": step.id, "from": case.state, "to": step.to},
    )
    if not kind and definition_of(case.workflow_version_id).by_state[event.from_state].kind == "waiting_resident":
        CorrectionRequest.objects.filter(case=case, answered_at=None, closed_at=None).update(closed_at=at)
    return event


def check_step(
    case: Case, step: TransitionDefinition, *, actor: Actor, at: datetime, payload: Mapping[str, Any]
) -> None:
    """Raise the reason why the actor may not take the step now; return when it is allowed."""
    side = side_of(case, actor)
    if side == "staff":
        demand_section(case, actor)
    if not may_take(step, kind=side, roles=actor.roles):
        raise NotAllowed(f"「{step.title}」を行う役割がありません。", code="casework.role", number=case.number)
    if missing := missing_requirements(step, payload):
        words = "、".join(_REQUIRED[name] for name in missing)
        raise InvalidInput(
            f"「{step.title}」には{words}が必要です。", code="casework.missing", mend=f"{words}を入力してください。"
        )
    if step.guard is not None and not guard_holds(step, case, at=at):
        raise Conflict(step.guard_message, code="casework.guard", number=case.number)


def available_steps(case: Case, *, actor: Actor) -> list[TransitionDefinition]:
    """Return the arrows the actor may take from the case's state, guards aside (no SQL once the definition is read)."""
    leaving = definition_of(case.workflow_version_id).leaving(case.state)
    return [item for item in leaving if may_take(item, kind=side_of(case, actor), roles=actor.roles)]


def take_own_step(
    case: Case, step_id: str, *, actor: Actor, at: datetime, calendar: OfficeCalendar, note: str = ""
) -> Case:
    """Take a step that the workflow leaves to the resident (改善の報告など); *note* is kept as the step's note or reason.

    Raises Conflict when the resident has no such step now, InvalidInput when it needs words and none are given.
    """
    asked = open_correction(case) is not None
    steps = own_steps(definition_of(case.workflow_version_id), case.state, asked=asked)
    step = next((item for item in steps if item.id == step_id), None)
    if step is None:
        raise Conflict(
            "今の状態では、この操作はできません。",
            code="casework.no_own_step",
            mend="状況の画面を開き直してください。",
            number=case.number,
        )
    payload = {"reason" if "reason" in step.requires else "note": note.strip()} if note.strip() else {}
    return advance(case, step.id, actor=actor, at=at, calendar=calendar, payload=payload)


def withdraw(case: Case, *, actor: Actor, at: datetime, calendar: OfficeCalendar, reason: str) -> Case:
    """Withdraw a case (取下げ) by the arrow whose outcome is ``withdrawn``. Raises Conflict when the state has none."""
    steps = [item for item in available_steps(case, actor=actor) if item.outcome == "withdrawn"]
    if not steps:
        raise Conflict("今の状態では取り下げられません。", code="casework.no_withdrawal", number=case.number)
    return advance(case, steps[0].id, actor=actor, at=at, calendar=calendar, payload={"reason": reason})


def bulk_advance(
    cases: Iterable[Case],
    transition_id: str,
    *,
    actor: Actor,
    at: datetime,
    calendar: OfficeCalendar,
    payload: Mapping[str, Any] | None = None,
) -> BulkResult:
    """Take the same step for many cases, each in its own transaction; refusals are listed and do not stop the
    others.
    """
    result = BulkResult()
    for case in cases:
        try:
            if not find_step(case, transition_id).bulk:
                raise NotAllowed("この操作はまとめて行えません。", code="casework.not_bulk")
            advance(case, transition_id, actor=actor, at=at, calendar=calendar, payload=payload)
        except DomainError as error:
            result.refused.append((case.number, error.message_ja))
        else:
            result.done.append(case.number)
    return result
