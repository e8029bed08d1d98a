"""Connects the engine to the kernel at start-up. Owns no logic of its own."""

from __future__ import annotations


def connect() -> None:
    """Set the actor provider and connect the signal receivers. Called once from ``AppConfig.ready``."""
    from madoguchi.kernel.access import set_actor_provider

    from . import receivers
    from .current import current_actor

    set_actor_provider(current_actor)
    receivers.connect()
