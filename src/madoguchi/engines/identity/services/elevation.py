"""Elevation: an administrator asks for more rights for 30 minutes and says why. Owns start and end of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import InvalidInput, NotAllowed

from ..models import Elevation

ELEVATION_LIFE = timedelta(minutes=30)
REASON_MIN, REASON_MAX = 10, 300


def start_elevation(reason: str, *, actor: Actor, at: datetime) -> Elevation:
    """Begin an elevation of 30 minutes. Needs the permission ``admin.elevate`` and a reason of 10 to 300 characters.

    One that is in force in another window or a lost session ends with it, so that nobody is locked out for half an hour.
    Raises NotAllowed or InvalidInput. The reason stays in its own table; the audit entry names the row.
    """
    if actor.kind != "staff":
        raise NotAllowed("権限を昇格できるのは職員だけです。", code="identity.not_staff")
    actor.demand("admin.elevate")
    words = reason.strip()
    if not REASON_MIN <= len(words) <= REASON_MAX:
        raise InvalidInput(
            "理由は10文字以上300文字以下で入力してください。",
            code="identity.reason",
            mend="何のために、どの情報を扱うのかを書いてください（個人名は書かないでください）。",
        )
    with transaction.atomic():
        end_elevation(actor=actor, at=at)
        elevation = Elevation.objects.create(
            account_id=int(actor.id), reason=words, started_at=at, ends_at=at + ELEVATION_LIFE
        )
        _record(actor, "identity.elevation_started", elevation, at, minutes=int(ELEVATION_LIFE.total_seconds() // 60))
    return elevation


def end_elevation(*, actor: Actor, at: datetime) -> int:
    """End every elevation of the actor that is in force and return how many there were."""
    with transaction.atomic():
        running = list(_in_force(int(actor.id), at).select_for_update())
        for elevation in running:
            elevation.ended_at = at
            elevation.save(update_fields=["ended_at"])
            _record(actor, "identity.elevation_ended", elevation, at)
    return len(running)


def _in_force(account_id: int, at: datetime) -> QuerySet[Elevation]:
    return Elevation.objects.filter(account_id=account_id, ended_at__isnull=True, ends_at__gt=at)


def _record(actor: Actor, action: str, elevation: Elevation, at: datetime, **payload: int) -> None:
    audit.record(actor=actor, action=action, subject=f"elevation:{elevation.pk}", payload=payload, at=at)
