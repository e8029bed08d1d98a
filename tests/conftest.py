"""Session set-up: an embedded PostgreSQL for the tests unless DATABASE_URL names an outside one."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("MADOGUCHI_ENV", "test")
os.environ.setdefault("MADOGUCHI_VAR", str(ROOT / "var" / "test"))

from madoguchi.config.database import ensure_database_url  # noqa: E402

ensure_database_url(durable=False)
