"""Menu entries of the catalogue: the forms, in the staff's menu."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav


def register() -> None:
    """Register the entries."""
    register_nav(
        NavItem(
            "catalogue.forms",
            "staff",
            "様式",
            "catalogue:forms",
            permission="catalogue.view",
            kinds=frozenset({"staff"}),
            icon="document",
            order=25,
        )
    )
