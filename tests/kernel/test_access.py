"""Who may enter: closed unless a view says otherwise."""

from __future__ import annotations

import asyncio

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from madoguchi.kernel import access
from madoguchi.kernel.access import (
    SYSTEM,
    Actor,
    DefaultDenyMiddleware,
    actor_of,
    public,
    resident_required,
    staff_required,
)
from madoguchi.kernel.errors import NotAllowed

CLERK = Actor(kind="staff", id="12", permissions=frozenset({"desk.view"}))
RESIDENT = Actor(kind="resident", id="7")


@pytest.fixture
def enter(monkeypatch, settings):
    """Call a view as an actor."""
    settings.LOGIN_URL = "/signin/"
    settings.STAFF_LOGIN_URL = "/staff/signin/"

    def call(view, actor):
        monkeypatch.setattr(access, "_provider", lambda request: actor)
        return view(RequestFactory().get("/page/?a=1"))

    return call


def answer(request):
    return HttpResponse("ok")


def test_actor_reference_and_permissions():
    assert CLERK.ref == "staff:12"
    assert CLERK.may("desk.view")
    assert not CLERK.may("desk.decide")
    assert SYSTEM.may("anything")
    with pytest.raises(NotAllowed):
        CLERK.demand("desk.decide")


def test_a_public_view_lets_everybody_in(enter):
    view = public(reason="案内")(answer)
    assert view.access_rule.reason == "案内"
    assert enter(view, access.NOBODY).status_code == 200


def test_a_resident_view_leads_others_to_the_sign_in(enter):
    view = resident_required(answer)
    assert enter(view, RESIDENT).status_code == 200
    refused = enter(view, CLERK)
    assert refused.status_code == 302
    assert refused.url == "/signin/?next=%2Fpage%2F%3Fa%3D1"


def test_a_staff_view_asks_for_its_permission(enter):
    view = staff_required("desk.view")(answer)
    assert enter(view, CLERK).status_code == 200
    assert enter(view, RESIDENT).url.startswith("/staff/signin/")
    with pytest.raises(NotAllowed):
        enter(staff_required("desk.decide")(answer), CLERK)


def test_async_views_are_guarded_too(enter):
    @resident_required
    async def later(request):
        return HttpResponse("ok")

    def run(actor):
        return asyncio.run(enter(later, actor))

    assert run(RESIDENT).status_code == 200
    assert run(access.NOBODY).status_code == 302


def test_the_actor_is_looked_up_once(monkeypatch):
    calls = []
    monkeypatch.setattr(access, "_provider", lambda request: calls.append(1) or CLERK)
    request = RequestFactory().get("/")
    assert actor_of(request) is actor_of(request)
    assert len(calls) == 1


def test_a_view_without_a_rule_is_closed(settings):
    settings.SELF_GUARDED_MODULES = ["somebody.else"]
    middleware = DefaultDenyMiddleware(answer)
    request = RequestFactory().get("/")

    def forgotten(request):
        return HttpResponse()

    def foreign(request):
        return HttpResponse()

    foreign.__module__ = "somebody.else.views"
    with pytest.raises(PermissionDenied):
        middleware.process_view(request, forgotten, (), {})
    assert middleware.process_view(request, public(reason="x")(lambda request: None), (), {}) is None
    assert middleware.process_view(request, foreign, (), {}) is None
