"""Menu entries of the engine: sign-in and sign-out of residents, account and elevation of staff."""

from __future__ import annotations

from madoguchi.kernel.ui.navigation import NavItem, register_nav

_RESIDENT, _STAFF, _GUEST = frozenset({"resident"}), frozenset({"staff"}), frozenset({"guest"})


def register() -> None:
    """Register the entries."""
    register_nav(
        NavItem(
            "identity.signin",
            "portal_account",
            "identity.signin",
            "identity:signin",
            kinds=_GUEST,
            icon="user",
            order=90,
        )
    )
    register_nav(
        NavItem(
            "identity.signout",
            "portal_account",
            "identity.signout",
            "identity:signout",
            kinds=_RESIDENT | _STAFF,
            icon="logout",
            order=99,
            method="post",
        )
    )
    register_nav(
        NavItem(
            "identity.people",
            "staff",
            "職員",
            "identity:people",
            permission="admin.staff",
            kinds=_STAFF,
            icon="user",
            order=70,
        )
    )
    register_nav(
        NavItem(
            "identity.elevation",
            "staff_account",
            "権限の昇格",
            "identity:elevation",
            permission="admin.elevate",
            kinds=_STAFF,
            icon="lock",
            order=80,
        )
    )
    register_nav(
        NavItem("identity.account", "staff_account", "アカウント", "mfa_index", kinds=_STAFF, icon="user", order=90)
    )
    register_nav(
        NavItem(
            "identity.staff_signout",
            "staff_account",
            "サインアウト",
            "identity:signout",
            kinds=_STAFF,
            icon="logout",
            order=99,
            method="post",
        )
    )
