"""Writes of the delegation register: offer, accept, decline, request, check, revoke, resign.

Owns the order of events and who may write which. Every change is one event and one audit record in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from madoguchi.kernel import audit, ids
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed

from .. import delegations as reads
from ..delegation_kinds import kinds_on
from ..delegation_rules import (
    ACCEPTED,
    APPROVED,
    DECLINED,
    OFFERED,
    REFUSED,
    REQUESTED,
    RESIGNED,
    REVOKED,
    Terms,
    faults_of,
    number_fits,
)
from ..delegation_schema import DelegationKind
from ..delegations import DelegationView, day_of, view_of
from ..models import Delegation, DelegationEvent

NAME_MAX, REASON_MAX = 200, 500
FAULTS: dict[str, Callable[[], InvalidInput]] = {
    "scope": lambda: InvalidInput("この種類の代理では、その範囲は選べません。", code="delegation.scope"),
    "scope_values": lambda: InvalidInput("手続か分野を一つ以上選んでください。", code="delegation.scope_values"),
    "starts_in_past": lambda: InvalidInput("始まる日は今日以降にしてください。", code="delegation.starts_in_past"),
    "ends_before_start": lambda: InvalidInput(
        "終わる日が、始まる日より前か、すでに過ぎています。", code="delegation.ends_before_start"
    ),
    "too_long": lambda: InvalidInput("期間が長すぎます。終わる日を早くしてください。", code="delegation.too_long"),
    "born_on": lambda: InvalidInput("本人の生年月日を確かめてください。", code="delegation.born_on"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person fills in for a delegation: the kind, the principal, the terms."""

    kind: str
    principal_name: str
    scope: str
    values: Sequence[str]
    valid_from: date
    valid_to: date | None = None
    principal_kana: str = ""
    born_on: date | None = None
    delegate_name: str = ""


@transaction.atomic
def offer_delegation(wish: Wish, *, actor: Actor, at: datetime) -> tuple[Delegation, str]:
    """Offer a delegation to whoever is handed the code; return it with the code, which is shown once.

    Raises InvalidInput (terms), NotAllowed (not a resident, a kind that cannot be given).
    """
    kind = _kind(wish.kind, "given", actor=actor, at=at)
    code = ids.new_short_code()
    row = _create(wish, kind, at=at, principal_id=int(actor.id), code_hash=_hash(code))
    _note(row, OFFERED, actor=actor, at=at)
    return row, code


@transaction.atomic
def request_delegation(wish: Wish, *, actor: Actor, at: datetime) -> Delegation:
    """Ask staff to enter a statutory representation (親権者, 成年後見人 …); it holds once they have seen the paper.

    Raises InvalidInput (terms, no name of one's own), NotAllowed (not a resident, a kind that is not statutory).
    """
    kind = _kind(wish.kind, "statutory", actor=actor, at=at)
    _demand_name(wish.delegate_name, "delegation.delegate_name")
    row = _create(wish, kind, at=at, delegate_id=int(actor.id), delegate_name=wish.delegate_name.strip())
    _note(row, REQUESTED, actor=actor, at=at)
    return row


def find_invitation(code: str, *, actor: Actor, at: datetime) -> DelegationView:
    """Return the offer behind an invitation code. Raises InvalidInput when the code opens nothing for this person."""
    try:
        row = Delegation.objects.prefetch_related("events").filter(code_hash=_hash(code)).first()
    except InvalidInput:
        row = None
    view = view_of(row, day=day_of(at)) if row is not None else None
    if view is None or view.state != "offered":
        raise reads.unreadable_code(code)
    if actor.kind != "resident" or view.row.principal_ref == actor.ref:
        raise NotAllowed(
            "自分が出した招待は、自分では受けられません。",
            code="delegation.own_code",
            mend="代理をお願いする方にコードを渡してください。",
        )
    return view


@transaction.atomic
def accept_delegation(
    code: str, *, name: str, number: str = "", facility: str = "", actor: Actor, at: datetime
) -> Delegation:
    """Accept an offer as the delegate, stating one's name and what the kind asks for. Raises InvalidInput, NotAllowed."""
    view = find_invitation(code, actor=actor, at=at)
    _demand_name(name, "delegation.delegate_name")
    if not number_fits(view.kind, number.strip()):
        raise InvalidInput("登録番号の形が正しくありません。", code="delegation.number")
    if view.kind.facility:
        _demand_name(facility, "delegation.facility")
    row = Delegation.objects.select_for_update().get(pk=view.row.pk)
    _demand_still(row, "offered", at=at)
    row.delegate_id, row.delegate_name = int(actor.id), name.strip()
    row.number, row.facility = number.strip(), facility.strip() if view.kind.facility else ""
    row.save(update_fields=["delegate_id", "delegate_name", "number", "facility"])
    _note(row, ACCEPTED, actor=actor, at=at)
    return row


@transaction.atomic
def decline_delegation(code: str, *, actor: Actor, at: datetime) -> None:
    """Decline an offer; its code opens nothing afterwards."""
    row = Delegation.objects.select_for_update().get(pk=find_invitation(code, actor=actor, at=at).row.pk)
    _demand_still(row, "offered", at=at)
    _note(row, DECLINED, actor=actor, at=at)


@transaction.atomic
def check_delegation(
    delegation: Delegation,
    *,
    approve: bool,
    reason: str,
    papers: Sequence[str],
    actor: Actor,
    at: datetime,
    scope: str = "",
    values: Sequence[str] = (),
) -> Delegation:
    """Decide as staff on a requested representation: approve with the papers seen, or refuse with a reason.

    *scope* and *values* may narrow what was asked for (代理行為目録). Raises NotAllowed, Conflict, InvalidInput.
    """
    actor.demand(reads.REVIEW)
    row = Delegation.objects.select_for_update().get(pk=delegation.pk)
    view = _demand_still(row, "requested", at=at)
    words = reason.strip()[:REASON_MAX]
    if not approve:
        if not words:
            raise InvalidInput("認めない理由を書いてください。", code="delegation.reason")
        _note(row, REFUSED, actor=actor, at=at, reason=words)
        return row
    if not papers:
        raise InvalidInput("確かめた書類を選んでください。", code="delegation.papers")
    if scope:
        narrowed = replace(reads.terms_of(row), scope=scope, values=tuple(values))
        _raise_first(faults_of(narrowed, view.kind, today=day_of(at)))
        row.scope, row.scope_values = scope, list(values)
        row.save(update_fields=["scope", "scope_values"])
    _note(row, APPROVED, actor=actor, at=at, reason=words, papers=papers)
    return row


@transaction.atomic
def end_delegation(delegation: Delegation, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """End a delegation at once: the principal revokes, the delegate resigns, staff who review revoke with a reason.

    Raises NotAllowed (none of these), Conflict (it has ended already), InvalidInput (staff gave no reason).
    """
    row = Delegation.objects.select_for_update().get(pk=delegation.pk)
    view = view_of(row, day=day_of(at))
    if view is None or not view.is_open:
        raise _changed()
    words = reason.strip()[:REASON_MAX]
    if actor.kind == "resident" and actor.ref == row.principal_ref:
        _note(row, REVOKED, actor=actor, at=at, reason=words)
    elif actor.kind == "resident" and actor.ref == view.delegate_ref:
        _note(row, RESIGNED, actor=actor, at=at, reason=words)
    elif actor.is_staff:
        actor.demand(reads.REVIEW)
        if not words:
            raise InvalidInput("取り消す理由を書いてください。", code="delegation.reason")
        _note(row, REVOKED, actor=actor, at=at, reason=words)
    else:
        raise NotAllowed("この代理を終わらせることはできません。", code="delegation.not_party")


def _create(wish: Wish, kind: DelegationKind, *, at: datetime, **parties: object) -> Delegation:
    _demand_name(wish.principal_name, "delegation.principal_name")
    terms = Terms(kind.id, wish.scope, tuple(wish.values), wish.valid_from, wish.valid_to, wish.born_on, day_of(at))
    _raise_first(faults_of(terms, kind, today=day_of(at)))
    return Delegation.objects.create(
        id=ids.uuid7(),
        kind=kind.id,
        principal_name=wish.principal_name.strip(),
        principal_kana=wish.principal_kana.strip()[:NAME_MAX],
        born_on=wish.born_on,
        scope=wish.scope,
        scope_values=list(wish.values),
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        created_at=at,
        **parties,
    )


def _kind(kind_id: str, way: str, *, actor: Actor, at: datetime) -> DelegationKind:
    kind = kinds_on(day_of(at)).get(kind_id)
    if actor.kind != "resident":
        raise NotAllowed("代理を設定できるのは、サインインした区民の方です。", code="delegation.not_resident")
    if kind is None or kind.way != way:
        raise InvalidInput("代理の種類を選んでください。", code="delegation.kind")
    return kind


def _demand_name(name: str, code: str) -> None:
    if not name.strip() or len(name.strip()) > NAME_MAX:
        raise InvalidInput("氏名（施設は名前）を入力してください。", code=code)


def _demand_still(row: Delegation, state: str, *, at: datetime) -> DelegationView:
    view = view_of(row, day=day_of(at))
    if view is None or view.state != state:
        raise _changed()
    return view


def _changed() -> Conflict:
    return Conflict(
        "この代理は、すでに別の状態になっています。",
        code="delegation.changed",
        mend="代理の一覧を開き直して確かめてください。",
    )


def _raise_first(faults: Sequence[str]) -> None:
    if faults:
        raise FAULTS[faults[0]]()


def _note(
    row: Delegation, kind: str, *, actor: Actor, at: datetime, reason: str = "", papers: Sequence[str] = ()
) -> None:
    DelegationEvent.objects.create(
        delegation=row, kind=kind, at=at, actor_ref=actor.ref, reason=reason, papers=list(papers)
    )
    audit.record(
        actor=actor,
        action=f"identity.delegation_{kind}",
        subject=row.ref,
        payload={"kind": row.kind, "principal": row.principal_ref, "scope": row.scope},
        at=at,
    )


def _hash(code: str) -> str:
    return salted_hmac("identity.delegation.code", ids.parse_short_code(code), algorithm="sha256").hexdigest()
