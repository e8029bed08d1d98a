"""Reads of the payments engine. Lists are one statement a page; sums are made by the database from the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from madoguchi.kernel.access import Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import NotFound

from . import rules
from .models import Charge, ChargeLine, Payment, Refund, SettlementFile, SettlementRow
from .providers.base import providers
from .services.charging import paid_of, waiting_refunds
from .services.exempting import needs_check
from .services.refunding import waits_at_desk

PAGE = 50
WHOLE_OFFICE = "payments.settle"
"""Who matches settlements sees the money of every section."""


@dataclass(frozen=True, slots=True)
class Back:
    """Where money that goes back to the payer stands, in yen.

    ``kind``: done, transferred (``on`` the day), planned (a transfer, ``on`` the day), at_desk (cash to be fetched), sent (on its
    way), waiting (it failed; staff decide how it goes back).
    """

    kind: str
    amount_yen: int
    case_number: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A charge with its lines, payments, refunds and what they add up to (integer yen)."""

    charge: Charge
    lines: list[ChargeLine]
    payments: list[Payment]
    balance: rules.Balance

    @property
    def owed_by_case(self) -> dict[str, int]:
        """Return what each case of the charge owes by its lines, in yen; the charge's own number when it is for one."""
        owed: dict[str, int] = {}
        for number, yen in lines_by_case(self.charge, self.lines):
            owed[number] = owed.get(number, 0) + yen
        return owed

    def outstanding_of(self, number: str) -> int:
        """Return what is still to be paid for one case of the charge, in yen: what was paid counts for the earliest lines."""
        if number == self.charge.case_number:
            return self.balance.outstanding_yen
        held = min(self.balance.promised_yen, self.balance.total_yen)
        shares = rules.share_out(held, lines_by_case(self.charge, self.lines))
        return max(0, self.owed_by_case.get(number, 0) - shares.get(number, 0))

    @property
    def unchecked(self) -> list[ChargeLine]:
        """Return the lines that were reduced and whose proof nobody has looked at yet."""
        return [line for line in self.lines if needs_check(line)]

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

    @property
    def waiting(self) -> list[tuple[Refund, int]]:
        """Return the failed refunds that wait for a next step, each with the yen still too much; they sum to no more than is."""
        rest, found = self.balance.excess_yen, []
        for refund in waiting_refunds(self.payments):
            take = min(rest, refund.amount_yen)
            rest -= take
            if take:
                found.append((refund, take))
        return found

    @property
    def backs(self) -> list[Back]:
        """Return what went back, is on its way or waits, as the payer is told of it."""
        waiting = {refund.pk: yen for refund, yen in self.waiting}
        told = []
        for refund in self.refunds:
            if refund.state not in rules.NOT_GIVEN:
                told.append(_stands(refund))
            elif yen := waiting.get(refund.pk):
                told.append(Back("waiting", yen, refund.case_number))
        return told


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


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """What is still to be paid for a case, in yen, and what of its money goes back."""

    outstanding_yen: int
    backs: list[Back]


def outstanding_of_case(number: str) -> int:
    """Return what is still to be paid for a case, in yen (0 when nothing was charged)."""
    return money_of_case(number).outstanding_yen


def money_of_case(number: str) -> CaseMoney:
    """Return where the money of a case (or a bundle) stands. Four statements; the caller has let the reader see the case."""
    views = charges_of_case(number)
    backs = [
        back
        for view in views
        for back in view.backs
        if back.case_number in ("", number) or number == view.charge.case_number
    ]
    return CaseMoney(sum(item.outstanding_of(number) for item in views), backs)


def charges_of_case(number: str) -> list[ChargeView]:
    """Return the charges of a case (or a bundle), oldest first: its own, and those it is paid together by.

    Four statements. The caller has let the reader see the case.
    """
    return [_view(item) for item in _full(Charge.objects.filter(pk__in=_of_case(number)).order_by("raised_at"))]


def lines_by_case(charge: Charge, lines: Iterable[ChargeLine]) -> list[tuple[str, int]]:
    """Return whose each line of a charge is, with its yen, in order; the charge's own number when it is for one case."""
    return [(line.case_number or charge.case_number, line.amount_yen) for line in lines]


def charges_due(first: date, last: date) -> list[Charge]:
    """Return the charges due from *first* to *last* of which something is still to be paid, oldest day first.

    Two or three statements, for the charges with their lines, payments and refunds.
    """
    rows = _full(Charge.objects.filter(due_on__range=(first, last)).order_by("due_on", "id"))
    return [view.charge for view in map(_view, rows) if view.is_due]


def charge_of(charge_id: UUID | str, *, actor: Actor) -> ChargeView:
    """Return a charge for a member of staff of its section, or of the cashier. Raises NotAllowed, NotFound."""
    actor.demand("payments.view")
    charge = _full(_seen_by(actor, Charge.objects.filter(pk=charge_id))).first()
    if charge is None:
        raise NotFound("この調定は見つかりません。", code="payments.no_charge")
    return _view(charge)


def reducible(view: ChargeView, *, actor: Actor) -> list[str]:
    """Return whose lines of a charge the actor may reduce: '' for a charge for one case, else cases of the own sections."""
    seen = (
        line for line in view.lines if actor.may(WHOLE_OFFICE) or not line.section or line.section in actor.sections
    )
    return list(dict.fromkeys(line.case_number for line in seen))


def ledger(query: LedgerQuery, *, actor: Actor) -> LedgerPage:
    """Return a page of payments, newest first. Two statements. Raises NotAllowed."""
    actor.demand("payments.view")
    rows = Payment.objects.select_related("charge").prefetch_related("refunds")
    if not actor.may(WHOLE_OFFICE):
        rows = rows.filter(charge__in=_seen_by(actor, Charge.objects.all()))
    if query.number:
        rows = rows.filter(charge__in=_of_case(query.number))
    for name, value in (
        ("state", query.state),
        ("provider", query.provider),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if query.after:
        rows = rows.filter(id__lt=query.after)
    found = list(rows.order_by("-id")[: PAGE + 1])
    return LedgerPage(found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else "")


def refunds_to_do(*, actor: Actor, late_before: datetime) -> list[tuple[Refund, str, int]]:
    """Return the refunds somebody has to do something about, oldest first: refund, its kind (see ``Back``), yen.

    Failed ones that wait for a next step, transfers that are planned, cash to be fetched, and those a provider was asked for
    before *late_before* without an end. Raises NotAllowed.
    """
    actor.demand("payments.view")
    mine = Refund.objects.select_related("payment__charge", "transfer")
    if not actor.may(WHOLE_OFFICE):
        mine = mine.filter(payment__charge__in=_seen_by(actor, Charge.objects.all()))
    by_hand = Q(payment__provider=rules.CASH) | Q(transfer__isnull=False)
    open_ones = mine.filter(by_hand | Q(asked_at__lt=late_before), state__in=("asked", "sent"))
    found = [(item, _stands(item).kind, item.amount_yen) for item in open_ones]
    failed = mine.filter(state__in=rules.NOT_GIVEN, followed_by=None)
    for view in map(_view, _full(Charge.objects.filter(payments__refunds__in=failed).distinct())):
        found += [(refund, "waiting", yen) for refund, yen in view.waiting]
    return sorted(found, key=lambda item: (item[0].asked_at, item[0].pk))


def income_by_account(begin: datetime, end: datetime, *, actor: Actor) -> list[AccountSum]:
    """Return income by 歳入科目 of charges raised in ``[begin, end)``: charged, collected, given back.

    A charge for one case stands wholly under the account of its first line: one application, one account. A charge for
    several cases is shared out over the accounts of their lines.
    """
    actor.demand("payments.view")
    charges = _seen_by(actor, Charge.objects.filter(raised_at__gte=begin, raised_at__lt=end))
    together = charges.filter(Exists(ChargeLine.objects.filter(charge=OuterRef("pk")).exclude(case_number="")))
    alone = charges.exclude(pk__in=together.values("pk"))
    sums: dict[str, AccountSum] = {}

    def add(account: str, *, charged: int = 0, collected: int = 0, refunded: int = 0) -> None:
        old = sums.get(account, AccountSum(account, 0, 0, 0))
        sums[account] = AccountSum(
            account, old.charged_yen + charged, old.collected_yen + collected, old.refunded_yen + refunded
        )

    lines = ChargeLine.objects.filter(charge__in=charges)
    for account, yen in lines.values_list("account").annotate(yen=Sum("amount_yen")):
        add(account, charged=yen)
    paid = Payment.objects.filter(state="paid", charge__in=alone, charge__lines__seq=1)
    for account, yen in paid.values_list("charge__lines__account").annotate(yen=Sum("amount_yen")):
        add(account, collected=yen)
    back = Refund.objects.filter(state="done", payment__charge__in=alone, payment__charge__lines__seq=1)
    for account, yen in back.values_list("payment__charge__lines__account").annotate(yen=Sum("amount_yen")):
        add(account, refunded=yen)
    for view in map(_view, _full(together)):
        _add_shared(view, add)
    return [sums[name] for name in sorted(sums)]


def _add_shared(view: ChargeView, add: Callable[..., None]) -> None:
    """Share what was paid and given back on a charge for several cases over the accounts of its lines.

    What goes back for one case is of that case's account; what is held belongs to the lines that still stand.
    """
    lines = [(line.account, line.amount_yen) for line in view.lines]
    account_of = {line.case_number: line.account for line in reversed(view.lines)}
    held = sum(payment.amount_yen for payment in view.payments if payment.state == "paid")
    for refund in view.refunds:
        if refund.state in rules.NOT_GIVEN:
            continue
        account = account_of.get(refund.case_number) if refund.case_number else None
        shares = {account: refund.amount_yen} if account else rules.share_out(refund.amount_yen, lines)
        held -= refund.amount_yen
        for name, yen in shares.items():
            add(name, collected=yen, refunded=yen if refund.state == "done" else 0)
    for name, yen in rules.share_out(held, lines).items():
        add(name, collected=yen)


def paid_between(begin: datetime, end: datetime, *, sections: Collection[str] | None = None) -> QuerySet[Payment]:
    """Return the payments that arrived in a period, of some sections or of all. For figures: it asks nobody's rights."""
    found = Payment.objects.filter(state="paid", paid_at__gte=begin, paid_at__lt=end)
    return found if sections is None else found.filter(charge__section__in=sections)


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


def _of_case(number: str) -> QuerySet[Any]:
    """Return the ids of the charges of a case (or a bundle): each half by its own index, which an OR would not use."""
    named = ChargeLine.objects.filter(case_number=number).values("charge")
    return Charge.objects.filter(case_number=number).values("pk").union(named)


def _seen_by(actor: Actor, charges: QuerySet[Charge]) -> QuerySet[Charge]:
    if actor.may(WHOLE_OFFICE):
        return charges
    named = ChargeLine.objects.filter(section__in=actor.sections).values("charge")
    return charges.filter(Q(section__in=actor.sections) | Q(pk__in=named))


def _full(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    lines = ChargeLine.objects.select_related("exemption_check")
    refunds = Refund.objects.select_related("transfer")
    payments = Payment.objects.prefetch_related(Prefetch("refunds", queryset=refunds)).order_by("started_at", "id")
    return charges.prefetch_related(Prefetch("lines", queryset=lines), Prefetch("payments", queryset=payments))


def _stands(refund: Refund) -> Back:
    """Return where a refund that did not fail stands."""
    kind, on = "done" if refund.state == "done" else "sent", None
    if hasattr(refund, "transfer"):
        kind = "transferred" if refund.state == "done" else "planned"
        on = refund.done_at.astimezone(TOKYO).date() if refund.done_at else refund.transfer.planned_on
    elif waits_at_desk(refund):
        kind = "at_desk"
    return Back(kind, refund.amount_yen, refund.case_number, on)


def _view(charge: Charge) -> ChargeView:
    lines, payments = list(charge.lines.all()), list(charge.payments.all())
    total = rules.balance([line.amount_yen for line in lines], [paid_of(item) for item in payments])
    return ChargeView(charge, lines, payments, total)
