"""Posts of staff, given and ended by an administrator. Owns that nobody changes the own posts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

from ..models import Account, StaffPost
from ..rules import PostRow
from .guards import (
    administration_periods,
    demand_administration,
    demand_administrator,
    lock_administration,
    locked_account,
)


def add_post(account: Account, *, post: PostRow, actor: Actor, at: datetime) -> StaffPost:
    """Give a member of staff a post. Needs ``admin.staff``.

    Raises NotAllowed, also for the actor's own account; Conflict when the person holds this post from this day already.
    """
    demand_administration(actor, of=account)
    with transaction.atomic():
        locked_account(account.pk)
        made = create_post(account, post)
        audit.record(actor=actor, action="identity.post_added", subject=account.ref, payload=_payload(made), at=at)
    return made


def create_post(account: Account, post: PostRow) -> StaffPost:
    """Insert a post inside the caller's transaction. Raises Conflict when there is one like it."""
    try:
        with transaction.atomic():
            return StaffPost.objects.create(
                account=account,
                role_id=post.role,
                department_id=post.department,
                valid_from=post.valid_from,
                valid_to=post.valid_to,
            )
    except IntegrityError as error:
        raise Conflict(
            "同じ所属・役割・発令日の職が、すでにあります。",
            code="identity.post_twice",
            mend="発令日を確かめてください。",
        ) from error


def end_post(account: Account, post_id: int, *, last_day: date, actor: Actor, at: datetime) -> StaffPost:
    """End a post of a member of staff after ``last_day`` (its last day of validity). Needs ``admin.staff``.

    A post of the ward folder is from then on the administrator's: loading the folder again leaves it ended. Raises
    NotAllowed, NotFound, InvalidInput (a day before the post began) or Conflict (nobody could look after staff).
    """
    demand_administration(actor, of=account)
    with transaction.atomic():
        roles = lock_administration()
        locked_account(account.pk)
        post = StaffPost.objects.filter(pk=post_id, account=account).first()
        if post is None:
            raise NotFound("この職はありません。", code="identity.post_unknown")
        if last_day < post.valid_from:
            raise InvalidInput(
                "終了日が発令日より前です。",
                code="identity.post_period",
                mend="発令日以後の日にしてください。すぐに使えなくするときは、アカウントを停止してください。",
            )
        before = administration_periods(roles)
        post.valid_to, post.from_folder = last_day, False
        post.save(update_fields=["valid_to", "from_folder"])
        demand_administrator(before, administration_periods(roles), day=at.date())
        audit.record(actor=actor, action="identity.post_ended", subject=account.ref, payload=_payload(post), at=at)
    return post


def _payload(post: StaffPost) -> dict[str, object]:
    return {
        "post": post.pk,
        "role": post.role_id,
        "department": post.department_id,
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }
