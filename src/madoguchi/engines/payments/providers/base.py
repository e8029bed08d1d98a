"""The interface every provider of payments fulfils, and the registry of those a ward uses. No Django.

A provider knows nothing of charges: it gets an amount in yen, a reference of ours and an idempotency key, and gives back its
own reference. It never decides whether something is paid; it reports what it learnt, as ``Report``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, Protocol

from madoguchi.kernel.registry import Registry

ReportKind = Literal[
    "authorise", "pay", "refuse", "cancel", "expire", "refund_sent", "refund_done", "refund_refuse", "refund_fail"
]
"""``refund_refuse``: the provider did not take the request; ``refund_fail``: it did, and the money never arrived or came back."""


class ProviderUnreachable(Exception):  # noqa: N818 - it says what is the matter
    """No answer came: it is not known whether the provider did it. Ask again with the same key."""


class KeyUsed(Exception):  # noqa: N818 - it says what is the matter
    """The page of a key cannot be opened again: begin a new payment. ``ref`` is what the provider calls the old one."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class BadSignature(Exception):  # noqa: N818 - it says what is the matter
    """A notification does not come from the provider, or is too old."""


@dataclass(frozen=True, slots=True)
class StartOrder:
    """What a provider needs to begin: amount in yen, our key, where the payer comes back to, words for the payer.

    ``ref`` is set when the payment was begun before: the provider takes it up again or raises ``KeyUsed``.
    """

    key: str
    amount_yen: int
    method: str
    title: str
    return_url: str
    cancel_url: str
    due_on: date | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The provider's reference, and where the payer goes next ('' when there is nothing to open)."""

    ref: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing a provider says about one of its references. ``message_id`` is unique at the provider.

    ``key`` is our own key where the provider repeats it: then ``ref`` may be ''. ``also`` is another number of the same
    payment, by which the settlement file may call it.
    """

    message_id: str
    kind: ReportKind
    ref: str
    amount_yen: int | None
    happened_at: datetime
    detail: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    also: str = ""

    @property
    def name(self) -> str:
        """Return what the report calls its payment or refund."""
        return self.ref or self.key

    def contradicts(self, amount_yen: int) -> bool:
        """Tell whether the provider speaks of another amount than the one we asked for."""
        return self.amount_yen is not None and self.amount_yen != amount_yen


@dataclass(frozen=True, slots=True)
class Settled:
    """One row of a settlement file: money collected or given back, integer yen (the fee is what the provider keeps).

    ``ref`` is the provider's number, its other number or our key; of a refund that came back (``returned``) the refund's. ``word`` is what the provider calls its kind.
    """

    row: int
    kind: Literal["payment", "refund", "returned"]
    ref: str
    gross_yen: int
    fee_yen: int
    on: date
    text: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a settlement file that cannot be read: where, as it stands, why."""

    row: int
    text: str
    message: str


class Provider(Protocol):
    """What a provider can do. Every call may be repeated with the same key and then gives the same answer."""

    id: str
    title: str
    gives_back: bool
    """Whether money can go back the way it came; else staff transfer it to a bank account."""

    @property
    def methods(self) -> Mapping[str, str]:
        """Return the ways to pay it offers now: id → words."""

    def start(self, order: StartOrder) -> Started:
        """Begin a payment. Raises ProviderUnreachable, KeyUsed, InvalidInput (an amount it does not take)."""

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Collect an approved payment. Raises ProviderUnreachable."""

    def cancel(self, ref: str, *, key: str) -> Report:
        """Give an approved or open payment up; reports ``pay`` when it was collected already. Raises ProviderUnreachable."""

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Give money back. ``ref`` is the payment's, the report's ``ref`` the refund's. Raises ProviderUnreachable."""

    def look_up(self, ref: str) -> Report | None:
        """Return where a payment now stands, or None when the provider does not know it. Raises ProviderUnreachable."""

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Return what a notification says, nothing when it is of no concern.

        Raises BadSignature, ValueError (not readable), ProviderUnreachable (it had to ask back and got no answer).
        """

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Return the good and the bad rows of a settlement file."""

    def reports_in(self, data: bytes) -> list[Report]:
        """Return what a settlement file says that no notification did (none for most providers)."""


providers: Final[Registry[Provider]] = Registry("決済事業者")
