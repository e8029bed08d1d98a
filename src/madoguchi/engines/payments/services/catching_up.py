"""When a notification does not come: ask, and apply what waited. Run every five minutes by the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from madoguchi.kernel import jobs

from .. import rules
from ..models import Payment, ProviderMessage, Refund
from .charging import lock_charge
from .hearing import hear_waiting
from .paying import refresh_payment

BATCH = 500


def catch_up(*, at: datetime, after: timedelta, until: timedelta) -> int:
    """Ask providers for payments open longer than *after* (and not than *until*); apply waiting messages. Counts the asked."""
    refs = ProviderMessage.objects.filter(outcome="waiting").values_list("provider", "provider_ref").distinct()[:BATCH]
    for provider, ref in refs:
        with transaction.atomic():
            payment = Payment.objects.filter(provider=provider, provider_ref=ref).select_related("charge").first()
            if payment is not None:
                lock_charge(payment.charge)
                hear_waiting(payment, at=at)
    slow = Payment.objects.filter(
        state__in=rules.OPEN_STATES, started_at__lte=at - after, started_at__gte=at - until, provider_ref__isnull=False
    ).select_related("charge")[:BATCH]
    for payment in slow:
        if refresh_payment(payment, at=at).state == "authorised":
            jobs.enqueue("payments.collect", payment_id=str(payment.pk))
    for number in (
        Refund.objects.filter(state__in=("asked", "sent"), asked_at__range=(at - until, at - after), transfer=None)
        .exclude(payment__provider=rules.CASH)
        .values_list("pk", flat=True)[:BATCH]
    ):
        jobs.enqueue("payments.refund", refund_id=str(number))
    return len(slow)
