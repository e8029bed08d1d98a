"""Fixtures that load a municipality folder once per session, each into its own copy of the test database.

A module asks for ``suginami`` or ``sample_town`` by ``pytest.mark.usefixtures``; its tests then run, each in its own
rolled-back transaction, on a database in which that folder is loaded. Other modules never see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

FOLDERS = Path(__file__).resolve().parent.parent.parent / "municipalities"
LOADED_AT = "2026-11-02T08:00:00+09:00"


class FolderDatabases:
    """Copies of the test database by folder name; *purpose* keeps the copies of two users apart."""

    def __init__(self, blocker: Any, *, purpose: str = "") -> None:
        self._blocker = blocker
        self._purpose = purpose
        self._names: dict[str, str] = {}

    @contextmanager
    def loaded(self, folder: str) -> Iterator[Path]:
        """Use the copy in which *folder* is loaded; the first caller makes it."""
        from django.db import connection

        source = connection.settings_dict["NAME"]
        with self._blocker.unblock():
            name = self._names.get(folder) or self._make(folder, source)
            self._use(name)
        try:
            yield FOLDERS / folder
        finally:
            self._use(source)

    @contextmanager
    def own_copy(self, folder: str, suffix: str) -> Iterator[str]:
        """Use a copy of *folder*'s database that nobody else sees and that real processes may write to; give its name."""
        from django.db import connection

        with self.loaded(folder):
            source = connection.settings_dict["NAME"]
            name = f"{source}_{suffix}"
            with self._blocker.unblock():
                self._maintain(
                    f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{source}"'
                )
                self._use(name)
            try:
                yield name
            finally:
                with self._blocker.unblock():
                    self._use(source)
                    self._maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _make(self, folder: str, source: str) -> str:
        from madoguchi.kernel.access import SYSTEM
        from madoguchi.kernel.municipality import load_folder

        name = f"{source}_{self._purpose}{folder.replace('-', '_')}"
        self._maintain(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        self._use(name)
        load_folder(FOLDERS / folder, actor=SYSTEM, at=datetime.fromisoformat(LOADED_AT))
        self._use(source)
        self._names[folder] = name
        return name

    def _use(self, name: str) -> None:
        from django.db import connection

        from madoguchi.engines.casework.api import forget_current
        from madoguchi.kernel import municipality

        connection.close()
        connection.settings_dict["NAME"] = name
        municipality.reset()
        forget_current()

    def _maintain(self, *statements: str) -> None:
        from django.db import connection

        connection.close()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def drop(self) -> None:
        """Drop every copy."""
        with self._blocker.unblock():
            self._maintain(*(f'DROP DATABASE IF EXISTS "{name}"' for name in self._names.values()))


@pytest.fixture(scope="session")
def folder_databases(django_db_setup: None, django_db_blocker: Any) -> Iterator[FolderDatabases]:
    """Hold the copies of this session."""
    databases = FolderDatabases(django_db_blocker)
    yield databases
    databases.drop()


@pytest.fixture(scope="module")
def suginami(folder_databases: FolderDatabases) -> Iterator[Path]:
    """Run the module on Suginami's folder."""
    with folder_databases.loaded("suginami") as root:
        yield root


@pytest.fixture(scope="module")
def sample_town(folder_databases: FolderDatabases) -> Iterator[Path]:
    """Run the module on the tiny town's folder."""
    with folder_databases.loaded("sample-town") as root:
        yield root
