"""Session set-up: an embedded PostgreSQL for the tests unless DATABASE_URL names an outside one."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Named here and not in pyproject.toml: the settings must not be read before the database has its address.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
os.environ.setdefault("MADOGUCHI_ENV", "test")
os.environ.setdefault("MADOGUCHI_VAR", str(ROOT / "var" / "test"))

from madoguchi.config.database import ensure_database_url  # noqa: E402

ensure_database_url(durable=False)

import django  # noqa: E402
from hypothesis import settings  # noqa: E402

django.setup()

# The same examples on every run, so that a red run means the change at hand; fresh ones with HYPOTHESIS_PROFILE=search.
settings.register_profile("steady", derandomize=True)
settings.register_profile("search", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

from tests.support.folders import folder_databases, sample_town, suginami  # noqa: E402, F401
