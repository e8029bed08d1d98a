"""Menu entries of the room: in the staff's menu and in the footer of the portal."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav


def register() -> None:
    """Register the entries."""
    register_nav(
        NavItem(
            "indicators.staff",
            "staff",
            "指標",
            "indicators:staff_overview",
            permission="indicators.view",
            kinds=frozenset({"staff"}),
            icon="chart",
            order=30,
        )
    )
    register_nav(NavItem("indicators.public", "portal_footer", "portal.nav.indicators", "indicators:overview", order=6))
