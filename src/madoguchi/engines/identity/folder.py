"""The sections ``departments``, ``roles`` and ``staff`` of the ward folder: what must fit together.

Writing is ``loading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from madoguchi.kernel.folder import Entry, Fault, Folder, Section, register_section

from . import loading
from .schema import DepartmentsFile, RolesFile, StaffFile


def check_departments(folder: Folder) -> Iterator[Fault]:
    """Yield faults: ids twice, parents that are unknown or run in a circle."""
    for entry in folder.of("departments"):
        rows = entry.value.departments
        yield from _twice(entry, "departments", [row.id for row in rows])
        parents = {row.id: row.parent for row in rows}
        for index, row in enumerate(rows):
            if row.parent and row.parent not in parents:
                yield entry.fault(
                    ("departments", index, "parent"), f"「{row.parent}」という組織はありません", "id を確かめてください"
                )
            elif _in_circle(row.id, parents):
                yield entry.fault(
                    ("departments", index, "parent"), "上の組織をたどると輪になります", "parent を直してください"
                )


def check_roles(folder: Folder) -> Iterator[Fault]:
    """Yield faults: ids twice."""
    for entry in folder.of("roles"):
        yield from _twice(entry, "roles", [row.id for row in entry.value.roles])


def check_staff(folder: Folder) -> Iterator[Fault]:
    """Yield faults: logins twice, posts in unknown roles or departments, real addresses in a sample."""
    departments = {row.id for entry in folder.of("departments") for row in entry.value.departments}
    roles = {row.id for entry in folder.of("roles") for row in entry.value.roles}
    for entry in folder.of("staff"):
        yield from _twice(entry, "staff", [row.login for row in entry.value.staff])
        yield from _twice(entry, "staff", [row.email for row in entry.value.staff if row.email])
        for index, person in enumerate(entry.value.staff):
            where = ("staff", index)
            for number, post in enumerate(person.posts):
                if post.role not in roles:
                    yield entry.fault(
                        (*where, "posts", number, "role"),
                        f"「{post.role}」という役割はありません",
                        "roles.yaml の id にしてください",
                    )
                if post.department not in departments:
                    yield entry.fault(
                        (*where, "posts", number, "department"),
                        f"「{post.department}」という組織はありません",
                        "departments.yaml の id にしてください",
                    )
            if entry.value.sample and person.email and not person.email.endswith("@example.jp"):
                yield entry.fault(
                    (*where, "email"), "見本の職員に実在しうるアドレスがあります", "@example.jp にしてください"
                )


def register() -> None:
    """Register the three sections; loading runs in their order."""
    register_section(
        Section(
            "departments",
            "departments.yaml",
            DepartmentsFile,
            required=True,
            order=20,
            check=check_departments,
            items=lambda value, _: ((row.id, row) for row in value.departments),
            load=loading.load_departments,
            counts=lambda folder: _count(folder, "departments", "departments"),
        )
    )
    register_section(
        Section(
            "roles",
            "roles.yaml",
            RolesFile,
            required=True,
            order=21,
            check=check_roles,
            items=lambda value, _: ((row.id, row) for row in value.roles),
            load=loading.load_roles,
            counts=lambda folder: _count(folder, "roles", "roles"),
        )
    )
    register_section(
        Section(
            "staff",
            "staff.yaml",
            StaffFile,
            order=22,
            check=check_staff,
            items=lambda value, _: ((row.login, row) for row in value.staff),
            load=loading.load_staff,
            counts=lambda folder: _count(folder, "staff", "staff"),
        )
    )


def _count(folder: Folder, section: str, attribute: str) -> Mapping[str, int]:
    return {section: sum(len(getattr(entry.value, attribute)) for entry in folder.of(section))}


def _twice(entry: Entry, part: str, keys: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            yield entry.fault((part, index), f"「{key}」が二度あります", "一つにしてください")
        seen.add(key)


def _in_circle(start: str, parents: Mapping[str, Any]) -> bool:
    seen, here = {start}, parents.get(start)
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = parents.get(here)
    return False
