"""Taking over a list of staff: keep what was uploaded, correct rows, write the good ones. Owns that nothing typed is lost.

Rows stay in a ``StaffImport`` until they are in; good rows go in one transaction and a number of statements that does
not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.bulk import insert_rows
from madoguchi.kernel.errors import Conflict
from madoguchi.kernel.ids import uuid7

from ..import_plan import PersonPlan, Plan, make_plan
from ..models import Account, StaffImport, StaffPost
from ..rules import COLUMNS
from ..staff_file import MAX_CELL, Row, read_staff_file
from ..staff_imports import known_staff, own_import, rows_of
from .guards import demand_administration, lock_administration

KEEP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many people were registered and changed, and how many rows are still wrong."""

    new: int
    changed: int
    left: int


def open_import(content: bytes, *, actor: Actor, at: datetime) -> StaffImport:
    """Read a file and keep its rows, changing nothing else. Needs ``admin.staff``. Raises NotAllowed, InvalidInput.

    Uploads older than seven days are forgotten.
    """
    demand_administration(actor)
    read = read_staff_file(content)
    with transaction.atomic():
        StaffImport.objects.filter(created_at__lt=at - KEEP).delete()
        held = StaffImport.objects.create(
            id=uuid7(), account_id=int(actor.id), created_at=at, rows=_stored(read.rows), ignored=read.ignored
        )
        _record(actor, "identity.import_opened", held, at, {"rows": len(read.rows)})
    return held


def correct_rows(
    import_id: UUID,
    *,
    typed: Mapping[int, Mapping[str, str]],
    dropped: Collection[int],
    actor: Actor,
    at: datetime,
) -> StaffImport:
    """Keep what was typed anew for some rows, by their number, and leave out the dropped ones.

    Raises NotAllowed, and NotFound for an import of somebody else.
    """
    demand_administration(actor)
    with transaction.atomic():
        held = own_import(import_id, actor=actor, lock=True)
        rows = []
        for row in rows_of(held):
            if row.number in dropped:
                continue
            anew = typed.get(row.number)
            values = {key: anew.get(key, "").strip()[:MAX_CELL] for key in COLUMNS} if anew else row.values
            rows.append(Row(row.number, values))
        held.rows = _stored(rows)
        held.save(update_fields=["rows"])
        payload = {"corrected": len(typed), "dropped": len(dropped)}
        _record(actor, "identity.import_corrected", held, at, payload)
    return held


def apply_import(import_id: UUID, *, actor: Actor, at: datetime) -> Outcome:
    """Write the good rows in one transaction and keep the wrong ones for correction.

    New people can sign in once they are invited. Nothing is taken away from anybody; a post with the same department,
    role and first day gets the last day of the row. A second call changes nothing. Raises NotAllowed, NotFound, or
    Conflict when somebody wrote the same people at the same moment.
    """
    demand_administration(actor)
    with transaction.atomic():
        roles = lock_administration()
        held = own_import(import_id, actor=actor, lock=True)
        plan = make_plan(rows_of(held), known_staff(actor=actor, roles=roles, day=at.date(), lock=True))
        try:
            with transaction.atomic():
                accounts = _write_accounts(plan, at)
                _write_posts(plan, accounts)
        except IntegrityError as error:
            raise Conflict(
                "ほかの人が同じ職員を同時に登録しました。", code="identity.import_race", mend="もう一度押してください。"
            ) from error
        outcome = Outcome(len(plan.new), len(plan.changed), len(plan.wrong))
        held.rows = _stored(wrong.row for wrong in plan.wrong)
        held.save(update_fields=["rows"])
        payload = {
            "new": sorted(accounts[person.row.login] for person in plan.new),
            "changed": sorted(accounts[person.row.login] for person in plan.changed),
            "left": outcome.left,
        }
        if not held.rows:
            StaffImport.objects.filter(pk=held.pk).delete()
        _record(actor, "identity.import_applied", held, at, payload)
    return outcome


def discard_import(import_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Throw away the rows that are not in. Raises NotAllowed, NotFound."""
    demand_administration(actor)
    with transaction.atomic():
        held = own_import(import_id, actor=actor, lock=True)
        StaffImport.objects.filter(pk=held.pk).delete()
        _record(actor, "identity.import_discarded", held, at, {"rows": len(held.rows)})


def record_download(import_id: UUID, *, rows: int, actor: Actor, at: datetime) -> None:
    """Note that the wrong rows were taken out as a file. Raises NotAllowed, NotFound."""
    demand_administration(actor)
    held = own_import(import_id, actor=actor)
    _record(actor, "identity.import_downloaded", held, at, {"rows": rows, "purpose": "correction"})


def _write_accounts(plan: Plan, at: datetime) -> dict[str, int]:
    """Insert new accounts and change names and addresses; return the ids by login."""
    made = [_account(person, at) for person in plan.new]
    insert_rows(made)
    renamed = [_account(person, at) for person in plan.changed if person.renamed]
    if renamed:
        Account.objects.bulk_create(
            renamed, update_conflicts=True, unique_fields=["id"], update_fields=["name", "email"]
        )
    ids = {person.row.login: person.held.id for person in plan.people if person.held}
    return ids | {account.login: account.pk for account in made}


def _account(person: PersonPlan, at: datetime) -> Account:
    row = person.row
    account = Account(kind=Account.Kind.STAFF, login=row.login, name=row.name, email=row.email, created_at=at)
    account.set_unusable_password()
    if person.held:
        account.pk = person.held.id
    return account


def _write_posts(plan: Plan, accounts: Mapping[str, int]) -> None:
    posts = [
        StaffPost(
            account_id=accounts[person.row.login],
            department_id=department,
            role_id=role,
            valid_from=first,
            valid_to=last,
        )
        for person in plan.people
        for (department, role, first), last in person.new_posts.items()
    ]
    StaffPost.objects.bulk_create(
        posts,
        update_conflicts=True,
        unique_fields=["account", "role", "department", "valid_from"],
        update_fields=["valid_to", "from_folder"],
    )


def _stored(rows: Iterable[Row]) -> list[list[object]]:
    return [[row.number, row.values] for row in rows]


def _record(actor: Actor, action: str, held: StaffImport, at: datetime, payload: Mapping[str, object]) -> None:
    audit.record(actor=actor, action=action, subject=f"staff_import:{held.pk}", payload=payload, at=at)
