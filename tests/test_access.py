"""Every address of the house says who may enter: a view without an access rule fails here before it is refused (403) there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from madoguchi.kernel.access import AccessRule, rule_of

STAFF_ROOTS = ("staff/", "desk/")
"""Under these no page may be open to everybody, but for the steps of signing in."""
SIGN_IN_ROOTS = ("staff/signin/", "staff/account/welcome/")


def all_patterns() -> list[tuple[str, URLPattern]]:
    """Return every address of the house with its pattern."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        else:
            yield route, entry


def rules() -> dict[str, AccessRule | None]:
    """Return the access rule of every address."""
    return {route: rule_of(pattern.callback) for route, pattern in all_patterns()}


def test_every_view_says_who_may_enter() -> None:
    missing = [route for route, rule in rules().items() if rule is None]
    assert missing == []


def test_every_open_view_says_why() -> None:
    silent = [route for route, rule in rules().items() if rule and rule.kind == "public" and not rule.reason]
    assert silent == []


def test_no_page_of_the_staff_is_open_to_everybody() -> None:
    opened = [
        route
        for route, rule in rules().items()
        if rule
        and rule.kind != "staff"
        and route.startswith(STAFF_ROOTS)
        and not route.startswith(SIGN_IN_ROOTS)
        and "public" not in route
    ]
    assert opened == []


def test_the_list_is_not_empty() -> None:
    assert len(all_patterns()) > 40


@pytest.mark.django_db
def test_guests_are_led_to_the_right_door() -> None:
    """Every address without arguments that is not open leads a guest to the sign-in of its kind, by GET and by POST."""
    client = Client()
    for route, rule in rules().items():
        if rule is None or rule.kind == "public" or "<" in route or "(" in route:
            continue
        door = "/staff/signin/" if rule.kind == "staff" else "/signin/"
        answers = [client.get(f"/{route}"), client.post(f"/{route}")]
        led = [answer["Location"] for answer in answers if answer.status_code == 302]
        assert led, route
        assert all(place.startswith(f"{door}?next=") for place in led), route
        assert {answer.status_code for answer in answers} <= {302, 405}, route


@pytest.mark.django_db
def test_no_post_is_taken_without_the_csrf_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    for route in rules():
        if "<" not in route and "(" not in route and route != "healthz":
            assert strict.post(f"/{route}").status_code in {403, 404, 405}, route
