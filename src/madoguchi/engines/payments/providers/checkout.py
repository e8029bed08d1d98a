"""Providers whose hosted page (checkout session) leads to one payment at theirs (here: flow): authorise, then capture.

The payer types the card on the provider's page only. Owns what a session, a flow and a refund mean for the ledger; the
SDK calls are in the subclasses. Whatever an answer leaves open is read again, never guessed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from madoguchi.kernel import clock
from madoguchi.kernel.errors import InvalidInput

from ..folder import is_used
from .base import BadRow, KeyUsed, ProviderUnreachable, Report, ReportKind, Settled, Started, StartOrder
from .settlement import Layout, read_csv

CURRENCY: Final = "jpy"
LIVE_MARK: Final = "_live_"
"""In a secret key for real money, with Stripe and PAY.JP; those for trials have ``_test_``."""
LEAST_YEN: Final = 50
"""Cards are not charged with less."""
TIMEOUT_S: Final = 15.0
_FLOWS: Final[dict[str, ReportKind]] = {"requires_capture": "authorise", "succeeded": "pay", "canceled": "cancel"}
_REFUNDS: Final[dict[str, ReportKind]] = {
    "succeeded": "refund_done",
    "pending": "refund_sent",
    "requires_action": "refund_sent",
    "failed": "refund_fail",
    "canceled": "refund_fail",
}
_SESSION_EVENTS: Final[dict[str, ReportKind]] = {
    "checkout.session.completed": "authorise",
    "checkout.session.async_payment_succeeded": "pay",
    "checkout.session.expired": "expire",
}


def key_fits(key: str, *, live: bool) -> bool:
    """Tell whether a secret key moves real money exactly when the house does."""
    return bool(key) and (LIVE_MARK in key) == live


class Refused(Exception):  # noqa: N818 - it says what is the matter
    """The provider did not do it and will not."""


@dataclass(frozen=True, slots=True)
class Session:
    """A hosted page: ``open``, ``complete`` or ``expired``; the flow it led to ('' before the payer acted)."""

    ref: str
    state: str
    url: str
    flow: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A payment at the provider: its state, what it is of and what was received, in yen; None in another currency."""

    ref: str
    state: str
    yen: int | None
    received_yen: int | None


@dataclass(frozen=True, slots=True)
class Back:
    """A refund at the provider; yen None in another currency."""

    ref: str
    state: str
    yen: int | None


def yen_of(amount: Any, currency: Any) -> int:
    """Return an amount of yen (JPY has no smaller unit); -1, which no payment has, for anything else."""
    plain = isinstance(amount, int) and not isinstance(amount, bool)
    return amount if plain and str(getattr(currency, "value", currency)).lower() == CURRENCY else -1


class HostedCheckout(ABC):
    """See the module. A subclass turns every fault of its SDK into ProviderUnreachable or Refused.

    *key* is the secret key, *proof* what shows that a notification is genuine. A key for the wrong kind of money (*live* or
    not) is not used. *url* is another server than the provider's own, for tests.
    """

    id: str
    title: str
    layout: Layout
    gives_back = True
    methods_offered: Mapping[str, str]

    def __init__(
        self, key: str, proof: str, *, live: bool = False, url: str = "", timeout_s: float = TIMEOUT_S
    ) -> None:
        self._key, self._proof, self._url, self._timeout_s = key, proof, url, timeout_s
        self.is_configured = key_fits(key, live=live) and bool(proof)

    @property
    def methods(self) -> Mapping[str, str]:
        """Return the ways to pay, none before the keys are set and the ward names the provider."""
        return self.methods_offered if self.is_configured and is_used(self.id) else {}

    @abstractmethod
    def create_session(self, order: StartOrder) -> Session:
        """Open a page that authorises; the same key opens the same page."""

    @abstractmethod
    def read_session(self, ref: str) -> Session:
        """Return a page as it stands. Raises Refused when there is none."""

    @abstractmethod
    def expire_session(self, ref: str, *, key: str) -> None:
        """Close a page."""

    @abstractmethod
    def read_flow(self, ref: str) -> Flow:
        """Return a payment as it stands."""

    @abstractmethod
    def capture_flow(self, ref: str, *, amount_yen: int, key: str) -> Flow:
        """Collect what was authorised."""

    @abstractmethod
    def cancel_flow(self, ref: str, *, key: str) -> Flow:
        """Give up what was authorised."""

    @abstractmethod
    def create_refund(self, flow: str, *, amount_yen: int, key: str) -> Back:
        """Give money back; the same key gives it back once."""

    @abstractmethod
    def read_refund(self, ref: str) -> Back:
        """Return a refund as it stands."""

    def start(self, order: StartOrder) -> Started:
        """Open the provider's page, or the page opened before."""
        if order.amount_yen < LEAST_YEN:
            raise InvalidInput(
                f"カードで支払えるのは{LEAST_YEN}円からです。",
                code="payments.too_little",
                mend="別の方法を選んでください。",
            )
        try:
            session = self.read_session(order.ref) if order.ref else self.create_session(order)
        except Refused as error:
            raise ProviderUnreachable(self.id) from error
        if session.state != "open" or not session.url:
            raise KeyUsed(session.ref)
        return Started(session.ref, session.url)

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Collect an approved payment of exactly this amount."""
        session, flow = self._both(ref)
        if flow is not None and flow.state == "requires_capture" and flow.yen == amount_yen:
            try:
                flow = self.capture_flow(flow.ref, amount_yen=amount_yen, key=key)
            except Refused:
                flow = self.read_flow(flow.ref)
                if flow.state == "requires_capture":
                    return Report(f"{key}:answer", "refuse", ref, flow.yen, clock.now(), also=flow.ref)
        return self._answer(session, flow, key)

    def cancel(self, ref: str, *, key: str) -> Report:
        """Give up what was not collected; report ``pay`` when it was."""
        session, flow = self._both(ref)
        try:
            if flow is not None and flow.state == "requires_capture":
                flow = self.cancel_flow(flow.ref, key=key)
            elif flow is None and session.state == "open":
                self.expire_session(ref, key=key)
                session = Session(session.ref, "expired", "", "")
        except Refused:
            session, flow = self._both(ref)
        return self._answer(session, flow, key)

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Give money back; what is still on its way is read again, so that asking twice shows how it went on."""
        _, flow = self._both(ref)
        if flow is None:
            raise ProviderUnreachable(ref)
        try:
            back = self.create_refund(flow.ref, amount_yen=amount_yen, key=key)
            if _REFUNDS.get(back.state) == "refund_sent":
                back = self.read_refund(back.ref)
        except Refused:
            return Report(f"{key}:answer", "refund_refuse", key, amount_yen, clock.now(), key=key)
        return Report(
            f"{key}:answer", _REFUNDS.get(back.state, "refund_sent"), back.ref, back.yen, clock.now(), key=key
        )

    def look_up(self, ref: str) -> Report | None:
        """Return where a payment stands, None while the payer is still on the page."""
        return self._say(*self._both(ref), f"{ref}:look_up")

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Read the provider's CSV in its layout."""
        return read_csv(data, self.layout)

    def reports_in(self, data: bytes) -> list[Report]:
        """Return which refunds came back: no yen may depend on that one notification alone."""
        if not self.layout.returned_words:
            return []
        return [
            Report(
                f"file:{row.ref}:returned",
                "refund_fail",
                row.ref,
                row.gross_yen,
                datetime.combine(row.on, time.max, UTC),
            )
            for row in read_csv(data, self.layout)[0]
            if row.kind == "returned"
        ]

    def reports_of_event(self, kind: str, event_id: str, item: Mapping[str, Any], at: datetime) -> list[Report]:
        """Return what an event says; nothing when it is of another kind or about something the ward did not begin.

        A failed attempt is no end: the payer may take another card on the same page.
        """
        metadata = item.get("metadata") or {}
        if kind in _SESSION_EVENTS and metadata.get("payment"):
            paid = kind == "checkout.session.completed" and item.get("payment_status") == "paid"
            yen = yen_of(item.get("amount_total"), item.get("currency"))
            what = "pay" if paid else _SESSION_EVENTS[kind]
            return [Report(event_id, what, str(item["id"]), yen, at, key=str(metadata["payment"]))]
        thing, _, step = kind.partition(".")
        if thing in ("payment_intent", "payment_flow") and metadata.get("payment"):
            return self._of_flow(step, event_id, item, at)
        if thing == "refund" or kind == "charge.refund.updated":
            what_back = _REFUNDS.get(str(item.get("status")))
            if what_back is not None and metadata.get("refund"):
                yen = yen_of(item.get("amount"), item.get("currency", CURRENCY))
                return [Report(event_id, what_back, str(item["id"]), yen, at, key=str(metadata["refund"]))]
        return []

    def _of_flow(self, step: str, event_id: str, item: Mapping[str, Any], at: datetime) -> list[Report]:
        steps: dict[str, tuple[ReportKind, str]] = {
            "amount_capturable_updated": ("authorise", "amount_capturable"),
            "succeeded": ("pay", "amount_received"),
            "canceled": ("cancel", "amount"),
        }
        if step not in steps:
            return []
        what, where = steps[step]
        yen = yen_of(item.get(where), item.get("currency"))
        return [Report(event_id, what, "", yen, at, key=str(item["metadata"]["payment"]), also=str(item["id"]))]

    def _both(self, ref: str) -> tuple[Session, Flow | None]:
        try:
            session = self.read_session(ref)
            return session, self.read_flow(session.flow) if session.flow else None
        except Refused as error:
            raise ProviderUnreachable(ref) from error

    def _say(self, session: Session, flow: Flow | None, message_id: str) -> Report | None:
        """Return what a page and its payment mean; None while nothing is decided."""
        kind = _FLOWS.get(flow.state) if flow else None
        if kind is None and session.state == "expired":
            kind = "expire"
        if kind is None:
            return None
        yen = None if flow is None else flow.received_yen if kind == "pay" else flow.yen
        also = flow.ref if flow else ""
        return Report(f"{message_id}:{kind}", kind, session.ref, yen, clock.now(), also=also)

    def _answer(self, session: Session, flow: Flow | None, key: str) -> Report:
        said = self._say(session, flow, f"{key}:answer")
        if said is None:
            raise ProviderUnreachable(session.ref)
        return said
