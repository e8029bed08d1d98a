"""Proving the log. Owns the recomputation: it reads every entry in order and trusts no stored hash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from madoguchi.kernel.audit.chain import GENESIS, Anchor, AuditReport, entry_hash

_ROWS = """
SELECT id, at, actor_ref, action, subject, payload, prev_hash, hash
FROM kernel_auditentry WHERE id <= %s ORDER BY id
"""
_BEYOND = "SELECT min(id) FROM kernel_auditentry WHERE id > (SELECT count FROM kernel_audithead)"
_BATCH = 5_000

Row = tuple[int, datetime, str, str, str, str, str, str]


def head() -> Anchor:
    """Return the present end of the log, to be noted outside the database."""
    with connection.cursor() as cursor:
        if connection.in_atomic_block:  # the end mark is written when the transaction commits, or now
            cursor.execute("SET CONSTRAINTS kernel_audit_mark_end IMMEDIATE")
            cursor.execute("SET CONSTRAINTS kernel_audit_mark_end DEFERRED")
        cursor.execute("SELECT count, hash FROM kernel_audithead")
        row = cursor.fetchone()
    return Anchor(row[0], row[1]) if row else Anchor(-1, "")


def verify(*, noted: Anchor | None = None) -> AuditReport:
    """Recompute the whole chain and report the first entry that does not fit.

    Finds altered, removed, inserted and reordered entries, and entries missing at either end. `noted` is an anchor kept
    outside the database; with it even a log that was rewritten together with its own end mark is found out.
    """
    end = head()
    if end.count < 0:
        return AuditReport(False, 0, None, "監査記録の末尾の控えがありません。", end)
    previous, count = GENESIS, 0
    for row in _stream(end.count):
        fault = _fault(row, count + 1, previous)
        if fault:
            return AuditReport(False, count, row[0], fault, end)
        previous, count = row[7], count + 1
        if noted and count == noted.count and previous != noted.hash:
            return AuditReport(False, count, row[0], f"{row[0]}番の記録が、外に控えたハッシュ値と一致しません。", end)
    return _judge_end(Anchor(count, previous), end, noted)


def _judge_end(found: Anchor, end: Anchor, noted: Anchor | None) -> AuditReport:
    if found.count < end.count:
        return AuditReport(False, found.count, found.count + 1, f"{found.count + 1}番以降の記録がありません。", end)
    if found.hash != end.hash:
        return AuditReport(False, found.count, found.count, "最後の記録が末尾の控えと一致しません。", end)
    if noted and found.count < noted.count:
        return AuditReport(
            False, found.count, found.count + 1, f"外に控えた{noted.count}件より少なくなっています。", end
        )
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND)
        extra: int | None = cursor.fetchone()[0]
    if extra is not None:
        return AuditReport(False, found.count, extra, f"{extra}番の記録は正しい手順で追加されていません。", end)
    return AuditReport(True, found.count, None, f"監査記録{found.count:,}件のつながりを確かめました。", end)


def _fault(row: Row, expected_id: int, previous: str) -> str:
    number, at, actor_ref, action, subject, payload, prev_hash, digest = row
    if number != expected_id:
        return f"{expected_id}番の記録がありません。"
    if prev_hash != previous:
        return f"{number}番の記録が前の記録につながっていません。"
    fresh = entry_hash(previous, id=number, at=at, actor_ref=actor_ref, action=action, subject=subject, payload=payload)
    return "" if fresh == digest else f"{number}番の記録が書き換えられています。"


def _stream(up_to: int) -> Iterator[Any]:
    """Yield the rows in order from a server-side cursor, a batch at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [up_to])
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
