"""Reads of the delegation register: what was given, what is held, and whether an act is allowed now.

Owns the permission of each read: the parties see their own, staff who review see what waits for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from madoguchi.kernel.access import Actor, Mandate
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import InvalidInput, NotAllowed, NotFound

from .delegation_kinds import kind_of, kinds_on
from .delegation_rules import State, Terms, last_day, may_act, state_of
from .delegation_schema import DelegationKind
from .models import Delegation, DelegationEvent

PREFIX = "delegation:"
REVIEW = "delegations.review"


@dataclass(frozen=True, slots=True)
class DelegationView:
    """A delegation as a page shows it on a day."""

    row: Delegation
    kind: DelegationKind
    state: State
    ends_on: date | None
    events: Sequence[DelegationEvent]

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be ended by a party."""
        return self.state in {"offered", "requested", "in_force", "not_yet"}

    @property
    def is_waiting(self) -> bool:
        """Tell whether it waits for somebody: the delegate's acceptance or the staff's check."""
        return self.state in {"offered", "requested"}

    @property
    def delegate_ref(self) -> str:
        """Return the delegate's account as records keep it."""
        return f"resident:{self.row.delegate_id}" if self.row.delegate_id else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The procedure in which somebody wants to act: its id, its field, and the kinds it refuses (``*``: every kind)."""

    procedure_id: str
    field: str
    forbidden: Sequence[str] = ()


def day_of(at: datetime) -> date:
    """Return the day in Japan."""
    return at.astimezone(TOKYO).date()


def terms_of(row: Delegation) -> Terms:
    """Return a row's terms for the rules."""
    return Terms(
        kind=row.kind,
        scope=row.scope,
        values=tuple(row.scope_values),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        born_on=row.born_on,
        offered_on=day_of(row.created_at),
    )


def _kinds(events: Iterable[DelegationEvent]) -> list[str]:
    return [event.kind for event in events]


def view_of(row: Delegation, *, day: date) -> DelegationView | None:
    """Return a delegation as a page shows it; None when the ward's data no longer knows its kind at all."""
    kind = kind_of(row.kind, day)
    if kind is None:
        return None
    events = list(row.events.all())
    terms = terms_of(row)
    return DelegationView(row, kind, state_of(terms, _kinds(events), kind=kind, day=day), last_day(terms, kind), events)


def _rows() -> QuerySet[Delegation]:
    return Delegation.objects.prefetch_related(Prefetch("events", DelegationEvent.objects.order_by("at", "id")))


def _views(rows: QuerySet[Delegation], *, at: datetime) -> list[DelegationView]:
    found = (view_of(row, day=day_of(at)) for row in rows[:200])
    return [item for item in found if item is not None]


def given_by(actor: Actor, *, at: datetime) -> list[DelegationView]:
    """Return what a resident gave to others, newest first (two SQL statements)."""
    return _views(_rows().filter(principal_id=_account(actor)), at=at) if _account(actor) else []


def held_by(actor: Actor, *, at: datetime) -> list[DelegationView]:
    """Return what a resident holds for others or asked for, newest first (two SQL statements)."""
    return _views(_rows().filter(delegate_id=_account(actor)), at=at) if _account(actor) else []


def usable_for(actor: Actor, asked: Sequence[Asked], *, at: datetime) -> list[DelegationView]:
    """Return the delegations under which a resident may act now in at least one of the procedures *asked*."""
    held = held_by(actor, at=at)
    return [item for item in held if any(_verdict_code(item, each, at=at) == "" for each in asked)]


def waiting_for_review(actor: Actor, *, at: datetime) -> list[DelegationView]:
    """Return the requests that staff still have to check, oldest first. Raises NotAllowed."""
    actor.demand(REVIEW)
    closed = DelegationEvent.objects.filter(kind__in=["approved", "refused", "revoked", "resigned"])
    rows = _rows().filter(events__kind="requested").exclude(events__in=closed).order_by("created_at")
    return [item for item in _views(rows, at=at) if item.state == "requested"]


def reviewed_lately(actor: Actor, *, at: datetime) -> list[DelegationView]:
    """Return the statutory delegations that staff approved and that hold, newest first. Raises NotAllowed."""
    actor.demand(REVIEW)
    rows = _rows().filter(events__kind="approved")
    return [item for item in _views(rows, at=at) if item.state in {"in_force", "not_yet"}]


def delegation_for(actor: Actor, delegation_id: uuid.UUID, *, at: datetime) -> DelegationView:
    """Return a delegation to one of its parties, or to staff who review. Raises NotFound."""
    rows = _rows().filter(pk=delegation_id)
    if not (actor.is_staff and actor.may(REVIEW)):
        mine = _account(actor)
        rows = rows.filter(Q(principal_id=mine) | Q(delegate_id=mine)) if mine else rows.none()
    found = _views(rows, at=at)
    if not found:
        raise NotFound("この代理は見つかりません。", code="delegation.none", mend="代理の一覧から選んでください。")
    return found[0]


def delegations_by_ref(refs: Collection[str]) -> dict[str, Delegation]:
    """Return delegations by the references that records keep (one SQL statement)."""
    ids = [ref.removeprefix(PREFIX) for ref in refs if ref.startswith(PREFIX)]
    return {row.ref: row for row in Delegation.objects.filter(pk__in=ids)} if ids else {}


def told_of(ref: str, *, at: datetime) -> frozenset[str]:
    """Return which parties are told of what happens under a delegation: the delegate only while it is in force."""
    row = _rows().filter(pk=ref.removeprefix(PREFIX)).first()
    view = view_of(row, day=day_of(at)) if row is not None else None
    if view is None:
        return frozenset({"principal"})
    return frozenset(view.kind.notify) - (frozenset() if view.state == "in_force" else {"delegate"})


def refs_in_force(actor: Actor, *, at: datetime) -> set[str]:
    """Return the references of the delegations that a resident holds and that are in force (two SQL statements)."""
    return {item.row.ref for item in held_by(actor, at=at) if item.state == "in_force"}


def mandate_for(actor: Actor, ref: str, asked: Sequence[Asked], *, at: datetime) -> Mandate:
    """Return the mandate under which a resident acts now in at least one of the procedures *asked* (two SQL statements).

    Default deny: raises NotFound (not theirs) or NotAllowed (ended, revoked, not covered, not allowed by the procedure).
    """
    view = _held_view(actor, ref, at=at)
    codes = [_verdict_code(view, each, at=at) for each in asked]
    if "" not in codes:
        raise _refusal(codes[0] if codes else "out_of_scope")
    return mandate_of(view)


def refusals_of(actor: Actor, ref: str, asked: Sequence[Asked], *, at: datetime) -> dict[str, NotAllowed]:
    """Return why a resident may not act now in procedures under a delegation, by id; what is allowed is left out.

    Two SQL statements. Raises NotFound (not theirs).
    """
    view = _held_view(actor, ref, at=at)
    codes = {each.procedure_id: _verdict_code(view, each, at=at) for each in asked}
    return {key: _refusal(code) for key, code in codes.items() if code}


def _held_view(actor: Actor, ref: str, *, at: datetime) -> DelegationView:
    """Return a delegation to its delegate. Raises NotFound."""
    try:
        view = delegation_for(actor, uuid.UUID(ref.removeprefix(PREFIX)), at=at)
    except ValueError:
        raise NotFound("この代理は見つかりません。", code="delegation.none") from None
    if view.row.delegate_id != _account(actor):
        raise NotFound("この代理は見つかりません。", code="delegation.none", mend="代理の一覧から選んでください。")
    return view


def mandate_of(view: DelegationView) -> Mandate:
    """Return what records say of an act under a delegation."""
    return Mandate(
        ref=view.row.ref,
        capacity=dict(view.kind.capacity),
        principal_ref=view.row.principal_ref,
        principal_name=view.row.principal_name,
    )


def _verdict_code(view: DelegationView, asked: Asked, *, at: datetime) -> str:
    day = day_of(at)
    return may_act(
        terms_of(view.row),
        _kinds(view.events),
        kind=kinds_on(day).get(view.row.kind),
        procedure_id=asked.procedure_id,
        field=asked.field,
        forbidden=asked.forbidden,
        day=day,
    ).code


def _refusal(code: str) -> NotAllowed:
    if code == "forbidden":
        return NotAllowed(
            "この手続は、代理では申請できません。",
            code="delegation.forbidden",
            mend="本人が申請するか、担当課に相談してください。",
        )
    if code == "out_of_scope":
        return NotAllowed(
            "この代理の範囲に、この手続は入っていません。",
            code="delegation.out_of_scope",
            mend="本人に、この手続の代理を新しく設定してもらってください。",
        )
    return NotAllowed(
        "この代理は、今は使えません。",
        code="delegation.not_in_force",
        mend="取り消されたか、期間が終わっています。代理の一覧で確かめてください。",
    )


def _account(actor: Actor) -> int:
    return int(actor.id) if actor.kind == "resident" and actor.id.isdigit() else 0


def unreadable_code(code: Any) -> InvalidInput:
    """Return the refusal of an invitation code that opens nothing (never says why)."""
    return InvalidInput(
        "この招待コードは使えません。",
        code="delegation.code",
        mend="コードを一字ずつ確かめてください。14日を過ぎたもの、使われたもの、取り消されたものは使えません。",
    )
