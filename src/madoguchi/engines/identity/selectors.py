"""Reads of identity: who somebody is today. Every question about rights ends here; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Q, QuerySet

from madoguchi.kernel.access import Actor, Proof

from .models import Account, Department, Elevation, ResidentProfile, Role, ShownProof, SignInMethod, StaffPost
from .rules import Office

ADMINISTRATION = "admin.staff"

_POSTS = """
SELECT r.id, r.permissions, r.elevated_permissions, array_agg(s.id)
  FROM identity_staffpost p
  JOIN identity_role r ON r.id = p.role_id
  JOIN identity_department d ON d.id = p.department_id
  LEFT JOIN identity_department s ON NOT s.closed AND (r.whole_office OR starts_with(s.path, d.path))
 WHERE p.account_id = %(account)s
   AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s)
 GROUP BY p.id, r.id, r.permissions, r.elevated_permissions
"""


def actor_for(account: Account, at: datetime, *, elevated: bool = False, proof: Proof | None = None) -> Actor:
    """Return the actor an account is at a moment, from the posts valid on that day. One SQL statement for staff, none
    for residents.

    A post in a bureau covers its sections. Rights of several posts add up. ``elevated`` adds the rights that
    roles grant during an elevation; whether one is in force is the caller's question (``elevation_in_force``). *proof*
    is how a resident showed who they are in this session.
    """
    if account.kind != Account.Kind.STAFF:
        return Actor(kind="resident", id=str(account.pk), name=account.name, proof=proof)
    roles: set[str] = set()
    sections: set[str] = set()
    permissions: set[str] = set()
    for role, granted, raised, covered in _posts(account.pk, at.date()):
        roles.add(role)
        sections.update(section for section in covered if section)
        permissions.update(granted)
        permissions.update(raised if elevated else ())
    return Actor(
        kind="staff",
        id=str(account.pk),
        name=account.get_full_name(),
        roles=frozenset(roles),
        sections=frozenset(sections),
        permissions=frozenset(permissions),
    )


def _posts(account_id: int, day: date) -> list[tuple[str, list[str], list[str], list[str | None]]]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"account": account_id, "day": day})
        rows = cursor.fetchall()
    return [(role, _items(granted), _items(raised), covered) for role, granted, raised, covered in rows]


def _items(value: Any) -> list[str]:
    """Return a JSON column read through a bare cursor as a list (Django hands it over as text)."""
    return json.loads(value) if isinstance(value, str) else list(value)


def elevation_in_force(account_id: int, elevation_id: int, at: datetime) -> Elevation | None:
    """Return this elevation when it belongs to the account and neither ended nor ran out by ``at``.

    One SQL statement.
    """
    return Elevation.objects.filter(
        pk=elevation_id, account_id=account_id, ended_at__isnull=True, started_at__lte=at, ends_at__gt=at
    ).first()


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as colleagues see one: to assign work to and to name on a page."""

    ref: str
    name: str
    section: str
    section_name: str


def staff_of_sections(sections: frozenset[str] | set[str], *, at: datetime) -> list[Colleague]:
    """Return the active staff who hold a post in one of the sections on that day, by section and name.

    One statement.
    """
    day = at.date()
    posts = (
        StaffPost.objects.filter(department_id__in=sections, valid_from__lte=day, account__is_active=True)
        .exclude(valid_to__lt=day)
        .select_related("account", "department")
        .order_by("department__sort", "account__login")
    )
    seen: dict[tuple[int, str], Colleague] = {}
    for post in posts:
        seen.setdefault(
            (post.account_id, post.department_id),
            Colleague(post.account.ref, post.account.get_full_name(), post.department_id, post.department.name),
        )
    return list(seen.values())


@dataclass(frozen=True, slots=True)
class StaffAddress:
    """Where a member of staff is told something: the account (its feed) and the mail address, which may be empty."""

    account_id: int
    name: str
    email: str


def staff_addresses(refs: Collection[str]) -> dict[str, StaffAddress]:
    """Return the addresses of active staff by reference such as ``staff:12``; others are left out. One statement."""
    ids = {int(ref.partition(":")[2]): ref for ref in refs if ref.startswith("staff:") and ref[6:].isdigit()}
    if not ids:
        return {}
    rows = Account.objects.filter(pk__in=ids, kind=Account.Kind.STAFF, is_active=True).only("name", "login", "email")
    return {ids[row.pk]: StaffAddress(row.pk, row.get_full_name(), row.email) for row in rows}


def staff_in_roles(roles: Collection[str], *, at: datetime) -> dict[str, list[str]]:
    """Return the references of active staff who hold one of the roles on that day, by the department of the post.

    One statement.
    """
    day = at.date()
    posts = StaffPost.objects.filter(role_id__in=roles, valid_from__lte=day, account__is_active=True)
    found: dict[str, list[str]] = {}
    for post in posts.exclude(valid_to__lt=day).order_by("department_id", "account_id"):
        found.setdefault(post.department_id, []).append(f"staff:{post.account_id}")
    return found


def resident_email(account_id: int) -> str:
    """Return the mail address of a resident's account, '' when there is none. One statement."""
    rows = Account.objects.filter(pk=account_id, kind=Account.Kind.RESIDENT)
    return rows.values_list("email", flat=True).first() or ""


def names_of(refs: set[str]) -> dict[str, str]:
    """Return the display names for references such as ``staff:12``; unknown references are left out. One statement."""
    ids = {int(ref.partition(":")[2]): ref for ref in refs if ref.startswith("staff:") and ref[6:].isdigit()}
    if not ids:
        return {}
    accounts = Account.objects.filter(pk__in=ids, kind=Account.Kind.STAFF).only("name", "login")
    return {ids[account.pk]: account.get_full_name() for account in accounts}


def departments(*, closed: bool = False) -> list[Department]:
    """Return all departments in the order of the ward folder; those the folder no longer names only when asked for."""
    rows = Department.objects.select_related("parent")
    return list(rows if closed else rows.filter(closed=False))


def office_today() -> Office:
    """Return what may be given to staff now: departments that are not closed, roles that grant something.

    Two statements.
    """
    rows = Department.objects.filter(closed=False).values_list("id", "name")
    return Office(dict(rows), dict(Role.objects.exclude(permissions=[]).values_list("id", "title")))


def administrators(roles: QuerySet[Role]) -> QuerySet[Role]:
    """Narrow roles to those whose holders may look after staff, for good or during an elevation."""
    return roles.filter(Q(permissions__contains=[ADMINISTRATION]) | Q(elevated_permissions__contains=[ADMINISTRATION]))


def administrator_roles() -> frozenset[str]:
    """Return the ids of the roles whose holders may look after staff. One statement."""
    return frozenset(administrators(Role.objects.all()).values_list("pk", flat=True))


def staff_without_second_factor() -> int:
    """Return how many active staff with a usable password have neither authenticator app nor passkey. One statement."""
    return (
        Account.objects.filter(kind=Account.Kind.STAFF, is_active=True)
        .exclude(password="")
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(authenticator__type__in=["totp", "webauthn"])
        .count()
    )


def methods_of(account_id: int) -> list[SignInMethod]:
    """Return the sign-in methods linked to a resident's account, oldest first. One statement."""
    return list(SignInMethod.objects.filter(account_id=account_id))


def profile_of(account_id: int) -> ResidentProfile | None:
    """Return the details a resident keeps for filling forms. One statement."""
    return ResidentProfile.objects.filter(account_id=account_id).first()


def proofs_of(subject: str) -> list[ShownProof]:
    """Return what was proven for something that was handed in, oldest first. One statement."""
    return list(ShownProof.objects.filter(subject=subject))
