"""Connects the engine to the kernel at start-up. Owns no logic of its own."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav


def connect() -> None:
    """Register the folder sections, the checks, the jobs, the confirmation code and the staff's page. Called once."""
    from . import doctor, folder, jobs, retention  # noqa: F401 - importing the jobs registers them
    from .contacts import code_of
    from .services import late_values

    folder.register()
    retention.register()
    doctor.register()
    late_values.register("notices.phone_code", code_of)
    register_nav(
        NavItem(
            "notices.letters", "staff", "文面", "notices:letters", kinds=frozenset({"staff"}), icon="mail", order=45
        )
    )
