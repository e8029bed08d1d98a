"""Ways whose outcome comes by file only, or from a person: JPQR codes shown by the ward, and eL numbers issued elsewhere.

Nothing is called outside and the payer's screen proves nothing: a payment counts when the collector's file says so, or, for
JPQR, when a clerk notes with a reason that the notice of the collector was seen. The columns are common forms, unverified.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from madoguchi.kernel import clock
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.text import normalise_width

from ..folder import jpqr_in_force
from .base import BadRow, BadSignature, ProviderUnreachable, Report, Settled, Started, StartOrder
from .settlement import Layout, read_csv

BILL_DIGITS: Final = 20
JPQR_LAYOUT: Final = Layout(
    {"ref": "請求書番号", "kind": "取引区分", "gross": "決済金額", "fee": "手数料", "on": "決済日"},
    frozenset({"支払"}),
    frozenset({"返金"}),
)
EL_LAYOUT: Final = Layout(
    {"ref": "納付書番号", "kind": "区分", "gross": "収納金額", "on": "収納日"},
    frozenset({"収納"}),
    frozenset({"還付"}),
)


def joined_number(text: str) -> str:
    """Return an eL number without the spaces and hyphens between its groups, in half width."""
    return re.sub(r"[\s-]", "", normalise_width(text))


class PaperProvider:
    """What both have in common: a number given before, and files that say what became of it."""

    id: str
    title: str
    layout: Layout
    gives_back = False

    @property
    def methods(self) -> Mapping[str, str]:
        """Return the ways to pay a payer may choose."""
        return {}

    def start(self, order: StartOrder) -> Started:
        """Refuse: the number comes from elsewhere."""
        raise InvalidInput("この支払方法は使えません。", code="payments.method", mend="別の方法を選んでください。")

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Wait for the file."""
        raise ProviderUnreachable(ref)

    def cancel(self, ref: str, *, key: str) -> Report:
        """Wait: what was shown or sent cannot be called back."""
        raise ProviderUnreachable(ref)

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Refuse: the office gives the money back."""
        return Report(f"{key}:answer", "refund_refuse", f"{self.id}:{key}"[:120], amount_yen, clock.now())

    def look_up(self, ref: str) -> Report | None:
        """Return nothing: there is nobody to ask."""
        return None

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Refuse: there are no notifications."""
        raise BadSignature(self.id)

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Read the collector's file."""
        return read_csv(data, self.layout)

    def reports_in(self, data: bytes) -> list[Report]:
        """Return what the file says was paid."""
        return [
            Report(
                f"{row.word}:{row.ref}:{row.on}",
                "pay",
                row.ref,
                row.gross_yen,
                datetime.combine(row.on, time(), clock.TOKYO),
            )
            for row in self.read_settlement(data)[0]
            if row.kind == "payment"
        ]


class JpqrProvider(PaperProvider):
    """A code the payer reads with the app of a payment service."""

    id = "jpqr"
    title = "JPQR"
    layout = JPQR_LAYOUT

    @property
    def methods(self) -> Mapping[str, str]:
        """Return the one method, none when the ward has no agreement."""
        return {"code": "JPQR（コードを読み取って支払う）"} if jpqr_in_force() else {}

    def start(self, order: StartOrder) -> Started:
        """Number a bill; the same key gives the same number. Raises InvalidInput (too much)."""
        agreed = jpqr_in_force()
        if agreed is None or order.amount_yen > agreed.limit_yen:
            raise InvalidInput(
                "JPQRで支払える額を超えています。", code="payments.qr_limit", mend="別の方法を選んでください。"
            )
        number = int(hashlib.sha256(order.key.encode()).hexdigest(), 16) % 10**BILL_DIGITS
        return Started(f"{number:0{BILL_DIGITS}}")


class ElProvider(PaperProvider):
    """The national payment site, where a payer types the eL number of a bill. We keep the number and match the file."""

    id = "el"
    title = "eL番号（地方税お支払サイト）"
    layout = EL_LAYOUT

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Read the file; numbers may be written in groups."""
        found, bad = read_csv(data, self.layout)
        return [replace(row, ref=joined_number(row.ref)) for row in found], bad
