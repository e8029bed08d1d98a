"""Notifications of providers: each is stored once, whatever order, number and delay they come in, and applied when it can be."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from madoguchi.kernel.access import SYSTEM

from ..models import Payment, ProviderMessage, Refund
from ..providers.base import Report, providers
from .applying import apply_refund_report, apply_report
from .charging import lock_charge
from .refunding import REFUND_KEY, return_excess


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
            "kind": report.kind, "provider_ref": report.name, "amount_yen": report.amount_yen,
            "happened_at": report.happened_at, "received_at": at,
        },
    )  # fmt: skip
    if not is_new:
        ProviderMessage.objects.filter(pk=message.pk).update(times=F("times") + 1)
        if message.outcome != "waiting":
            return message.outcome
    return _apply(message, report, source=source, at=at)


def hear_waiting(payment: Payment, *, at: datetime) -> None:
    """Apply what came before we knew the reference. The caller holds the lock of the charge."""
    waiting = ProviderMessage.objects.filter(
        provider=payment.provider, provider_ref=payment.provider_ref, outcome="waiting"
    ).order_by("id")
    for message in waiting:
        _apply(message, _report(message), source="webhook", at=at)


def _apply(message: ProviderMessage, report: Report, *, source: str, at: datetime) -> str:
    if report.kind.startswith("refund_"):
        refund = _refund_of(message.provider, report)
        if refund is None:
            return "waiting"
        lock_charge(refund.payment.charge)
        changed = apply_refund_report(refund, report, source=source, at=at)
        wrong = report.contradicts(refund.amount_yen)
    else:
        payment = _payment_of(message.provider, report)
        if payment is None:
            return "waiting"
        locked = lock_charge(payment.charge)
        if report.ref:
            Payment.objects.filter(pk=payment.pk, provider_ref=None).update(provider_ref=report.ref)
        changed = apply_report(payment, report, source=source, at=at)
        wrong = report.contradicts(payment.amount_yen)
        return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)
    message.outcome = "applied" if changed else "mismatch" if wrong else "nothing_new"
    message.save(update_fields=["outcome"])
    return message.outcome


def _payment_of(provider_id: str, report: Report) -> Payment | None:
    """Return the payment a report is about, by the provider's number or by our key."""
    known = Q(provider_ref=report.ref) if report.ref else Q(key=report.key)
    if report.ref and report.key:
        known |= Q(key=report.key)
    return Payment.objects.filter(known, provider=provider_id).select_related("charge").first()


def _refund_of(provider_id: str, report: Report) -> Refund | None:
    """Return the refund a report is about, by the provider's number or by our key."""
    known = Q(provider_ref=report.name)
    if report.key.startswith(REFUND_KEY):
        with suppress(ValueError):
            known |= Q(pk=UUID(report.key.removeprefix(REFUND_KEY)))
    found = Refund.objects.filter(known, payment__provider=provider_id)
    return found.select_related("payment__charge").first()


def _report(message: ProviderMessage) -> Report:
    return Report(
        message.message_id,
        message.kind,  # type: ignore[arg-type]
        message.provider_ref,
        message.amount_yen,
        message.happened_at,
    )
