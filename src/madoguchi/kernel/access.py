"""Who acts, and which page they may enter.

Owns the Actor, the view decorators and the rule that a page without a decorator is closed. May not know how a
person signs in: the identity engine hands in a provider at start-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, Literal
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from madoguchi.kernel.errors import NotAllowed

View = Callable[..., Any]
ActorKind = Literal["staff", "resident", "guest", "system"]


@dataclass(frozen=True, slots=True)
class Proof:
    """How a person showed who they are in this session: levels of 身元確認 and 当人認証 (1 to 3), by whom and when.

    ``method`` is the row of the sign-in method (0: none was kept, as with a mailed link).
    """

    provider: str
    identity: int
    authentication: int
    at: datetime
    method: int = 0


@dataclass(frozen=True, slots=True)
class Mandate:
    """In whose name somebody acts. Every record of an act under it (audit, events of a case) says so by itself.

    ``ref`` is what allows it (``delegation:<id>``, ``entry:counter``), ``principal_ref`` the account acted for ('' for a
    person without one), ``capacity`` the words for it by language (親権者として); ``principal_name`` is for pages only.
    """

    ref: str
    capacity: Mapping[str, str]
    principal_ref: str = ""
    principal_name: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or the machine) who does something, with what they may do, how they showed who they are, and for whom they act."""

    kind: ActorKind
    id: str
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    sections: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    proof: Proof | None = None
    mandate: Mandate | None = None

    @property
    def ref(self) -> str:
        """Return the short reference that records keep, such as `staff:12`."""
        return f"{self.kind}:{self.id}"

    @property
    def is_staff(self) -> bool:
        """Tell whether the actor is a member of the office's staff."""
        return self.kind == "staff"

    def may(self, permission: str) -> bool:
        """Tell whether the actor holds `permission`; the system itself may do everything."""
        return self.kind == "system" or permission in self.permissions

    def demand(self, permission: str) -> None:
        """Raise NotAllowed unless the actor holds `permission`."""
        if not self.may(permission):
            raise NotAllowed(
                "この操作を行う権限がありません。",
                code="access.permission",
                mend="必要な場合は、所属の管理者に権限の付与を依頼してください。",
                permission=permission,
            )


SYSTEM = Actor(kind="system", id="madoguchi", name="システム")
NOBODY = Actor(kind="guest", id="anonymous")

ActorProvider = Callable[[HttpRequest], Actor]


def _nobody(request: HttpRequest) -> Actor:
    """Stand in until the identity engine has handed in its provider."""
    return NOBODY


_provider: ActorProvider = _nobody


def set_actor_provider(provider: ActorProvider) -> None:
    """Hand in the function that finds the actor of a request (called once, by the identity engine at start-up)."""
    global _provider
    _provider = provider


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of a request, looked up once per request."""
    found: Actor | None = getattr(request, "_actor", None)
    if found is None:
        found = _provider(request)
        request._actor = found  # type: ignore[attr-defined]
    return found


def act_under(request: HttpRequest, mandate: Mandate) -> None:
    """Let whoever makes this request act under a mandate from here on; whether they may is the caller's to know."""
    request._actor = replace(actor_of(request), mandate=mandate)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """How a view is guarded: `kind` public, resident or staff, with the permission or the reason."""

    kind: Literal["public", "resident", "staff"]
    permission: str = ""
    reason: str = ""


def public(*, reason: str) -> Callable[[View], View]:
    """Open a view to everybody; `reason` says why that is right."""

    def decorate(view: View) -> View:
        return _marked(view, AccessRule("public", reason=reason))

    return decorate


def resident_required(view: View) -> View:
    """Open a view to signed-in residents; others are led to the sign-in page."""
    return _guarded(view, AccessRule("resident"))


def staff_required(permission: str) -> Callable[[View], View]:
    """Open a view to staff who hold `permission` (an empty string asks for any member of staff)."""

    def decorate(view: View) -> View:
        return _guarded(view, AccessRule("staff", permission=permission))

    return decorate


def refusal(request: HttpRequest, rule: AccessRule) -> HttpResponseBase | None:
    """Return a redirect to the sign-in page, or None when the actor may enter.

    Raises NotAllowed when a member of staff lacks the permission.
    """
    actor = actor_of(request)
    if rule.kind == "public":
        return None
    if actor.kind != rule.kind:
        return HttpResponseRedirect(
            f"{resolve_url(_login_url(rule.kind))}?{urlencode({'next': request.get_full_path()})}"
        )
    if rule.permission:
        actor.demand(rule.permission)
    return None


def _login_url(kind: str) -> str:
    """Name the sign-in page for a kind of actor."""
    if kind == "staff":
        return str(getattr(settings, "STAFF_LOGIN_URL", settings.LOGIN_URL))
    return str(settings.LOGIN_URL)


def _marked(view: View, rule: AccessRule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def _guarded(view: View, rule: AccessRule) -> View:
    """Wrap a view, sync or async, so that the rule is judged before it runs."""
    if iscoroutinefunction(view):

        @wraps(view)
        async def guarded_async(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            refused = await sync_to_async(refusal)(request, rule)
            return refused if refused is not None else await view(request, *args, **kwargs)

        return _marked(guarded_async, rule)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refused = refusal(request, rule)
        return refused if refused is not None else view(request, *args, **kwargs)

    return _marked(guarded, rule)


class DefaultDenyMiddleware:
    """Refuse (403) every view without an access rule, so that a forgotten decorator closes a page and never opens one.

    Views of packages that guard themselves are named in the setting `SELF_GUARDED_MODULES` (module prefixes).
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self._prefixes = tuple(getattr(settings, "SELF_GUARDED_MODULES", ()))
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """Raise PermissionDenied when the view says nothing about who may enter."""
        if rule_of(view) is None and not view.__module__.startswith(self._prefixes or ("\0",)):
            raise PermissionDenied("この画面には入場の規則がありません。")


def rule_of(view: View) -> AccessRule | None:
    """Return the access rule of a view function or of a class-based view."""
    found: AccessRule | None = getattr(view, "access_rule", None)
    return found or getattr(getattr(view, "view_class", None), "access_rule", None)
