"""Locks and refusals that all writes about staff share: one at a time, never on oneself, never without an administrator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, NotAllowed, NotFound

from ..models import Account, Role, StaffPost
from ..rules import Period, covered_until
from ..selectors import ADMINISTRATION, administrators


def demand_administration(actor: Actor, *, of: Account | None = None) -> None:
    """Raise NotAllowed unless the actor may look after staff, and when the account is the actor's own."""
    if not actor.may(ADMINISTRATION):
        raise NotAllowed(
            "職員のアカウントを扱う権限がありません。", code="identity.staff_admin", mend="権限を昇格してください。"
        )
    if of is not None and actor.ref == of.ref:
        raise NotAllowed(
            "自分のアカウントは、ここでは変えられません。",
            code="identity.own_account",
            mend="ほかの管理者に依頼してください。",
        )


def locked_account(account_id: int) -> Account:
    """Return a member of staff, the row locked until the transaction ends. Raises NotFound."""
    account = Account.objects.select_for_update().filter(pk=account_id, kind=Account.Kind.STAFF).first()
    if account is None:
        raise NotFound("この職員は登録されていません。", code="identity.staff_unknown")
    return account


def lock_administration() -> frozenset[str]:
    """Lock the roles that look after staff until the transaction ends, and return their ids.

    Every write that could take away an administrator begins here, so that two of them never run at the same time: each
    sees what the other has done.
    """
    rows = administrators(Role.objects.select_for_update(no_key=True)).order_by("pk")
    return frozenset(rows.values_list("pk", flat=True))


def administration_periods(roles: Collection[str]) -> list[Period]:
    """Return when people whose account is switched on hold these roles. One statement."""
    posts = StaffPost.objects.filter(role_id__in=roles, account__is_active=True)
    return list(posts.values_list("valid_from", "valid_to"))


def demand_administrator(before: Collection[Period], after: Collection[Period], *, day: date) -> None:
    """Raise Conflict when a change brings the day nearer from which on nobody could look after staff."""
    if covered_until(after, day) < covered_until(before, day):
        raise Conflict(
            "職員を管理できる人がいなくなるため、この変更はできません。",
            code="identity.last_administrator",
            mend="先に、ほかの職員を管理者の役割に就けてください。",
        )
