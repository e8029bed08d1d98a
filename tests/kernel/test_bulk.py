"""Bulk inserts keep types, order, keys and the table's own triggers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from madoguchi.kernel.bulk import BATCH, insert_rows
from madoguchi.kernel.folder_models import FolderItem

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 1, 2, 3, 456789, tzinfo=UTC)


def item(n: int) -> FolderItem:
    return FolderItem(
        section="test",
        key=f"k{n}",
        version=1,
        digest="d",
        data={"n": n, "名": "葛\U000e0100城", "nothing": None},
        loaded_at=AT + timedelta(seconds=n),
    )


def test_rows_come_back_as_they_were_given() -> None:
    rows = [item(n) for n in range(50)]
    insert_rows(rows)
    assert all(row.pk for row in rows)
    stored = {row.pk: row for row in FolderItem.objects.filter(section="test")}
    for n, row in enumerate(rows):
        found = stored[row.pk]
        assert (found.key, found.data, found.retired_at) == (
            f"k{n}",
            {"n": n, "名": "葛\U000e0100城", "nothing": None},
            None,
        )
        assert found.loaded_at == AT + timedelta(seconds=n), "to the microsecond"
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)


def test_two_statements_per_batch() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert_rows([item(n) for n in range(BATCH + 1)])
    assert len(queries) == 4
    assert FolderItem.objects.filter(section="test").count() == BATCH + 1


def test_nothing_costs_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert_rows([])
    assert len(queries) == 0


def test_constraints_hold() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([item(1), item(1)])
    later = item(2)
    insert_rows([later])
    following = FolderItem.objects.create(section="test", key="k3", version=1, digest="d", data={}, loaded_at=AT)
    assert following.pk > later.pk, "the sequence of the table goes on"
