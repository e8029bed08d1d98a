"""Menu entries of the payments engine on the staff's side."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav


def register() -> None:
    """Register the entries."""
    staff = frozenset({"staff"})
    for order, (key, words, permission) in enumerate(
        (
            ("ledger", "収納", "payments.view"),
            ("refunds", "還付", "payments.view"),
            ("settlements", "消込", "payments.settle"),
        )
    ):
        register_nav(
            NavItem(
                f"payments.{key}",
                "staff",
                words,
                f"payments:{key}",
                permission=permission,
                kinds=staff,
                icon="list",
                order=40 + order,
            )
        )
