"""The audit log: append-only, chained, and every tampering is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError

from madoguchi.kernel import audit
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.audit.chain import GENESIS
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 4, 5, 6, 123456, tzinfo=UTC)
CLERK = Actor(kind="staff", id="12", name="窓口 太郎")


def write(count: int) -> list[int]:
    """Write entries and return their numbers."""
    before = audit.head().count
    for step in range(count):
        audit.record(
            actor=CLERK,
            action="case.decided",
            subject=f"case:{step}",
            payload={"n": step, "種別": "可"},
            at=AT + timedelta(seconds=step),
        )
    return list(range(before + 1, before + count + 1))


def tamper(sql: str, *params) -> None:
    """Change the log as somebody with the owner's rights could: with the triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("kernel_auditentry", "kernel_audithead"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        for table in ("kernel_auditentry", "kernel_audithead"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_record_is_one_statement_and_keeps_no_name(django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.record(actor=CLERK, action="case.opened", subject="case:1", payload={}, at=AT)
    entry = AuditEntry.objects.latest("id")
    assert (entry.at, entry.actor_ref, entry.action, entry.payload) == (AT, "staff:12", "case.opened", "{}")


def test_database_and_python_compute_the_same_hash():
    write(3)
    entries = list(AuditEntry.objects.order_by("-id")[:3])[::-1]
    for entry in entries:
        assert entry.hash == audit.entry_hash(
            entry.prev_hash, id=entry.id, at=entry.at, actor_ref=entry.actor_ref, action=entry.action,
            subject=entry.subject, payload=entry.payload,
        )  # fmt: skip
    assert entries[1].prev_hash == entries[0].hash


def test_an_untouched_log_is_proved():
    numbers = write(10)
    report = audit.verify()
    assert report.ok, report.message
    assert report.count == numbers[-1]
    assert report.anchor == audit.head()
    assert audit.verify(noted=report.anchor).ok


def test_an_empty_log_is_proved():
    tamper("DELETE FROM kernel_auditentry")
    tamper("UPDATE kernel_audithead SET count = 0, hash = %s", GENESIS)
    assert audit.verify().ok


@pytest.mark.parametrize(
    "sql",
    ["UPDATE kernel_auditentry SET action = 'x'", "DELETE FROM kernel_auditentry", "TRUNCATE kernel_auditentry",
     "UPDATE kernel_audithead SET count = 0", "DELETE FROM kernel_audithead", "TRUNCATE kernel_audithead",
     "INSERT INTO kernel_audithead (singleton, count, hash) VALUES (true, 1, 'x')"],
)  # fmt: skip
def test_the_database_refuses_every_change(sql):
    write(2)
    audit.head()
    with (
        pytest.raises((ProgrammingError, DatabaseError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("column", ["at", "actor_ref", "action", "subject", "payload", "hash", "prev_hash"])
def test_an_altered_entry_is_found(column):
    numbers = write(6)
    value = AT if column == "at" else "0" * 63 + "1"
    tamper(f"UPDATE kernel_auditentry SET {column} = %s WHERE id = %s", value, numbers[2])
    report = audit.verify()
    assert not report.ok
    assert report.first_bad == numbers[2]


def test_moving_a_border_between_two_fields_is_found():
    numbers = write(1)
    tamper("UPDATE kernel_auditentry SET actor_ref = 'staff:1', action = '2case.decided' WHERE id = %s", numbers[0])
    assert audit.verify().first_bad == numbers[0]


def test_a_removed_entry_is_found_in_the_middle_at_the_start_and_at_the_end():
    numbers = write(6)
    for gone, first_bad in ((numbers[2], numbers[3]), (numbers[-1], numbers[-1]), (1, 2)):
        with transaction.atomic():
            tamper("DELETE FROM kernel_auditentry WHERE id = %s", gone)
            report = audit.verify()
            assert not report.ok
            assert report.first_bad == first_bad
            transaction.set_rollback(True)


def test_removed_and_renumbered_entries_are_found():
    numbers = write(6)
    tamper("DELETE FROM kernel_auditentry WHERE id = %s", numbers[2])
    tamper("UPDATE kernel_auditentry SET id = id - 1 WHERE id > %s", numbers[2])
    tamper("UPDATE kernel_audithead SET count = count - 1")
    assert audit.verify().first_bad == numbers[2]


def test_exchanged_entries_are_found():
    first, second = write(4)[1:3]
    tamper(
        "UPDATE kernel_auditentry SET id = CASE id WHEN %s THEN -1 ELSE -2 END WHERE id IN (%s, %s)",
        first,
        first,
        second,
    )
    tamper("UPDATE kernel_auditentry SET id = CASE id WHEN -1 THEN %s ELSE %s END WHERE id < 0", second, first)
    assert audit.verify().first_bad == first


def test_an_entry_slipped_in_behind_the_end_is_found():
    last = write(2)[-1]
    tamper(
        "INSERT INTO kernel_auditentry (id, at, actor_ref, action, subject, payload, prev_hash, hash) VALUES (%s, now(), 'a', 'b', 'c', '{}', %s, %s)",
        last + 1, "a" * 64, "b" * 64,
    )  # fmt: skip
    assert audit.verify().first_bad == last + 1


def test_a_shortened_log_with_a_forged_end_is_found_by_the_noted_anchor():
    numbers = write(6)
    noted = audit.head()
    kept = AuditEntry.objects.get(pk=numbers[3])
    tamper("DELETE FROM kernel_auditentry WHERE id > %s", kept.id)
    tamper("UPDATE kernel_audithead SET count = %s, hash = %s", kept.id, kept.hash)
    assert audit.verify().ok
    assert not audit.verify(noted=noted).ok
    write(2)
    report = audit.verify(noted=audit.Anchor.parse(str(noted)))
    assert not report.ok


def test_a_lost_end_mark_is_found():
    write(1)
    tamper("DELETE FROM kernel_audithead")
    report = audit.verify()
    assert not report.ok
    assert report.message


def test_a_rolled_back_action_leaves_no_trace_and_no_gap():
    before = audit.head()
    with transaction.atomic():
        write(3)
        transaction.set_rollback(True)
    assert audit.head() == before
    write(1)
    assert audit.verify().ok


@pytest.mark.parametrize(
    "payload",
    [
        {"note": "長" * 201},
        {"a": {"b": {"c": {"d": 1}}}},
        {"mail": "hanako@example.jp"},
        {"x": object()},
        {"x": b"bytes"},
    ],
)
def test_a_payload_that_holds_more_than_identifiers_is_refused(payload):
    with pytest.raises(InvalidInput) as caught:
        audit.record(actor=SYSTEM, action="a.b", subject="c", payload=payload, at=AT)
    assert caught.value.code == "audit.payload"


def test_the_payload_is_canonical():
    one = audit.canonical_payload({"b": [1, {"y": None}], "a": date(2026, 11, 23), "id": UUID(int=1), "s": {"q", "p"}})
    assert one == '{"a":"2026-11-23","b":[1,{"y":null}],"id":"00000000-0000-0000-0000-000000000001","s":["p","q"]}'


def test_an_anchor_is_read_as_it_is_printed():
    anchor = audit.Anchor(3, "a" * 64)
    assert audit.Anchor.parse(str(anchor)) == anchor
    with pytest.raises(InvalidInput):
        audit.Anchor.parse("3")


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain():
    before = audit.head().count

    def work(writer: int) -> None:
        try:
            for step in range(10):
                with transaction.atomic():
                    audit.record(actor=SYSTEM, action="a.b", subject=f"w:{writer}", payload={"n": step}, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    report = audit.verify()
    assert report.ok, report.message
    assert report.count == before + 40
