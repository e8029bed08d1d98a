"""The menus of the frame, filled by rooms at start-up so that the frame need not know any room.

Owns the areas and their order. May not judge access beyond hiding entries whose permission the actor lacks: the views
guard themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.urls import NoReverseMatch, reverse

from madoguchi.kernel.access import Actor
from madoguchi.kernel.registry import Registry

Area = Literal["portal", "portal_account", "portal_footer", "staff", "staff_account"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a menu.

    ``label`` is a key of ``texts`` (resident pages) or plain Japanese (staff pages); ``kinds`` limits the entry to
    kinds of actor (empty: everybody); ``method="post"`` draws a button that posts (sign-out).
    """

    key: str
    area: Area
    label: str
    url_name: str
    permission: str = ""
    kinds: frozenset[str] = frozenset()
    icon: str = ""
    order: int = 100
    method: Literal["get", "post"] = "get"


_items: Registry[NavItem] = Registry("メニュー")
_urls: dict[str, str] = {}


def register_nav(item: NavItem) -> None:
    """Add an entry to its area. Raises Conflict when the key is taken."""
    _items.register(item.key, item)


def nav_items(area: Area, actor: Actor | None) -> list[tuple[NavItem, str]]:
    """Return the entries of *area* that *actor* may see, each with its address, in order."""
    shown = []
    for item in sorted((one for one in _items.all() if one.area == area), key=lambda one: one.order):
        if item.permission and not (actor and actor.may(item.permission)):
            continue
        if item.kinds and (actor is None or actor.kind not in item.kinds):
            continue
        url = _url(item.url_name)
        if url:
            shown.append((item, url))
    return shown


def _url(name: str) -> str:
    """Return the address of a URL name, remembered; '' when no such page is installed."""
    if name not in _urls:
        try:
            _urls[name] = reverse(name)
        except NoReverseMatch:
            return ""
    return _urls[name]
