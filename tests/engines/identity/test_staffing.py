"""Administrators change staff: invite, give and end posts, reset a factor; never themselves, never the last of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connections
from django.test import Client

from madoguchi.engines.identity.loading import load_staff
from madoguchi.engines.identity.models import Account, Elevation, Role, StaffPost
from madoguchi.engines.identity.rules import PostRow
from madoguchi.engines.identity.selectors import actor_for
from madoguchi.engines.identity.services import (
    add_post,
    end_post,
    reset_second_factor,
    switch_off_account,
    switch_on_account,
)
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import Conflict, NotAllowed
from madoguchi.kernel.folder import read_folder

from .conftest import AT, ROOT

pytestmark = pytest.mark.django_db
CHIEF = PostRow("somu", "section_chief", date(2026, 11, 1), None)
LEADER = PostRow("somu", "administrator", date(2026, 11, 1), None)
NEW = {
    "login": "aoi",
    "name": "見本 葵",
    "email": "aoi@example.jp",
    "department": "jumin",
    "role": "clerk",
    "valid_from": "2026-11-01",
    "valid_to": "",
}


def of(login: str) -> Account:
    return Account.objects.get(login=login)


def last_entry(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("id")


def test_an_invited_person_is_registered_with_a_post(elevated_client: Client) -> None:
    page = elevated_client.post("/staff/invite/", NEW).content.decode()
    assert "/staff/account/welcome/" in page
    account = of("aoi")
    post = account.posts.get()
    assert (post.department_id, post.role_id, post.from_folder) == ("jumin", "clerk", False)
    assert not account.has_usable_password()
    entry = last_entry("identity.staff_registered")
    assert (entry.subject, "見本" in entry.payload, "@" in entry.payload) == (account.ref, False, False)
    assert last_entry("identity.staff_invited").subject == account.ref


def test_an_invitation_with_faults_keeps_what_was_typed(elevated_client: Client) -> None:
    typed = {"login": "葵", "name": "見本 葵", "email": "aoi＠", "department": "jumin", "valid_from": "春"}
    answer = elevated_client.post("/staff/invite/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for column in ("login", "email", "role", "valid_from"):
        assert f'href="#{column}"' in page
    for value in ("葵", "見本 葵", "aoi＠", "春"):
        assert f'value="{value}"' in page
    assert '<option value="jumin" selected>' in page
    assert not Account.objects.filter(name="見本 葵").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"login": "JUMIN"}, "このログインIDは、すでに"), ({"email": "Jumin@example.jp"}, "このメールアドレスは、すでに")],
)
def test_nobody_is_registered_twice(elevated_client: Client, change: dict[str, str], words: str) -> None:
    answer = elevated_client.post("/staff/invite/", NEW | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_post_is_given_and_ended(elevated_client: Client) -> None:
    typed = {"department": "somu", "role": "section_chief", "valid_from": "R8.11.1", "valid_to": ""}
    assert elevated_client.post("/staff/people/jumin/posts/new/", typed).status_code == 302
    again = elevated_client.post("/staff/people/jumin/posts/new/", typed)
    assert again.status_code == 422
    assert "すでにあります" in again.content.decode()
    post = of("jumin").posts.get(role="section_chief")
    path = f"/staff/people/jumin/posts/{post.pk}/end/"
    assert elevated_client.post(path, {"valid_to": "2026-10-31"}).status_code == 422
    assert elevated_client.post(path, {"valid_to": ""}).status_code == 422
    assert elevated_client.post(path, {"valid_to": "2026-12-31"}).status_code == 302
    post.refresh_from_db()
    assert post.valid_to == date(2026, 12, 31)
    assert last_entry("identity.post_ended").subject == of("jumin").ref
    assert "R8.12.31まで" in elevated_client.get("/staff/people/jumin/").content.decode()
    assert elevated_client.get(f"/staff/people/fukushi/posts/{post.pk}/end/").status_code == 404


def test_posts_given_or_ended_by_an_administrator_survive_the_folder(raised: Actor) -> None:
    jumin = of("jumin")
    add_post(jumin, post=CHIEF, actor=raised, at=AT)
    end_post(jumin, jumin.posts.get(role="clerk").pk, last_day=date(2026, 11, 30), actor=raised, at=AT)
    for _ in range(2):
        load_staff(read_folder(ROOT / "municipalities" / "sample-town"), AT)
    found = {post.role_id: post.valid_to for post in of("jumin").posts.all()}
    assert found == {"clerk": date(2026, 11, 30), "section_chief": None}


def test_nobody_changes_the_own_posts_or_factor(raised: Actor) -> None:
    own = of("admin")
    with pytest.raises(NotAllowed):
        add_post(own, post=CHIEF, actor=raised, at=AT)
    with pytest.raises(NotAllowed):
        end_post(own, own.posts.get().pk, last_day=AT.date(), actor=raised, at=AT)
    with pytest.raises(NotAllowed):
        reset_second_factor(own, reason="lost", actor=raised, at=AT)


def test_the_last_administrator_stays(raised: Actor) -> None:
    own, other = of("admin"), of("jumin")
    with pytest.raises(Conflict, match="管理できる人がいなくなる"):
        switch_off_account(own, actor=SYSTEM, at=AT, reason="left")
    with pytest.raises(Conflict):
        end_post(own, own.posts.get().pk, last_day=AT.date() + timedelta(days=90), actor=SYSTEM, at=AT)
    assert of("admin").is_active
    add_post(other, post=LEADER, actor=raised, at=AT)
    second = actor_for(other, AT, elevated=True)
    end_post(own, own.posts.get().pk, last_day=date(2027, 3, 31), actor=second, at=AT)
    with pytest.raises(Conflict):
        end_post(other, other.posts.get(role="administrator").pk, last_day=date(2027, 4, 1), actor=raised, at=AT)
    switch_off_account(own, actor=second, at=AT, reason="left")
    with pytest.raises(Conflict):
        switch_off_account(other, actor=SYSTEM, at=AT, reason="left")


def test_a_switch_happens_once_and_takes_the_folder_out(raised: Actor) -> None:
    account = of("fukushi")
    Account.objects.filter(pk=account.pk).update(is_active=False, left_folder=True)
    switch_on_account(account, actor=raised, at=AT, reason="returned")
    assert (of("fukushi").is_active, of("fukushi").left_folder) == (True, False)
    with pytest.raises(Conflict, match="すでに使えます"):
        switch_on_account(account, actor=raised, at=AT, reason="returned")


@pytest.fixture
def lost(demo_staff: None) -> Account:
    """Return a clerk with all three kinds of factor."""
    account = of("jumin")
    for kind in ("webauthn", "recovery_codes"):
        Authenticator.objects.create(user=account, type=kind, data={})
    return account


def test_a_reset_takes_all_factors_and_sessions_and_tells_the_person(
    lost: Account, elevated_client: Client, staff_client: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = Client()
    theirs.force_login(lost, backend="madoguchi.engines.identity.backends.StaffPasswordBackend")
    assert theirs.get("/staff/account/").status_code == 200
    Elevation.objects.create(
        account=lost, reason="調べもののため", started_at=clock.now(), ends_at=clock.now() + timedelta(minutes=30)
    )
    path = "/staff/people/jumin/factors/"
    assert elevated_client.post(path, {"reason": ""}).status_code == 422
    assert Authenticator.objects.filter(user=lost).count() == 3
    assert elevated_client.post(path, {"reason": "lost"}).status_code == 302
    assert not Authenticator.objects.filter(user=lost).exists()
    assert theirs.get("/staff/account/").status_code == 302
    assert Elevation.objects.get(account=lost).ended_at is not None
    entry = last_entry("identity.factors_reset")
    assert (entry.subject, entry.payload) == (lost.ref, '{"factors":3,"mailed":true,"reason":"lost"}')
    jobs.run_pending()
    assert mail.outbox[-1].to == ["jumin@example.jp"]
    assert "総務課が、あなたの二段階認証" in str(mail.outbox[-1].body)
    assert elevated_client.post(path, {"reason": "lost"}).status_code == 409
    assert Client().get("/staff/people/").status_code == 302


def test_a_reset_needs_no_address(lost: Account, raised: Actor) -> None:
    Account.objects.filter(pk=lost.pk).update(email="")
    assert reset_second_factor(lost, reason="changed", actor=raised, at=AT) is False


WRITES = [
    ("/staff/invite/", NEW),
    ("/staff/people/jumin/posts/new/", {"department": "somu", "role": "clerk", "valid_from": "2026-11-01"}),
    ("/staff/people/jumin/posts/{post}/end/", {"valid_to": "2026-12-31"}),
    ("/staff/people/jumin/factors/", {"reason": "lost"}),
    ("/staff/people/jumin/invitation/", {}),
    ("/staff/people/jumin/switch/", {"way": "off", "reason": "left"}),
]


@pytest.mark.parametrize(("path", "typed"), WRITES)
def test_every_write_wants_an_elevation_and_is_recorded(
    lost: Account, admin_client: Client, path: str, typed: dict[str, str]
) -> None:
    """Also where a ward's roles grant ``admin.staff`` for good."""
    Role.objects.filter(pk="administrator").update(permissions=["admin.elevate", "admin.staff"])
    where = path.format(post=lost.posts.get().pk)
    before = AuditEntry.objects.count()
    refused = admin_client.post(where, typed)
    assert refused.status_code == 403
    assert "権限の昇格" in refused.content.decode()
    assert AuditEntry.objects.count() == before
    admin_client.post("/staff/elevation/", {"reason": "職員の異動に伴うアカウントの整理のため"})
    before = AuditEntry.objects.count()
    assert admin_client.post(where, typed).status_code in (200, 302)
    assert AuditEntry.objects.filter(id__gt=before).exists()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once() -> None:
    """Each waits for the other; the second sees that nobody else is left."""
    role = Role.objects.create(id="leader", title="管理者", permissions=["admin.elevate", "admin.staff"])
    from madoguchi.engines.identity.models import Department

    section = Department.objects.create(id="somu", name="総務課", kind="section", path="/somu/")
    accounts = [Account.objects.create_staff(login, name=login) for login in ("one", "two")]
    for account in accounts:
        StaffPost.objects.create(account=account, role=role, department=section, valid_from=date(2026, 4, 1))
    start, outcomes = threading.Barrier(2), []

    def remove(by: Account, other: Account) -> None:
        try:
            actor = actor_for(by, AT)
            start.wait()
            switch_off_account(other, actor=actor, at=AT, reason="left")
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")
        finally:
            connections.close_all()

    pair = [threading.Thread(target=remove, args=(a, b)) for a, b in (accounts, accounts[::-1])]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(30)
    assert sorted(outcomes) == ["done", "refused"]
    assert Account.objects.filter(is_active=True).count() == 1
