"""One random history of a charge, through the real services: two browsers, every shape of provider, refusals, silence, crashes
between calls, cash, corrections, partial refunds, refunds that fail at once or come back after they were done, transfers to a
bank account; notifications late, doubled, out of order or missing, and files.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Sum

from bench._books import SHAPES, Book, Crash
from madoguchi.engines.payments import selectors, services
from madoguchi.engines.payments.models import Charge, Payment, PaymentEvent, ProviderMessage, Refund
from madoguchi.engines.payments.providers.base import BadSignature, providers
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.errors import DomainError

CASHIER = Actor(
    kind="staff", id="7", name="会計", roles=frozenset(), sections=frozenset({"kumin"}),
    permissions=frozenset({"payments.view", "payments.cash", "payments.settle", "payments.reduce"}),
)  # fmt: skip
BROWSERS = 2
CHOSEN = tuple(name for name in SHAPES if name != "el")
"""eL numbers are kept by a clerk, not chosen."""


class History:
    """One charge, the books of all providers, and what waits to be told."""

    def __init__(self, charge: Charge, dice: random.Random, traveller: Any) -> None:
        self.charge, self.dice, self.traveller = charge, dice, traveller
        self.books = {name: Book(name, dice, shape) for name, shape in SHAPES.items()}
        providers._items.update(self.books)
        self.shown: list[list[Payment]] = [[] for _ in range(BROWSERS)]
        self.told = dict.fromkeys(self.books, 0)
        self.waiting: list[tuple[str, int]] = []
        self.filed = dict.fromkeys(self.books, 0)
        self.bank: dict[UUID, int] = {}
        self.calm = False

    def play(self) -> None:
        """Play and prove. Raises AssertionError when a yen is lost, doubled or paid twice."""
        acts: tuple[Callable[[], None], ...] = (
            self.start, self.start, self.start, self.pay, self.pay, self.pay, self.leave, self.ask, self.cash, self.reduce,
            self.work, self.work, self.deliver, self.deliver, self.deliver, self.file, self.by_hand, self.number, self.again,
            self.forge, self.refunds_end, self.transfer, self.use_bank,
        )  # fmt: skip
        for _ in range(self.dice.randint(4, 18)):
            with suppress(DomainError, Crash):
                self.dice.choice(acts)()
            self.traveller.shift(dt.timedelta(seconds=self.dice.choice((0, 1, 30, 700))))
        self.settle()
        self.prove_seen()
        self.finish_refunds()
        self.prove()

    def start(self) -> None:
        browser = self.dice.choice(self.shown)
        payment, _ = services.start_payment(
            self.charge, provider_id=self.dice.choice(CHOSEN), method="any", return_url="/", cancel_url="/", actor=SYSTEM,
            at=clock.now(),
        )  # fmt: skip
        browser.append(payment)

    def pay(self) -> None:
        self._as_payer("pay")

    def leave(self) -> None:
        self._as_payer(self.dice.choice(("fail", "leave")))

    def _as_payer(self, action: str) -> None:
        """Act on a page the payer was led to, whatever became of the charge meanwhile."""
        browser = self.dice.choice(self.shown)
        if browser:
            payment = self.dice.choice(browser)
            self.books[payment.provider].payer(str(payment.provider_ref), action)
            self._listen()

    def ask(self) -> None:
        payments = list(Payment.objects.filter(charge=self.charge).select_related("charge").order_by("id"))
        if payments:
            services.refresh_payment(self.dice.choice(payments), at=clock.now())

    def cash(self) -> None:
        services.take_cash(self.charge, tendered_yen=10**6, actor=CASHIER, at=clock.now())

    def reduce(self) -> None:
        services.reduce_charge(
            self.charge, amount_yen=self.dice.randint(1, 400), reason="更正", basis="", actor=CASHIER, at=clock.now()
        )

    def work(self) -> None:
        jobs.run_pending()

    def deliver(self) -> None:
        """Tell the ward something that waits: any of it, in any order; it may be told again later."""
        self._listen()
        if self.waiting:
            place = self.dice.randrange(len(self.waiting))
            name, number = self.waiting[place] if self.dice.random() < 0.3 else self.waiting.pop(place)
            self._hear(name, number)

    def file(self, *, all_of_it: bool = False) -> None:
        """Read in a file of what came in by till, code or number; rows may stand in two files."""
        for name in self.books:
            rows = range(self.filed[name], len(self.books[name].rows))
            if rows and (all_of_it or self.dice.random() < 0.6):
                places = [*rows, *([rows[0]] if self.dice.random() < 0.2 else [])]
                data = json.dumps({"file": f"{self.charge.key}:{name}:{rows[0]}", "rows": places}).encode()
                services.read_settlement(name, name="f", data=data, actor=CASHIER, at=clock.now())
                self.filed[name] = len(self.books[name].rows)

    def by_hand(self) -> None:
        """A clerk says a JPQR payment was seen, which is true only when it was made."""
        book = self.books["jpqr"]
        for payment in Payment.objects.filter(charge=self.charge, provider="jpqr", state="started").select_related(
            "charge"
        ):
            if payment.provider_ref and book.pages[payment.provider_ref].state == "collected":
                services.confirm_by_hand(payment, reason="入金通知", actor=CASHIER, at=clock.now())

    def number(self) -> None:
        digits = f"{self.dice.randrange(10**20):020}"
        payment = services.note_el_number(self.charge, digits, actor=CASHIER, at=clock.now())
        self.books["el"].keep(digits, payment.key, payment.amount_yen)
        self.shown[0].append(payment)
        if self.dice.random() < 0.3:
            services.withdraw_number(payment, actor=CASHIER, at=clock.now())

    def again(self) -> None:
        for refund in Refund.objects.filter(payment__charge=self.charge, state__in=("refused", "failed")):
            services.try_refund_again(refund, actor=CASHIER, at=clock.now())

    def transfer(self) -> None:
        """Order a transfer for any refund, which is refused unless it failed or is cash nobody fetched."""
        refunds = list(Refund.objects.filter(payment__charge=self.charge).order_by("id"))
        if refunds:
            order = services.TransferOrder("令8-1", clock.today(), "口座振込の申出")
            services.plan_transfer(self.dice.choice(refunds), order, actor=CASHIER, at=clock.now())

    def use_bank(self) -> None:
        """Let the bank do what was ordered, not do it, or send back what it did."""
        for refund in Refund.objects.filter(payment__charge=self.charge, transfer__isnull=False).order_by("id"):
            if refund.state == "asked" and (self.calm or self.dice.random() < 0.6):
                services.note_transfer_made(refund, on=clock.today(), actor=CASHIER, at=clock.now())
                self.bank[refund.pk] = refund.amount_yen
            elif refund.state in ("asked", "done") and self.dice.random() < 0.3 and not self.calm:
                services.note_transfer_failed(refund, reason="組戻し", actor=CASHIER, at=clock.now())
                self.bank.pop(refund.pk, None)

    def forge(self) -> None:
        """Somebody else sends a notification: it is not heard."""
        try:
            services.hear_notification("stripe", headers={"Signature": "guess"}, body=b"0", at=clock.now())
        except BadSignature:
            return
        raise AssertionError("a forged notification was heard")

    def refunds_end(self) -> None:
        for book in self.books.values():
            book.end_refunds()
        self._listen()

    def settle(self) -> None:
        """Let everything come to its end: what was not lost is told, files are read, the queue works, providers answer at last."""
        for _ in range(3):
            with suppress(Crash):
                jobs.run_pending()
            self.traveller.shift(dt.timedelta(minutes=20))
        for book in self.books.values():
            book.calm = True
            book.end_refunds()
        self._listen()
        self.dice.shuffle(self.waiting)
        for name, number in self.waiting:
            self._hear(name, number)
        self.file(all_of_it=True)
        for _ in range(6):
            jobs.run_pending()
            for book in self.books.values():
                book.end_refunds()
            self._listen()
            self.traveller.shift(dt.timedelta(minutes=20))
            services.catch_up(at=clock.now(), after=dt.timedelta(minutes=5), until=dt.timedelta(days=3))
        jobs.run_pending()
        self.calm = True
        self.use_bank()
        for cash in Refund.objects.filter(
            payment__charge=self.charge, payment__provider="cash", state="asked", transfer=None
        ):
            services.hand_cash_back(cash, actor=CASHIER, at=clock.now())

    def finish_refunds(self) -> None:
        """Let staff do the next step of every refund that failed: once more, or by transfer."""
        while waiting := self._view().waiting:
            refund = waiting[0][0]
            if self.dice.random() < 0.3:
                services.try_refund_again(refund, actor=CASHIER, at=clock.now())
            else:
                order = services.TransferOrder("令8-2", clock.today(), "事業者では返せないため")
                services.plan_transfer(refund, order, actor=CASHIER, at=clock.now())
            self.settle()

    def _listen(self) -> None:
        """Take up what was said since: some of it is lost on the way, some comes twice."""
        for name, book in self.books.items():
            for number in range(self.told[name], len(book.said)):
                self.waiting += [(name, number)] * self.dice.choice((0, 1, 1, 1, 2, 3))
            self.told[name] = len(book.said)

    def _hear(self, name: str, number: int) -> None:
        services.hear_notification(name, headers={"Signature": name}, body=str(number).encode(), at=clock.now())

    def prove_seen(self) -> None:
        """Whatever is too much waits on the page of the charge, to the yen."""
        view = self._view()
        assert sum(yen for _, yen in view.waiting) == view.balance.excess_yen, "too much was kept, and nobody sees it"

    def _view(self) -> selectors.ChargeView:
        return selectors.charge_of(self.charge.pk, actor=CASHIER)

    def prove(self) -> None:
        """Compare the ward's ledger with every provider's book and with the charge."""
        due = services.balance_of(self.charge)
        held = sum(book.held_yen for book in self.books.values())
        cash = self._cash()
        bank = sum(self.bank.values())
        assert due.kept_yen == held + cash - bank, ("the books differ", due, held, cash, bank)
        for name, book in self.books.items():
            ours = self._kept(name)
            assert ours == book.held_yen, ("the book of", name, ours, book.held_yen)
            for page in book.pages.values():
                known = Payment.objects.filter(charge=self.charge, key=page.key).first()
                assert page.state != "authorised", ("approved and forgotten", name)
                if page.state == "collected":
                    assert known is not None, ("collected, and not known", name)
                    assert known.state == "paid", ("collected, and not paid", name, known.state)
        assert due.kept_yen <= due.total_yen, ("too much was kept", due)
        assert not Refund.objects.filter(payment__charge=self.charge, state__in=("asked", "sent")).exists(), (
            "a refund hangs"
        )
        twice = PaymentEvent.objects.filter(payment__charge=self.charge, kind="pay", counted=True)
        assert twice.count() == twice.values("payment").distinct().count(), "one payment counted twice"
        assert not ProviderMessage.objects.filter(outcome="mismatch").exists(), "an amount that was not asked for"

    def _kept(self, name: str) -> int:
        paid = Payment.objects.filter(charge=self.charge, provider=name, state="paid").aggregate(yen=Sum("amount_yen"))
        back = Refund.objects.filter(
            payment__charge=self.charge, payment__provider=name, state="done", transfer=None
        )
        return int(paid["yen"] or 0) - int(back.aggregate(yen=Sum("amount_yen"))["yen"] or 0)

    def _cash(self) -> int:
        return self._kept("cash")


def play(charge: Charge, dice: random.Random, traveller: Any) -> None:
    """Play one history of a charge."""
    History(charge, dice, traveller).play()
