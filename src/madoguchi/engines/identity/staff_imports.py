"""Reads for the pages that take over lists of staff. Only the uploader sees an upload; writes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotFound

from .import_plan import Held, Known, Plan, PostKey, make_plan
from .models import Account, StaffImport, StaffPost
from .selectors import administrator_roles, office_today
from .staff_file import Row


def own_import(import_id: UUID, *, actor: Actor, lock: bool = False) -> StaffImport:
    """Return an upload of the actor. Raises NotAllowed; NotFound also for somebody else's."""
    actor.demand("admin.staff")
    rows = StaffImport.objects.select_for_update() if lock else StaffImport.objects.all()
    found = rows.filter(pk=import_id, account_id=int(actor.id)).first() if actor.is_staff else None
    if found is None:
        raise NotFound(
            "この取り込みはありません。",
            code="identity.import_unknown",
            mend="すべて取り込まれたか、7日を過ぎて消えています。もう一度ファイルを選んでください。",
        )
    return found


def own_imports(*, actor: Actor) -> list[StaffImport]:
    """Return the actor's uploads that still have rows, newest first. One statement. Raises NotAllowed."""
    actor.demand("admin.staff")
    return list(StaffImport.objects.filter(account_id=int(actor.id))) if actor.is_staff else []


def rows_of(held: StaffImport) -> list[Row]:
    """Return the rows of an upload as they were typed."""
    return [Row(int(number), dict(values)) for number, values in held.rows]


def plan_of(held: StaffImport, *, actor: Actor, day: date) -> Plan:
    """Return what the upload would change now. Raises NotAllowed."""
    actor.demand("admin.staff")
    return make_plan(rows_of(held), known_staff(actor=actor, roles=administrator_roles(), day=day))


def known_staff(*, actor: Actor, roles: Collection[str], day: date, lock: bool = False) -> Known:
    """Return all that is stored about staff and must be fitted. Four statements, however many people there are."""
    accounts = Account.objects.filter(kind=Account.Kind.STAFF).order_by("pk")
    if lock:
        accounts = accounts.select_for_update()
    people: dict[str, Held] = {}
    owners: dict[str, str] = {}
    logins: dict[int, str] = {}
    for key, login, name, email, active, folder in accounts.values_list(
        "pk", "login", "name", "email", "is_active", "from_folder"
    ):
        people[login], logins[key] = Held(key, name, email, active, folder), login
        if email:
            owners[email.casefold()] = login
    administration: dict[tuple[str, PostKey], date | None] = {}
    posts = StaffPost.objects.values_list("account_id", "department_id", "role_id", "valid_from", "valid_to")
    for account_id, department, role, first, last in posts.filter(account__kind=Account.Kind.STAFF):
        holder, post = logins.get(account_id, ""), (department, role, first)
        if not holder:
            continue
        people[holder].posts[post] = last
        if role in roles and people[holder].is_active:
            administration[holder, post] = last
    return Known(
        office=office_today(),
        people=people,
        mail_owners=owners,
        own_login=logins.get(int(actor.id), "") if actor.is_staff else "",
        administrator_roles=frozenset(roles),
        administration=administration,
        day=day,
    )
