"""Connects the engine to the kernel at start-up. Owns no logic of its own."""

from __future__ import annotations


def connect() -> None:
    """Register the folder section, the check and the delivery job. Called once from ``AppConfig.ready``."""
    from . import doctor, folder, jobs  # noqa: F401 - importing the jobs registers them

    folder.register()
    doctor.register()
