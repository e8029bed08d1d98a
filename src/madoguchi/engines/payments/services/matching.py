"""消込: match what providers say they collected with what we know was paid. Set-based: a few statements for any number of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.bulk import insert_rows
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..models import SettlementFile, SettlementRow
from ..providers.base import providers
from .hearing import hear_file
from .refunding import REFUND_KEY

RESULTS: Mapping[str, str] = {
    "matched": "一致",
    "amount_differs": "金額が違う",
    "unknown": "心当たりのない取引",
    "doubled": "二重",
    "not_paid_here": "こちらでは未収納",
    "unreadable": "読み取れない行",
}

_NAME_PAYMENTS = """
UPDATE payments_settlementrow r SET provider_ref = p.provider_ref
FROM payments_payment p
WHERE r.file_id = %(file)s AND r.kind = 'payment' AND p.provider = %(provider)s AND p.provider_ref IS NOT NULL
    AND p.{column} = r.provider_ref
"""
"""Providers whose files call a payment by another number than their page did, or by our key."""
_NAME_REFUNDS = """
UPDATE payments_settlementrow r SET provider_ref = f.provider_ref
FROM payments_refund f JOIN payments_payment p ON p.id = f.payment_id
WHERE r.file_id = %(file)s AND r.kind IN ('refund', 'returned') AND p.provider = %(provider)s AND f.provider_ref IS NOT NULL
    AND r.provider_ref = %(refund_key)s || f.id::text
"""
_NAME = (_NAME_PAYMENTS.format(column="also_ref"), _NAME_PAYMENTS.format(column="key"), _NAME_REFUNDS)

_MATCH = """
WITH row AS (
    SELECT r.id, r.provider_ref, r.gross_yen,
           row_number() OVER (PARTITION BY r.provider_ref ORDER BY r.row) AS nth
    FROM payments_settlementrow r WHERE r.file_id = %(file)s AND r.kind = '{kind}'
)
UPDATE payments_settlementrow r
SET {column}_id = m.id,
    result = CASE
        WHEN row.nth > 1 OR EXISTS (
            SELECT 1 FROM payments_settlementrow o
            WHERE o.{column}_id = m.id AND o.result = 'matched' AND o.kind = '{kind}' AND o.file_id <> %(file)s)
        THEN 'doubled'
        WHEN m.amount_yen <> row.gross_yen THEN 'amount_differs'
        WHEN m.state <> '{state}' THEN 'not_paid_here'
        ELSE 'matched' END
FROM row JOIN {ours} ON m.provider_ref = row.provider_ref
WHERE r.id = row.id
"""
_MATCH_PAYMENTS = _MATCH.format(
    kind="payment",
    column="payment",
    state="paid",
    ours="(SELECT id, amount_yen, state, provider_ref FROM payments_payment WHERE provider = %(provider)s) m",
)
_REFUNDS = (
    "(SELECT f.id, f.amount_yen, {state}, f.provider_ref FROM payments_refund f "
    "JOIN payments_payment p ON p.id = f.payment_id WHERE p.provider = %(provider)s) m"
)
_MATCH_REFUNDS = _MATCH.format(
    kind="refund",
    column="refund",
    state="done",
    ours=_REFUNDS.format(
        state="CASE WHEN f.state = 'failed' AND EXISTS (SELECT 1 FROM payments_refundevent e WHERE e.refund_id = f.id "
        "AND e.kind = 'done' AND e.counted) THEN 'done' ELSE f.state END AS state"
    ),
)
"""A refund that came back went out before: its row as a refund is no difference."""
_MATCH_RETURNED = _MATCH.format(kind="returned", column="refund", state="failed", ours=_REFUNDS.format(state="f.state"))
_SETTLE = """
UPDATE payments_payment p SET settled_at = %(at)s
FROM payments_settlementrow r WHERE r.file_id = %(file)s AND r.kind = 'payment' AND r.result = 'matched' AND p.id = r.payment_id
"""


@transaction.atomic
def read_settlement(provider_id: str, *, name: str, data: bytes, actor: Actor, at: datetime) -> SettlementFile:
    """Take a settlement file in: every row is kept, matched or explained. Returns the file.

    Raises Conflict when the very same file was read before, InvalidInput when it is no settlement file.
    """
    actor.demand("payments.settle")
    digest = hashlib.sha256(data).hexdigest()
    if SettlementFile.objects.filter(provider=provider_id, digest=digest).exists():
        raise Conflict("この精算データは、すでに取り込まれています。", code="payments.file_again")
    good, bad = providers.get(provider_id).read_settlement(data)
    hear_file(provider_id, data, at=at)
    file = SettlementFile.objects.create(
        provider=provider_id, name=name[:200], digest=digest, read_at=at, read_by=actor.ref
    )
    rows = [
        SettlementRow(
            file=file, row=item.row, kind=item.kind, provider_ref=item.ref, gross_yen=item.gross_yen,
            fee_yen=item.fee_yen, on=item.on, result="unknown", text=item.text,
        )
        for item in good
    ]  # fmt: skip
    rows += [
        SettlementRow(file=file, row=item.row, result="unreadable", message=item.message[:300], text=item.text)
        for item in bad
    ]
    insert_rows(rows)
    values: dict[str, int | str | datetime] = {
        "file": file.pk,
        "provider": provider_id,
        "at": at,
        "refund_key": REFUND_KEY,
    }
    with connection.cursor() as cursor:
        for statement in (*_NAME, _MATCH_PAYMENTS, _MATCH_REFUNDS, _MATCH_RETURNED, _SETTLE):
            cursor.execute(statement, values)
    record(
        actor=actor,
        action="payments.settlement",
        subject=f"settlement:{file.pk}",
        payload={"provider": provider_id, "rows": len(rows), "unreadable": len(bad)},
        at=at,
    )
    return file


def counts_of(file: SettlementFile) -> dict[str, int]:
    """Return how many rows of a file ended how."""
    return dict(file.rows.values_list("result").annotate(count=Count("id")).order_by())


@transaction.atomic
def explain_difference(row: SettlementRow, *, note: str, actor: Actor, at: datetime) -> None:
    """Write down how a difference was dealt with. Raises InvalidInput without words, Conflict when it is none or is closed."""
    actor.demand("payments.settle")
    locked = SettlementRow.objects.select_for_update().get(pk=row.pk)
    if locked.result == "matched" or locked.settled_at is not None:
        raise Conflict("この行は、処理する差異ではありません。", code="payments.no_difference")
    if not note.strip():
        raise InvalidInput("どう処理したかを入力してください。", code="payments.note")
    locked.settled_note, locked.settled_at, locked.settled_by = note.strip()[:300], at, actor.ref
    locked.save(update_fields=["settled_note", "settled_at", "settled_by"])
    record(actor=actor, action="payments.explain", subject=f"settlement_row:{row.pk}", payload={}, at=at)
