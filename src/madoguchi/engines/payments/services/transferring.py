"""Giving back by bank transfer (口座振込による還付): what no provider can give back, and cash nobody comes for.

The office orders the payment in its own books; here stands which order it was and what became of it. A bank account is
never written down here: the application in which the resident told it is named instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.ids import parse_bundle_number, parse_receipt_number
from madoguchi.kernel.text import normalise_width

from ..models import Refund, Transfer
from ..providers.base import Report
from .applying import apply_refund_report
from .refunding import decide_again, locked_refund, waits_at_desk

_LONG_NUMBER: Final = re.compile(r"[0-9](?:[-\s]?[0-9]){6,}")
"""What may be the number of an account: seven digits or more."""


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """A transfer as it was ordered: 支出命令番号, the day it is to be made, why, and where the account was told ('' elsewhere)."""

    order_number: str
    planned_on: date
    reason: str
    account_case: str = ""


@transaction.atomic
def plan_transfer(refund: Refund, order: TransferOrder, *, actor: Actor, at: datetime) -> list[Refund]:
    """Decide to transfer what a failed refund left to be given back, or cash that was not fetched; return the new refunds.

    The amount is what is too much, never a free one. Raises Conflict (nothing is left, the refund is not over), InvalidInput.
    """
    actor.demand("payments.settle")
    checked = _checked(order)
    locked = locked_refund(refund.pk)
    if waits_at_desk(locked):
        _note(locked, "refund_refuse", at, at=at, detail={"reason": "口座振込に変更"})
    made = decide_again(locked, actor=actor, at=at)
    for item in made:
        Transfer.objects.create(
            refund=item, order_number=checked.order_number, planned_on=checked.planned_on, reason=checked.reason,
            account_case=checked.account_case,
        )  # fmt: skip
        _audit("plan_transfer", item, actor=actor, at=at)
    return made


@transaction.atomic
def note_transfer_made(refund: Refund, *, on: date, actor: Actor, at: datetime) -> None:
    """Note that a transfer was made on a day. Raises Conflict (it is none, or is over), InvalidInput (a day that cannot be)."""
    actor.demand("payments.settle")
    locked = _open_transfer(refund, "asked")
    paid_on = locked.payment.paid_at.astimezone(TOKYO).date() if locked.payment.paid_at else on
    if not paid_on <= on <= at.astimezone(TOKYO).date():
        raise InvalidInput(
            "振込日は、収納した日から今日までの日にしてください。",
            code="payments.transferred_on",
            mend="日付を確かめてください。",
        )
    _note(locked, "refund_done", datetime.combine(on, time.min, TOKYO), at=at, detail={"on": on.isoformat()})
    _audit("transfer_made", locked, actor=actor, at=at)


@transaction.atomic
def note_transfer_failed(refund: Refund, *, reason: str, actor: Actor, at: datetime) -> None:
    """Note that a transfer was given up, not possible (振込不能) or sent back (組戻し): it waits for a next step again.

    Raises Conflict (it is none, or failed before), InvalidInput (no reason, or what may be an account's number in it).
    """
    actor.demand("payments.settle")
    words = _words(reason, code="payments.transfer_reason")
    locked = _open_transfer(refund, "asked", "done")
    _note(locked, "refund_fail", at, at=at, detail={"reason": words})
    _audit("transfer_failed", locked, actor=actor, at=at)


def _open_transfer(refund: Refund, *states: str) -> Refund:
    locked = locked_refund(refund.pk)
    if not hasattr(locked, "transfer") or locked.state not in states:
        raise Conflict("この振込は、すでに終わっています。", code="payments.transfer_over")
    return locked


def _note(refund: Refund, kind: str, happened_at: datetime, *, at: datetime, detail: dict[str, str]) -> None:
    report = Report(f"desk:{refund.pk}", kind, "", refund.amount_yen, happened_at, detail)  # type: ignore[arg-type]
    apply_refund_report(refund, report, source="desk", at=at)


def _audit(what: str, refund: Refund, *, actor: Actor, at: datetime) -> None:
    case = refund.case_number or refund.payment.charge.case_number
    record(
        actor=actor,
        action=f"payments.{what}",
        subject=f"refund:{refund.pk}",
        payload={"case": case, "yen": refund.amount_yen},
        at=at,
    )


def _checked(order: TransferOrder) -> TransferOrder:
    number = normalise_width(order.order_number).strip()
    if not number or len(number) > 40:
        raise InvalidInput("支出命令番号を40字までで入力してください。", code="payments.order_number")
    told = order.account_case.strip()
    if told:
        told = parse_bundle_number(told) or parse_receipt_number(told)
    return TransferOrder(number, order.planned_on, _words(order.reason, code="payments.transfer_reason"), told)


def _words(typed: str, *, code: str) -> str:
    words = typed.strip()
    if not words:
        raise InvalidInput("理由を入力してください。", code=code)
    if _LONG_NUMBER.search(normalise_width(words)):
        raise InvalidInput(
            "理由に口座番号のような長い数字があります。",
            code="payments.account_in_words",
            mend="口座番号は書かずに、口座を申し出た申請の受付番号で示してください。",
        )
    return words[:200]
