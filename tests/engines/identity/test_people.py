"""Pages about staff: only while elevated, few statements however many people, every write in the audit log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from madoguchi.engines.identity.loading import load_staff
from madoguchi.engines.identity.models import Account
from madoguchi.engines.identity.people import PAGE, PeopleQuery, list_people
from madoguchi.engines.identity.services import switch_off_account
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import NotAllowed
from madoguchi.kernel.folder import read_folder

from .conftest import AT, ROOT

pytestmark = pytest.mark.django_db


def test_the_pages_are_closed_without_an_elevation(admin_client: Client) -> None:
    assert admin_client.get("/staff/people/").status_code == 403
    assert admin_client.post("/staff/people/jumin/switch/", {"way": "off", "reason": "left"}).status_code == 403
    assert Account.objects.get(login="jumin").is_active


def test_a_page_of_6000_people_costs_two_statements(raised: Actor, django_assert_num_queries: Any) -> None:
    Account.objects.bulk_create(
        Account(kind="staff", login=f"x{n:05d}", name=f"見本 {n}", password="!") for n in range(6000)
    )
    with django_assert_num_queries(2):
        first, after = list_people(PeopleQuery(state="invited", q="見本"), actor=raised, day=AT.date())
    assert (len(first), after) == (PAGE, first[-1].account.login)
    with django_assert_num_queries(2):
        second, _ = list_people(PeopleQuery(q="見本", state="invited", after=after), actor=raised, day=AT.date())
    assert second[0].account.login > after


def test_the_list_is_filtered(raised: Actor) -> None:
    found, after = list_people(PeopleQuery(section="jumin", role="clerk"), actor=raised, day=AT.date())
    assert [one.account.login for one in found] == ["jumin"]
    assert after == ""


def test_switching_off_and_on_is_recorded_without_names(elevated_client: Client) -> None:
    account = Account.objects.get(login="jumin")
    for way, reason in (("off", "left"), ("on", "mistake")):
        answer = elevated_client.post("/staff/people/jumin/switch/", {"way": way, "reason": reason})
        assert answer.status_code == 302
        account.refresh_from_db()
        assert account.is_active is (way == "on")
        entry = AuditEntry.objects.filter(action=f"identity.switched_{way}").get()
        assert entry.subject == account.ref
        assert entry.payload == f'{{"reason":"{reason}"}}'


def test_a_switch_wants_a_reason(elevated_client: Client) -> None:
    answer = elevated_client.post("/staff/people/jumin/switch/", {"way": "off"})
    assert answer.status_code == 422
    assert "理由を選んでください" in answer.content.decode()


def test_nobody_switches_off_the_own_account(raised: Actor) -> None:
    with pytest.raises(NotAllowed):
        switch_off_account(Account.objects.get(login="admin"), actor=raised, at=AT, reason="left")


def test_list_person_and_invitation_are_shown(elevated_client: Client) -> None:
    assert "見本 太郎" in elevated_client.get("/staff/people/?q=jumin").content.decode()
    assert elevated_client.get("/staff/people/nobody/").status_code == 404
    assert "/staff/account/welcome/" in elevated_client.post("/staff/people/jumin/invitation/").content.decode()


def test_loading_the_folder_brings_back_only_whom_the_folder_itself_had_dropped(raised: Actor) -> None:
    switch_off_account(Account.objects.get(login="jumin"), actor=raised, at=AT, reason="left")
    Account.objects.filter(login="fukushi").update(is_active=False, left_folder=True)
    load_staff(read_folder(ROOT / "municipalities" / "sample-town"), AT)
    active = dict(Account.objects.values_list("login", "is_active"))
    assert (active["jumin"], active["fukushi"], active["admin"]) == (False, True, True)
