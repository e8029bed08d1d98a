"""Menu entries of the records engine."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav


def register() -> None:
    """Register the entries."""
    register_nav(
        NavItem(
            "records.plan", "staff", "保存と廃棄", "records:plan", permission="records.view", kinds=frozenset({"staff"}),
            icon="document", order=60,
        )
    )  # fmt: skip
    register_nav(
        NavItem(
            "records.mine", "portal_account", "records.nav", "records:mine", kinds=frozenset({"resident"}), icon="document",
            order=20,
        )
    )  # fmt: skip
