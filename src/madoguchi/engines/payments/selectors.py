"""Reads of the payments engine. Lists are one statement a page; sums are made by the database from the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotFound

from . import rules
from .models import Charge, ChargeLine, Payment, Refund, SettlementFile, SettlementRow
from .providers.base import providers
from .services.charging import paid_of

PAGE = 50
WHOLE_OFFICE = "payments.settle"
"""Who matches settlements sees the money of every section."""


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A charge with its lines, payments, refunds and what they add up to (integer yen)."""

    charge: Charge
    lines: list[ChargeLine]
    payments: list[Payment]
    balance: rules.Balance

    @property
    def is_due(self) -> bool:
        """Tell whether something is still to be paid."""
        return self.balance.outstanding_yen > 0

    @property
    def refunds(self) -> list[Refund]:
        """Return the refunds of all payments, oldest first."""
        return sorted(
            (item for payment in self.payments for item in payment.refunds.all()), key=lambda item: item.asked_at
        )


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """What the ledger is asked for; empty texts ask for everything."""

    number: str = ""
    state: str = ""
    provider: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class AccountSum:
    """Income of one 歳入科目 in integer yen: charged, collected, given back."""

    account: str
    charged_yen: int
    collected_yen: int
    refunded_yen: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the ledger and where it goes on ('' at the end)."""

    payments: list[Payment] = field(default_factory=list)
    after: str = ""


def outstanding_of_case(number: str) -> int:
    """Return what is still to be paid for a case, in yen (0 when nothing was charged)."""
    return sum(item.balance.outstanding_yen for item in charges_of_case(number))


def charges_of_case(number: str) -> list[ChargeView]:
    """Return the charges of a case, oldest first. Four statements. The caller has let the reader see the case."""
    return [_view(item) for item in _full(Charge.objects.filter(case_number=number).order_by("raised_at"))]


def charge_of(charge_id: UUID | str, *, actor: Actor) -> ChargeView:
    """Return a charge for a member of staff of its section, or of the cashier. Raises NotAllowed, NotFound."""
    actor.demand("payments.view")
    charge = _full(_seen_by(actor, Charge.objects.filter(pk=charge_id))).first()
    if charge is None:
        raise NotFound("この調定は見つかりません。", code="payments.no_charge")
    return _view(charge)


def ledger(query: LedgerQuery, *, actor: Actor) -> LedgerPage:
    """Return a page of payments, newest first. Two statements. Raises NotAllowed."""
    actor.demand("payments.view")
    rows = Payment.objects.select_related("charge").prefetch_related("refunds")
    if not actor.may(WHOLE_OFFICE):
        rows = rows.filter(charge__section__in=actor.sections)
    for name, value in (
        ("charge__case_number", query.number),
        ("state", query.state),
        ("provider", query.provider),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if query.after:
        rows = rows.filter(id__lt=query.after)
    found = list(rows.order_by("-id")[: PAGE + 1])
    return LedgerPage(found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else "")


def income_by_account(begin: datetime, end: datetime, *, actor: Actor) -> list[AccountSum]:
    """Return income by 歳入科目 of charges raised in ``[begin, end)``: charged, collected, given back.

    A charge stands wholly under the account of its first line: one application, one account.
    """
    actor.demand("payments.view")
    charges = _seen_by(actor, Charge.objects.filter(raised_at__gte=begin, raised_at__lt=end))
    lines = ChargeLine.objects.filter(charge__in=charges)
    first = lines.filter(seq=1).values_list("account").annotate(n=Count("id"))
    charged = dict(lines.values_list("account").annotate(yen=Sum("amount_yen")))
    of_account = {"charge__lines__seq": 1, "charge__in": charges}
    collected = dict(
        Payment.objects.filter(state="paid", **of_account)
        .values_list("charge__lines__account")
        .annotate(yen=Sum("amount_yen"))
    )
    back = dict(
        Refund.objects.filter(state="done", payment__charge__in=charges, payment__charge__lines__seq=1)
        .values_list("payment__charge__lines__account")
        .annotate(yen=Sum("amount_yen"))
    )
    return [
        AccountSum(name, charged.get(name, 0), collected.get(name, 0), back.get(name, 0))
        for name in sorted(name for name, _ in first)
    ]


def settlement_files(*, actor: Actor) -> QuerySet[SettlementFile]:
    """Return the files read in, newest first, with ``total`` and ``open`` (differences not dealt with)."""
    actor.demand("payments.settle")
    left = Q(rows__settled_at=None) & ~Q(rows__result="matched")
    return SettlementFile.objects.annotate(total=Count("rows"), open=Count("rows", filter=left)).order_by("-read_at")


def differences(*, actor: Actor) -> QuerySet[SettlementRow]:
    """Return the rows that did not match and were not dealt with, oldest first."""
    actor.demand("payments.settle")
    return (
        SettlementRow.objects.filter(settled_at=None)
        .exclude(result="matched")
        .select_related("file", "payment__charge")
        .order_by("id")
    )


def not_settled(*, actor: Actor, before: datetime) -> QuerySet[Payment]:
    """Return payments collected before a moment that no settlement file has named yet."""
    actor.demand("payments.settle")
    return (
        Payment.objects.filter(state="paid", settled_at=None, paid_at__lt=before)
        .exclude(provider=rules.CASH)
        .select_related("charge")
        .order_by("paid_at")
    )


def providers_in_use() -> list[tuple[str, str]]:
    """Return the providers the ward offers now or has payments of: id, title."""
    return [
        (item.id, item.title)
        for item in providers.all()
        if item.methods or Payment.objects.filter(provider=item.id).exists()
    ]


def title_of(provider_id: str) -> str:
    """Return what staff call the way a payment came in by."""
    return "窓口の現金" if provider_id == rules.CASH else providers.get(provider_id).title


def ways_to_pay() -> list[tuple[str, str, str]]:
    """Return what a resident can choose: provider id, method id, words."""
    return [(item.id, method, words) for item in providers.all() for method, words in item.methods.items()]


def _seen_by(actor: Actor, charges: QuerySet[Charge]) -> QuerySet[Charge]:
    return charges if actor.may(WHOLE_OFFICE) else charges.filter(section__in=actor.sections)


def _full(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    payments = Payment.objects.prefetch_related("refunds").order_by("started_at", "id")
    return charges.prefetch_related("lines", Prefetch("payments", queryset=payments))


def _view(charge: Charge) -> ChargeView:
    lines, payments = list(charge.lines.all()), list(charge.payments.all())
    total = rules.balance([line.amount_yen for line in lines], [paid_of(item) for item in payments])
    return ChargeView(charge, lines, payments, total)
