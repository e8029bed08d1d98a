"""Connects the engine to the kernel at start-up. Owns no logic of its own."""

from __future__ import annotations


def connect() -> None:
    """Set the actor provider, connect receivers, register sections, menus, checks and the maker of sign-in links.

    Called once from ``AppConfig.ready``.
    """
    from madoguchi.engines.notices import api as notices
    from madoguchi.kernel.access import set_actor_provider

    from . import delegation_kinds, doctor, folder, menus, receivers, retention, signatures
    from .current import current_actor
    from .outside import section
    from .services import links

    set_actor_provider(current_actor)
    receivers.connect()
    folder.register()
    retention.register()
    section.register()
    signatures.register()
    delegation_kinds.register()
    menus.register()
    doctor.register()
    notices.late_values.register(links.LATE_VALUE, links.late_link)
