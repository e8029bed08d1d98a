"""Retention: which kinds of personal data this house holds, and the one lawful way to erase them.

Owns the registry of data classes and ``erase``. An engine registers for its tables how to count, export and erase the rows of a
holding (cases, drafts, a person); nothing here knows a table. Deleting or changing what is immutable works inside ``erase``
only: it first writes the row of the erasure log, and the triggers look for that row of their own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection, transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.erasure_models import Erasure
from madoguchi.kernel.ids import uuid7
from madoguchi.kernel.registry import Registry

How = Literal["delete", "anonymise"]


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose data is meant: receipt numbers of cases, ids of drafts (of those cases or unsent), a person's account ('' none)."""

    cases: frozenset[str] = frozenset()
    drafts: frozenset[UUID] = frozenset()
    account: str = ""

    @property
    def account_id(self) -> int | None:
        """Return the number of the account, None without one."""
        number = self.account.partition(":")[2]
        return int(number) if number.isdigit() else None


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that belongs to an export: a safe name and a function that reads its bytes."""

    name: str
    read: Callable[[], bytes]


def _no_files(holding: Holding) -> Iterator[ExportFile]:
    yield from ()


@dataclass(frozen=True, slots=True)
class DataClass:
    """One kind of data. ``erase`` returns how many rows it deleted or emptied; ``order`` is the order of erasing."""

    id: str
    title: str
    count: Callable[[Holding], int]
    export: Callable[[Holding], list[dict[str, Any]]]
    erase: Callable[[Holding, How], int]
    files: Callable[[Holding], Iterator[ExportFile]] = field(default=_no_files)
    order: int = 50


data_classes: Registry[DataClass] = Registry("保存するデータの種類")


def classes_of(names: Iterable[str]) -> list[DataClass]:
    """Return data classes by id in the order of erasing. Raises NotFound for an unknown one."""
    return sorted((data_classes.get(name) for name in names), key=lambda item: item.order)


def counts_of(holding: Holding, names: Iterable[str]) -> dict[str, int]:
    """Return how many rows each class holds, those with none left out."""
    found = {item.id: item.count(holding) for item in classes_of(names)}
    return {name: number for name, number in found.items() if number}


@transaction.atomic
def erase(
    holding: Holding,
    names: Iterable[str],
    *,
    subject: str,
    scope: str,
    how: How,
    reason: str,
    rule: str,
    actor: Actor,
    at: datetime,
) -> Mapping[str, int]:
    """Erase the named classes of a holding in one transaction; return the counts, which the log keeps with the ids.

    Whatever refuses (a row of another table still points there) undoes the whole.
    """
    entry = Erasure(
        id=uuid7(), at=at, actor_ref=actor.ref, subject=subject, scope=scope, how=how, reason=reason, rule=rule[:200]
    )
    entry.save(force_insert=True)
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('madoguchi.erasure', %s, true)", [str(entry.id)])
        for item in classes_of(names):
            if number := item.erase(holding, how):
                counts[item.id] = number
        Erasure.objects.filter(pk=entry.id).update(counts=counts)
        cursor.execute("SELECT set_config('madoguchi.erasure', '', true)")
    payload = {"scope": scope, "how": how, "reason": reason, "counts": counts}
    record(actor=actor, action="retention.erase", subject=subject, payload=payload, at=at)
    return counts
