"""Reads for the pages about staff: the list with its filters, and one person. Needs ``admin.staff``; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotFound

from .managers import fold_login
from .models import Account, StaffPost

PAGE = 50
STATES = {"invited": "招待中", "active": "有効", "off": "停止"}
_CHIPS = {"invited": "waiting", "active": "done", "off": "neutral"}
_INVITED = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """What the list is asked for; empty texts ask for everybody."""

    q: str = ""
    section: str = ""
    role: str = ""
    state: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as administrators see one."""

    account: Account
    posts: list[StaffPost]
    state: str
    chip: str
    has_factor: bool


def list_people(query: PeopleQuery, *, actor: Actor, day: date) -> tuple[list[Person], str]:
    """Return a page of at most ``PAGE`` people by login, and the login to go on after ('' at the end).

    Two statements, however many people there are. Raises NotAllowed.
    """
    actor.demand("admin.staff")
    rows = _staff(day)
    if query.q:
        rows = rows.filter(Q(name__icontains=query.q) | Q(login__icontains=fold_login(query.q)))
    held = _valid(StaffPost.objects.filter(account=OuterRef("pk")), day)
    if query.section:
        held = held.filter(department_id=query.section)
    if query.role:
        held = held.filter(role_id=query.role)
    if query.section or query.role:
        rows = rows.filter(Exists(held))
    if query.state == "off":
        rows = rows.filter(is_active=False)
    elif query.state == "invited":
        rows = rows.filter(_INVITED, is_active=True)
    elif query.state == "active":
        rows = rows.filter(~_INVITED, is_active=True)
    if query.after:
        rows = rows.filter(login__gt=query.after)
    found = [_person(account) for account in rows.order_by("login")[: PAGE + 1]]
    return found[:PAGE], found[PAGE - 1].account.login if len(found) > PAGE else ""


def person_of(login: str, *, actor: Actor, day: date) -> Person:
    """Return one member of staff with the posts of the day. Two statements. Raises NotAllowed, NotFound."""
    actor.demand("admin.staff")
    account = _staff(day).filter(login=fold_login(login)).first()
    if account is None:
        raise NotFound("この職員は登録されていません。", code="identity.staff_unknown")
    return _person(account)


@dataclass(frozen=True, slots=True)
class PersonPost:
    """A post of a person, past, present or to come."""

    post: StaffPost
    state: str
    ended: bool


def posts_of(account: Account, *, actor: Actor, day: date) -> list[PersonPost]:
    """Return all posts of a member of staff, newest first. One statement. Raises NotAllowed."""
    actor.demand("admin.staff")
    rows = StaffPost.objects.filter(account=account).select_related("role", "department").order_by("-valid_from", "pk")
    return [_post(post, day) for post in rows]


def _post(post: StaffPost, day: date) -> PersonPost:
    ended = post.valid_to is not None and post.valid_to < day
    return PersonPost(post, "終了" if ended else "予定" if post.valid_from > day else "在任中", ended)


def _staff(day: date) -> QuerySet[Account]:
    posts = _valid(StaffPost.objects.select_related("role", "department"), day)
    factors = Authenticator.objects.filter(
        user=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    return (
        Account.objects.filter(kind=Account.Kind.STAFF)
        .annotate(has_factor=Exists(factors))
        .prefetch_related(Prefetch("posts", queryset=posts, to_attr="posts_today"))
    )


def _valid(posts: QuerySet[StaffPost], day: date) -> QuerySet[StaffPost]:
    return posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


def _person(account: Account) -> Person:
    state = "off" if not account.is_active else "active" if account.has_usable_password() else "invited"
    return Person(account, account.posts_today, STATES[state], _CHIPS[state], account.has_factor)  # type: ignore[attr-defined]
