"""Connects the portal at start-up: its menus and the letters that follow a step of a case."""

from __future__ import annotations

from madoguchi.engines.casework.api import CaseHappening, on_transition
from madoguchi.kernel.ui.navigation import NavItem, register_nav
from madoguchi.rooms.portal import counter

_RESIDENT, _STAFF = frozenset({"resident"}), frozenset({"staff"})


def _tell(happening: CaseHappening) -> None:
    from madoguchi.rooms.portal.services import tell_of_happening

    tell_of_happening(happening)


def _charge(happening: CaseHappening) -> None:
    from madoguchi.rooms.portal.services import charge_after_review

    charge_after_review(happening)


def connect() -> None:
    """Register menus, listener and jobs."""
    from . import jobs  # noqa: F401 - importing the jobs registers them

    for order, (key, url_name, icon) in enumerate(
        (
            ("home", "portal:home", "home"),
            ("procedures", "portal:procedures", "search"),
            ("departments", "portal:departments", "list"),
            ("resume", "portal:resume", "edit"),
            ("status", "portal:find_status", "check"),
        )
    ):
        register_nav(NavItem(f"portal.{key}", "portal", f"portal.nav.{key}", url_name, icon=icon, order=order))
    register_nav(
        NavItem(
            "portal.mypage",
            "portal_account",
            "portal.nav.mypage",
            "portal:mypage",
            kinds=_RESIDENT,
            icon="user",
            order=10,
        )
    )
    register_nav(NavItem("portal.services", "portal_footer", "portal.nav.services", "portal:services", order=5))
    for order, slug in enumerate(("about", "help", "accessibility", "privacy")):
        register_nav(
            NavItem(f"portal.{slug}", "portal_footer", f"portal.nav.{slug}", f"portal:page_{slug}", order=10 + order)
        )
    register_nav(
        NavItem("portal.internal", "staff", "庁内手続", "portal:internal", kinds=_STAFF, icon="edit", order=20)
    )
    counter.register()
    register_nav(
        NavItem(
            "portal.clerk",
            "staff",
            "聞き取り入力",
            "portal:clerk",
            permission="portal.entry",
            kinds=_STAFF,
            icon="edit",
            order=22,
        )
    )
    register_nav(
        NavItem(
            "portal.reviews",
            "staff",
            "代理の確認",
            "portal:reviews",
            permission="delegations.review",
            kinds=_STAFF,
            icon="check",
            order=24,
        )
    )
    on_transition.register("portal.letters", _tell)
    on_transition.register("portal.charges", _charge)
