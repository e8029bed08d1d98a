"""Writes departments, roles and staff of a ward folder into their tables. Owns the order and what becomes of
what is gone.

Runs inside the loader's transaction. Never touches a password or a second factor, nor accounts that did not come from a
folder; a member of staff whom the folder no longer names is switched off, never deleted (records name them), and comes
back when it names them again. Who was switched off by an administrator stays so, whatever the folder says, and so do the
posts that an administrator gave or ended.
"""

from __future__ import annotations

from datetime import datetime
from graphlib import TopologicalSorter

from madoguchi.kernel.folder import Folder

from .managers import fold_login
from .models import Account, Department, Role, StaffPost
from .schema import DepartmentDefinition, StaffDefinition


def load_departments(folder: Folder, at: datetime) -> None:
    """Write the departments, parents first; those no longer named are closed."""
    rows = [row for entry in folder.of("departments") for row in entry.value.departments]
    by_id = {row.id: row for row in rows}
    sorts = {row.id: number for number, row in enumerate(rows)}
    paths: dict[str, str] = {}
    order = TopologicalSorter({row.id: [row.parent] if row.parent else [] for row in rows}).static_order()
    for department_id in order:
        row = by_id[department_id]
        paths[row.id] = f"{paths[row.parent] if row.parent else '/'}{row.id}/"
        Department.objects.update_or_create(
            id=row.id, defaults=_department(row, path=paths[row.id], sort=sorts[row.id])
        )
    Department.objects.exclude(id__in=by_id).update(closed=True)


def load_roles(folder: Folder, at: datetime) -> None:
    """Write the roles; one no longer named keeps its row for the records but grants nothing."""
    rows = [row for entry in folder.of("roles") for row in entry.value.roles]
    for row in rows:
        Role.objects.update_or_create(
            id=row.id,
            defaults={
                "title": row.title,
                "permissions": list(row.permissions),
                "elevated_permissions": list(row.elevated_permissions),
                "whole_office": row.whole_office,
            },
        )
    gone = Role.objects.exclude(id__in=[row.id for row in rows])
    gone.update(permissions=[], elevated_permissions=[], whole_office=False)


def load_staff(folder: Folder, at: datetime) -> None:
    """Write the accounts and posts of staff. The folder's posts replace the folder's earlier ones;
    posts that an administrator gave or ended stay. New accounts cannot sign in yet.
    """
    people = [row for entry in folder.of("staff") for row in entry.value.staff]
    logins = [fold_login(person.login) for person in people]
    gone = Account.objects.filter(from_folder=True).exclude(login__in=logins)
    gone.filter(is_active=True).update(is_active=False, left_folder=True)
    gone.update(email="")
    StaffPost.objects.filter(from_folder=True).delete()
    posts: list[StaffPost] = []
    for person in people:
        account = _account(person)
        posts += [
            StaffPost(
                account=account,
                role_id=post.role,
                department_id=post.department,
                valid_from=post.valid_from,
                valid_to=post.valid_to,
                from_folder=True,
            )
            for post in person.posts
        ]
    StaffPost.objects.bulk_create(posts, ignore_conflicts=True)  # an administrator's row of the same post wins


def _account(person: StaffDefinition) -> Account:
    account = Account.objects.filter(login=fold_login(person.login)).first()
    if account is None:
        account = Account(kind=Account.Kind.STAFF, login=fold_login(person.login), from_folder=True)
        account.set_unusable_password()
    account.name, account.email = person.name, person.email or ""
    account.is_demo = person.demo
    if account.left_folder:
        account.is_active, account.left_folder = True, False
    account.save()
    return account


def _department(row: DepartmentDefinition, *, path: str, sort: int) -> dict[str, object]:
    return {
        "name": row.name,
        "name_en": row.en,
        "kind": row.kind,
        "parent_id": row.parent,
        "path": path,
        "phone": row.phone or "",
        "email": row.email or "",
        "location": row.location,
        "source": row.source,
        "parent_source": row.parent_source,
        "sort": sort,
        "closed": False,
    }
