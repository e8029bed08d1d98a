"""Paying: begin at a provider, ask what became of it, confirm or give up, take cash at the desk.

A charge's row lock is held by whatever changes its payments, so two tabs cannot both collect. A call to a provider carries
a key made from the row it is for: after a crash the same call gives the same answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.ids import uuid7

from .. import rules
from ..models import Charge, Payment
from ..providers.base import KeyUsed, Provider, ProviderUnreachable, Report, Started, StartOrder, providers
from .applying import apply_report, ask_again
from .charging import balance_of, lock_charge
from .hearing import hear_waiting
from .refunding import return_excess


def start_payment(
    charge: Charge, *, provider_id: str, method: str, return_url: str, cancel_url: str, actor: Actor, at: datetime
) -> tuple[Payment, str]:
    """Begin to pay what is outstanding; return the payment and the provider's page to open.

    A payment that is still open by the same way is taken up again instead of doubled. Raises Conflict (nothing is due, the
    provider does not answer), InvalidInput (way unknown).
    """
    provider = providers.get(provider_id)
    if method not in provider.methods:
        raise InvalidInput("この支払方法は使えません。", code="payments.method", mend="別の方法を選んでください。")
    for item in charge.payments.filter(
        provider=provider_id, method=method, state="started", provider_ref__isnull=False
    ).select_related("charge"):
        refresh_payment(item, at=at)
    payment = _open_payment(charge, provider_id, method, actor=actor, at=at)
    try:
        return payment, _begin(provider, payment, return_url, cancel_url, at=at)
    except KeyUsed:
        payment = _open_payment(charge, provider_id, method, actor=actor, at=at, is_new=True)
        return payment, _begin(provider, payment, return_url, cancel_url, at=at)


@transaction.atomic
def _open_payment(
    charge: Charge, provider_id: str, method: str, *, actor: Actor, at: datetime, is_new: bool = False
) -> Payment:
    """Return the payment of what is due that is still open by this way, or a new one. Raises Conflict (nothing is due)."""
    locked = lock_charge(charge)
    due = balance_of(locked).outstanding_yen
    if due == 0:
        raise Conflict("すでに支払いが済んでいます。", code="payments.nothing_due")
    still_open = locked.payments.filter(provider=provider_id, method=method, state="started", amount_yen=due)
    known = None if is_new else still_open.order_by("-started_at", "-id").first()
    return known or create_payment(locked, provider_id, method, due, actor=actor, at=at)


def _begin(provider: Provider, payment: Payment, return_url: str, cancel_url: str, *, at: datetime) -> str:
    """Ask the provider for its page and keep its reference. Raises Conflict (no answer), KeyUsed (no page any more)."""
    charge = payment.charge
    order = StartOrder(
        payment.key, payment.amount_yen, payment.method, charge.title, return_url, cancel_url, charge.due_on,
        payment.provider_ref or "",
    )  # fmt: skip
    try:
        started = provider.start(order)
    except KeyUsed as used:
        _keep_reference(payment, Started(used.ref), at=at)
        raise
    except ProviderUnreachable as error:
        raise Conflict(
            "決済事業者につながりません。お金は動いていません。",
            code="payments.unreachable",
            mend="しばらくしてから、もう一度お試しください。",
        ) from error
    _keep_reference(payment, started, at=at)
    return started.url


@transaction.atomic
def collect_payment(payment_id: UUID | str, *, at: datetime, tries: int = 0) -> None:
    """Confirm an approved payment if the charge still needs it, otherwise give it up (job ``payments.collect``).

    Without an answer it is asked again with the same key, later and later; at last ``catch_up`` takes over.
    """
    payment = Payment.objects.select_related("charge").get(pk=payment_id)
    locked = lock_charge(payment.charge)
    payment.refresh_from_db()
    if payment.state != "authorised" or payment.provider_ref is None:
        return
    provider = providers.get(payment.provider)
    try:
        if balance_of(locked).outstanding_yen >= payment.amount_yen:
            report = provider.confirm(payment.provider_ref, amount_yen=payment.amount_yen, key=f"confirm:{payment.pk}")
        else:
            report = provider.cancel(payment.provider_ref, key=f"cancel:{payment.pk}")
    except ProviderUnreachable:
        ask_again("payments.collect", tries, at=at, payment_id=str(payment.pk))
        return
    apply_report(payment, report, source="answer", at=at)
    return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)


def refresh_payment(payment: Payment, *, at: datetime) -> Payment:
    """Ask the provider where a payment stands (the payer came back, a notification is missing) and apply it.

    A provider that does not answer changes nothing.
    """
    if payment.provider_ref is None or payment.state not in rules.OPEN_STATES:
        return payment
    try:
        report = providers.get(payment.provider).look_up(payment.provider_ref)
    except ProviderUnreachable:
        return payment
    with transaction.atomic():
        locked = lock_charge(payment.charge)
        if report is not None and rules.next_payment_state(payment.state, report.kind) is not None:
            apply_report(payment, report, source="look_up", at=at)
            return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)
    return payment


@transaction.atomic
def take_cash(charge: Charge, *, tendered_yen: int, actor: Actor, at: datetime) -> Payment:
    """Take what is outstanding in cash at the desk; it stands in the same ledger. Raises InvalidInput, Conflict."""
    locked = lock_charge(charge)
    due = balance_of(locked).outstanding_yen
    if due == 0:
        raise Conflict("すでに支払いが済んでいます。", code="payments.nothing_due")
    if tendered_yen < due:
        raise InvalidInput(
            f"預かった額が{due:,}円に足りません。", code="payments.tendered", mend="額を確かめてください。"
        )
    payment = create_payment(locked, rules.CASH, rules.CASH, due, actor=actor, at=at)
    report = Report(f"cash:{payment.pk}", "pay", "", due, at)
    apply_report(payment, report, source="desk", at=at)
    return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)
    return payment


def create_payment(
    charge: Charge, provider_id: str, method: str, yen: int, *, actor: Actor, at: datetime, ref: str = ""
) -> Payment:
    """Add a payment that is begun; cash is its own reference. The caller holds the lock of the charge."""
    number = uuid7()
    payment = Payment.objects.create(
        id=number,
        charge=charge,
        provider=provider_id,
        method=method,
        amount_yen=yen,
        key=f"pay-{number}",
        provider_ref=ref or (str(number) if provider_id == rules.CASH else None),
        started_at=at,
    )
    record(
        actor=actor,
        action="payments.start",
        subject=f"payment:{number}",
        payload={"case": charge.case_number, "yen": yen, "provider": provider_id},
        at=at,
    )
    return payment


@transaction.atomic
def _keep_reference(payment: Payment, started: Started, *, at: datetime) -> None:
    """Store the provider's reference, then apply what the provider said of it before we knew it."""
    locked = lock_charge(payment.charge)
    Payment.objects.filter(pk=payment.pk, provider_ref=None).update(provider_ref=started.ref)
    payment.refresh_from_db(fields=["provider_ref"])
    hear_waiting(payment, at=at)
    return_excess(locked, reason="overpaid", actor=SYSTEM, at=at)
