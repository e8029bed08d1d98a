"""Menu entries of the desk."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav

_STAFF = frozenset({"staff"})


def register() -> None:
    """Register the entries."""
    register_nav(
        NavItem(
            "desk.queue", "staff", "案件", "desk:queue", permission="desk.view", kinds=_STAFF, icon="inbox", order=10
        )
    )
    register_nav(
        NavItem(
            "desk.search",
            "staff",
            "案件を探す",
            "desk:search",
            permission="desk.view",
            kinds=_STAFF,
            icon="search",
            order=11,
        )
    )
    register_nav(
        NavItem(
            "desk.deliveries",
            "staff",
            "交付文書の発送",
            "desk:deliveries",
            permission="issuing.issue",
            kinds=_STAFF,
            icon="document",
            order=12,
        )
    )
    register_nav(
        NavItem(
            "desk.inbox",
            "staff",
            "自分へのお知らせ",
            "desk:inbox",
            permission="desk.view",
            kinds=_STAFF,
            icon="bell",
            order=13,
        )
    )
    register_nav(
        NavItem(
            "desk.workflows",
            "staff",
            "業務の流れ",
            "desk:workflows",
            permission="desk.view",
            kinds=_STAFF,
            icon="list",
            order=13,
        )
    )
