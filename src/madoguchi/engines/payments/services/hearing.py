"""Notifications of providers: each is stored once, whatever order, number and delay they come in, and applied when it can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from madoguchi.kernel.access import SYSTEM

from ..models import Payment, ProviderMessage, Refund
from ..providers.base import Report, providers
from .applying import apply_refund_report, apply_report
from .charging import lock_charge
from .refunding import return_excess


def hear_notification(provider_id: str, *, headers: Mapping[str, str], body: bytes, at: datetime) -> list[str]:
    """Take a notification in and return what became of each report in it (the outcomes of ``ProviderMessage``).

    Raises NotFound (provider), BadSignature, ValueError (unreadable).
    """
    reports = providers.get(provider_id).read_notification(headers, body, at=at)
    return [_hear(provider_id, report, source="webhook", at=at) for report in reports]


def hear_file(provider_id: str, data: bytes, *, at: datetime) -> None:
    """Take in what a settlement file says that no notification did. Raises InvalidInput (no such file)."""
    for report in providers.get(provider_id).reports_in(data):
        _hear(provider_id, report, source="settlement", at=at)


@transaction.atomic
def _hear(provider_id: str, report: Report, *, source: str, at: datetime) -> str:
    message, is_new = ProviderMessage.objects.get_or_create(
        provider=provider_id,
        message_id=report.message_id,
        defaults={
            "kind": report.kind, "provider_ref": report.ref, "amount_yen": report.amount_yen,
            "happened_at": report.happened_at, "received_at": at,
        },
    )  # fmt: skip
    if not is_new:
        ProviderMessage.objects.filter(pk=message.pk).update(times=F("times") + 1)
        if message.outcome != "waiting":
            return message.outcome
    return _apply(message, source=source, at=at)


def hear_waiting(payment: Payment, *, at: datetime) -> None:
    """Apply what came before we knew the reference. The caller holds the lock of the charge."""
    waiting = ProviderMessage.objects.filter(
        provider=payment.provider, provider_ref=payment.provider_ref, outcome="waiting"
    ).order_by("id")
    for message in waiting:
        _apply(message, source="webhook", at=at)


def _apply(message: ProviderMessage, *, source: str, at: datetime) -> str:
    report = _report(message)
    if report.kind.startswith("refund_"):
        refund = (
            Refund.objects.filter(payment__provider=message.provider, provider_ref=message.provider_ref)
            .select_related("payment__charge")
            .first()
        )
        if refund is None:
            return "waiting"
        lock_charge(refund.payment.charge)
        changed = apply_refund_report(refund, report, source=source, at=at)
        wrong = report.contradicts(refund.amount_yen)
    else:
        payment = (
            Payment.objects.filter(provider=message.provider, provider_ref=message.provider_ref)
            .select_related("charge")
            .first()
        )
        if payment is None:
            return "waiting"
        locked = lock_charge(payment.charge)
        changed = apply_report(payment, report, source=source, at=at)
        wrong = report.contradicts(payment.amount_yen)
        return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)
    message.outcome = "applied" if changed else "mismatch" if wrong else "nothing_new"
    message.save(update_fields=["outcome"])
    return message.outcome


def _report(message: ProviderMessage) -> Report:
    return Report(
        message.message_id,
        message.kind,  # type: ignore[arg-type]
        message.provider_ref,
        message.amount_yen,
        message.happened_at,
    )
