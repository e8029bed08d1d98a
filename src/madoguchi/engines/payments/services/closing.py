"""The till of a desk: what is in it by the book, and the daily closing (日計)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Sum

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..models import DayClosing, Payment, Refund
from ..rules import CASH


def cash_of_day(section: str, day: date) -> int:
    """Return the cash in yen taken less given back by a section's desk on a day."""
    begin, end = (datetime.combine(day, moment, TOKYO) for moment in (time.min, time.max))
    taken = Payment.objects.filter(provider=CASH, charge__section=section, paid_at__range=(begin, end))
    back = Refund.objects.filter(payment__provider=CASH, payment__charge__section=section, done_at__range=(begin, end))
    return int(taken.aggregate(yen=Sum("amount_yen"))["yen"] or 0) - int(
        back.aggregate(yen=Sum("amount_yen"))["yen"] or 0
    )


@transaction.atomic
def close_day(section: str, day: date, *, counted_yen: int, note: str, actor: Actor, at: datetime) -> DayClosing:
    """Close a desk's day with the counted cash. Raises InvalidInput (a difference without a reason), Conflict (closed)."""
    actor.demand("payments.cash")
    expected = cash_of_day(section, day)
    if counted_yen < 0 or (counted_yen != expected and not note.strip()):
        raise InvalidInput(
            f"帳簿の{expected:,}円と合いません。",
            code="payments.till",
            mend="数え直すか、過不足の理由を入力してください。",
        )
    closing, is_new = DayClosing.objects.get_or_create(
        section=section,
        day=day,
        defaults={
            "expected_yen": expected, "counted_yen": counted_yen, "note": note.strip()[:300],
            "closed_at": at, "closed_by": actor.ref,
        },
    )  # fmt: skip
    if not is_new:
        raise Conflict("この日は、すでに締めています。", code="payments.closed")
    record(
        actor=actor,
        action="payments.close_day",
        subject=f"till:{section}:{day.isoformat()}",
        payload={"expected_yen": expected, "counted_yen": counted_yen},
        at=at,
    )
    return closing
