"""Convenience stores: the payer carries a printed slip to the till, the collector reports by file.

Nothing is called outside: a slip is made here, and what became of it comes with the collector's files as 速報 (paid at a
till), 取消 (the till took it back) and 確報 (final). Only 確報 is income. Layout of the file: a common one; a collector whose
columns have other names is a ``Layout`` more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from madoguchi.kernel import clock
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..folder import konbini_in_force
from ..slip import read_code
from .base import BadRow, BadSignature, ProviderUnreachable, Report, ReportKind, Settled, Started, StartOrder
from .settlement import Layout, read_csv

FINAL: Final = "確報"
_AS_REPORT: Final[dict[str, ReportKind]] = {"速報": "authorise", "取消": "cancel", FINAL: "pay"}
LAYOUT: Final = Layout(
    {"ref": "バーコード", "kind": "データ種別", "gross": "収納金額", "fee": "手数料", "on": "収納日"},
    frozenset(_AS_REPORT),
    frozenset(),
)


class KonbiniProvider:
    """See the module."""

    id = "konbini"
    title = "コンビニ収納"
    gives_back = False

    @property
    def methods(self) -> Mapping[str, str]:
        """Return the one method, none when the ward has no agreement with a collector."""
        return {"slip": "コンビニの払込票"} if konbini_in_force() else {}

    def start(self, order: StartOrder) -> Started:
        """Number a slip; the same key gives the same number. Raises InvalidInput (too much), Conflict (too late)."""
        agreed = konbini_in_force()
        if agreed is None or order.amount_yen > agreed.limit_yen:
            raise InvalidInput(
                "コンビニで支払える額を超えています。",
                code="payments.slip_limit",
                mend="別の支払方法を選んでください。",
            )
        if order.due_on is not None and order.due_on < clock.today():
            raise Conflict(
                "支払期限が過ぎているため、払込票は作れません。",
                code="payments.slip_late",
                mend="別の支払方法を選んでください。",
            )
        return Started(f"{int(hashlib.sha256(order.key.encode()).hexdigest(), 16) % 10**21:021}")

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Wait: whether the till's money arrives is said by the final report alone."""
        raise ProviderUnreachable(ref)

    def cancel(self, ref: str, *, key: str) -> Report:
        """Wait: a printed slip cannot be called back."""
        raise ProviderUnreachable(ref)

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Refuse: tills give nothing back, the office does."""
        return Report(f"{key}:answer", "refund_refuse", f"konbini:{key}"[:120], amount_yen, clock.now())

    def look_up(self, ref: str) -> Report | None:
        """Return nothing: the collector reports by file only."""
        return None

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Refuse: the collector sends no notifications."""
        raise BadSignature(self.id)

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Return the final rows, and every row that cannot be read or whose number has a wrong check digit."""
        rows, bad = _rows(data)
        return [row for row in rows if row.word == FINAL], bad

    def reports_in(self, data: bytes) -> list[Report]:
        """Return what each good row of the file says of its slip."""
        return [
            Report(
                f"{row.word}:{row.ref}:{row.on}",
                _AS_REPORT[row.word],
                row.ref,
                row.gross_yen,
                datetime.combine(row.on, time(), clock.TOKYO),
            )
            for row in _rows(data)[0]
        ]


def _rows(data: bytes) -> tuple[list[Settled], list[BadRow]]:
    found, bad = read_csv(data, LAYOUT)
    good: list[Settled] = []
    for row in found:
        try:
            good.append(replace(row, ref=read_code(row.ref).number))
        except InvalidInput as error:
            bad.append(BadRow(row.row, row.text[:2000], str(error)))
    return good, sorted(bad, key=lambda row: row.row)
