"""Reset of the second factor of somebody who lost it. Owns that all factors and sessions go, and that the person is told."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F, Q

from madoguchi.engines.notices import api as notices
from madoguchi.kernel import audit, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..models import Account, Elevation, StaffPost
from .guards import demand_administration, locked_account

FACTOR_REASONS = {
    "lost": "端末を紛失した",
    "changed": "端末を替えた",
    "broken": "端末が壊れた",
    "security": "不正利用のおそれ",
}
"""Reasons by code: the audit entry keeps the code, so that no personal data gets into it."""
LETTER = "staff_factor_reset"


def reset_second_factor(account: Account, *, reason: str, actor: Actor, at: datetime) -> bool:
    """Take away authenticator app, passkeys and recovery codes, and end every session and elevation of the person.

    The person sets a new factor up at the next sign-in and is told by mail which office did it; tells whether a mail
    was sent (an account may have no address). Needs ``admin.staff``. Raises NotAllowed, also for the actor's own
    account; InvalidInput for an unknown reason; Conflict when there is nothing to take away.
    """
    demand_administration(actor, of=account)
    if reason not in FACTOR_REASONS:
        raise InvalidInput("理由を選んでください。", code="identity.factor_reason")
    with transaction.atomic():
        held = locked_account(account.pk)
        count, _ = Authenticator.objects.filter(user=held).delete()
        if not count:
            raise Conflict(
                "二段階認証は登録されていません。",
                code="identity.no_factor",
                mend="本人が次にサインインするときに登録します。",
            )
        Account.objects.filter(pk=held.pk).update(session_epoch=F("session_epoch") + 1)
        Elevation.objects.filter(account=held, ended_at__isnull=True, ends_at__gt=at).update(ended_at=at)
        if held.email:
            _tell(held, office=_office_of(actor, at), at=at)
        payload = {"reason": reason, "factors": count, "mailed": bool(held.email)}
        audit.record(actor=actor, action="identity.factors_reset", subject=account.ref, payload=payload, at=at)
    return bool(held.email)


def _tell(account: Account, *, office: str, at: datetime) -> None:
    notices.send_notice(
        LETTER,
        to=notices.Recipient(email=account.email, name=account.name),
        lang="ja",
        context={"office": office},
        at=at,
    )


def _office_of(actor: Actor, at: datetime) -> str:
    """Return the name of the department in which the actor works that day, of the municipality when there is none."""
    if not actor.is_staff:
        return municipality.current().name.get("ja")
    day = at.date()
    post = (
        StaffPost.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        .filter(account_id=int(actor.id))
        .select_related("department")
        .order_by("pk")
        .first()
    )
    return post.department.name if post else municipality.current().name.get("ja")
