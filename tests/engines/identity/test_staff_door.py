"""The staff's door: two steps always, lock-out, invitation, elevation with a banner."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from madoguchi.engines.identity.api import demo_totp_code, invitation_url, seed_demo_staff
from madoguchi.engines.identity.doctor import check_demo_accounts, check_second_factor
from madoguchi.engines.identity.models import Account, Elevation
from madoguchi.engines.identity.services import DEMO_PASSWORD, DEMO_TOTP_SECRET
from madoguchi.kernel import clock
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import NotAllowed

from .conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.engines.identity.urls")]
REASON = "障害の調査のため全庁の案件を確かめる"


def first_step(client: Client, login: str = "jumin", password: str = DEMO_PASSWORD) -> int:
    """Give the password and return the status."""
    return client.post("/staff/signin/", {"login": login, "password": password}).status_code


def test_both_steps_lead_to_the_desk(staff_client: Callable[[str], Client]) -> None:
    client = staff_client("JUMIN")
    assert client.get("/desk/").content.decode() == "jumin|False"


def test_the_password_alone_opens_nothing(demo_staff: None, client: Client) -> None:
    assert first_step(client) == 302
    assert client.get("/").content.decode() == "guest:anonymous"
    assert client.get("/desk/")["Location"].startswith("/staff/signin/")
    assert client.post("/staff/signin/second/", {"code": "000000"}).status_code == 200
    assert client.get("/desk/")["Location"].startswith("/staff/signin/")


def test_a_code_works_once(staff_client: Callable[[str], Client]) -> None:
    code = demo_totp_code(at=clock.now())
    staff_client("jumin")
    again = Client()
    first_step(again)
    assert again.post("/staff/signin/second/", {"code": code}).status_code == 200


def test_without_a_second_factor_every_page_leads_to_the_set_up(
    town: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account.objects.get(login="fukushi")
    account.set_password("an unusual passphrase 1")
    account.save()
    assert first_step(client, "fukushi", "an unusual passphrase 1") == 302
    assert client.get("/desk/")["Location"] == "/staff/account/"
    assert client.get("/")["Location"] == "/staff/account/"
    htmx = client.get("/desk/", headers={"HX-Request": "true"})
    assert htmx["HX-Redirect"] == "/staff/account/"
    assert "二段階認証を登録してください" in client.get("/staff/account/").content.decode()
    page = client.get("/staff/account/app/add/").content.decode()
    secret = re.search(r'<span class="wd-number">([A-Z2-7]+)</span>', page)
    assert secret
    code = _code(secret[1])
    monkeypatch.setattr(transaction, "on_commit", lambda run, **_: run())  # the test's own transaction never commits
    assert client.post("/staff/account/app/add/", {"code": code})["Location"] == "/staff/account/codes/"
    assert client.get("/desk/").status_code == 200
    assert "今だけ表示" in client.get("/staff/account/codes/").content.decode()


def test_the_last_factor_cannot_be_taken_off(staff_client: Callable[[str], Client]) -> None:
    client = staff_client("jumin")
    page = client.post("/staff/account/app/remove/")
    assert "二段階認証を外せません" in page.content.decode()


def test_a_resident_cannot_use_the_staffs_door(town: None, client: Client) -> None:
    resident = Account.objects.create_resident("hanako@example.jp")
    resident.set_password(DEMO_PASSWORD)
    resident.save()
    assert first_step(client, resident.login) == 200
    client.force_login(resident, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    assert "先にサインアウト" in client.get("/staff/signin/").content.decode()
    assert client.get("/desk/")["Location"].startswith("/staff/signin/")
    assert client.get("/staff/account/").status_code == 302


def test_five_wrong_passwords_lock_the_door(demo_staff: None, client: Client) -> None:
    statuses = [first_step(client, password="wrong") for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert first_step(client) == 429
    assert first_step(Client(REMOTE_ADDR="203.0.113.77")) == 302


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(demo_staff: None) -> None:
    pages = set()
    for login in ("jumin", "nobody-here"):
        page = Client().post("/staff/signin/", {"login": login, "password": "wrong"}).content.decode()
        pages.add(re.sub(rf'value="({login}|[^"]{{60,}})"', "", page))
    assert len(pages) == 1


def test_an_invitation_sets_the_first_password_once(town: None, client: Client) -> None:
    path = "/" + invitation_url("fukushi", actor=SYSTEM, at=AT).split("/", 3)[3]
    assert client.get(path).status_code == 200
    weak = client.post(path, {"password": "short", "again": "short"})
    assert weak.status_code == 422
    strong = {"password": "an unusual passphrase 1", "again": "an unusual passphrase 1"}
    assert client.post(path, strong)["Location"] == "/staff/signin/"
    assert client.get(path).status_code == 404
    assert first_step(client, "fukushi", strong["password"]) == 302


def test_the_command_prints_an_invitation_and_knows_nobody_else(town: None) -> None:
    shown = StringIO()
    call_command("invite_staff", "fukushi", stdout=shown)
    assert "/staff/account/welcome/" in shown.getvalue()
    with pytest.raises(CommandError):
        call_command("invite_staff", "nobody-here")


def test_elevation_asks_for_the_password_again(staff_client: Callable[[str], Client]) -> None:
    answer = staff_client("admin").get("/staff/elevation/")
    assert answer["Location"].startswith("/staff/account/confirm/password/")


def test_elevation_shows_a_banner_and_ends(admin_client: Client) -> None:
    client = admin_client
    assert client.get("/desk/").status_code == 403
    assert "特権で操作しています" not in client.get("/staff/elevation/").content.decode()
    assert client.post("/staff/elevation/", {"reason": "短い"}).status_code == 422
    assert client.post("/staff/elevation/", {"reason": REASON}).status_code == 302
    assert client.get("/desk/").content.decode().endswith("|True")
    assert "特権で操作しています" in client.get("/staff/elevation/").content.decode()
    Elevation.objects.update(ends_at=clock.now() - timedelta(seconds=1))
    assert client.get("/desk/").status_code == 403
    assert client.post("/staff/elevation/", {"reason": REASON}).status_code == 302
    client.post("/staff/elevation/end/")
    assert client.get("/desk/").status_code == 403


def test_a_new_elevation_ends_the_one_of_a_lost_session(admin_client: Client) -> None:
    admin_client.post("/staff/elevation/", {"reason": REASON})
    session = admin_client.session
    del session["identity_elevation"]
    session.save()
    assert admin_client.post("/staff/elevation/", {"reason": REASON}).status_code == 302
    assert Elevation.objects.filter(ended_at__isnull=True).count() == 1
    assert admin_client.get("/desk/").status_code == 200


def test_signing_out_ends_the_elevation(admin_client: Client) -> None:
    client = admin_client
    client.post("/staff/elevation/", {"reason": REASON})
    assert client.post("/signout/")["Location"] == "/staff/signin/"
    assert Elevation.objects.get().ended_at is not None


def test_elevation_does_not_pass_to_another_account(admin_client: Client) -> None:
    client = admin_client
    client.post("/staff/elevation/", {"reason": REASON})
    Elevation.objects.update(account=Account.objects.get(login="jumin"))
    assert client.get("/desk/").status_code == 403


def test_demo_secrets_are_made_in_a_demo_only(town: None) -> None:
    with pytest.raises(NotAllowed):
        seed_demo_staff(demo=False, at=AT)
    assert not Account.objects.get(login="jumin").has_usable_password()
    first, second = seed_demo_staff(demo=True, at=AT), seed_demo_staff(demo=True, at=AT)
    assert first == second
    assert {one.login for one in first} == {"jumin", "jumin-chief", "admin", "kaikei"}
    assert first[0].totp_secret == DEMO_TOTP_SECRET


def test_the_doctor_knows_published_secrets_where_they_must_not_be(demo_staff: None, settings: Any) -> None:
    settings.DEMO = True
    assert [finding.level for finding in check_demo_accounts(AT)] == ["ok"]
    settings.ALLOWED_HOSTS = ["ward.example.jp"]
    assert [finding.level for finding in check_demo_accounts(AT)] == ["warn"]
    settings.DEMO = False
    assert [finding.level for finding in check_demo_accounts(AT)] == ["bad"]
    assert [finding.level for finding in check_second_factor(AT)] == ["ok"]
    Account.objects.create_staff("new", name="新任", password="an unusual passphrase 1")
    assert [finding.level for finding in check_second_factor(AT)] == ["warn"]


def test_the_secret_of_the_second_factor_is_sealed(demo_staff: None) -> None:
    from allauth.mfa.models import Authenticator

    stored = Authenticator.objects.filter(type="totp").values_list("data", flat=True)
    assert all(DEMO_TOTP_SECRET not in str(data) for data in stored)


def test_every_page_of_the_account_opens(staff_client: Callable[[str], Client]) -> None:
    client = staff_client("jumin")
    for path in ("", "password/", "passkeys/", "passkeys/add/", "codes/new/", "app/remove/"):
        page = client.get(f"/staff/account/{path}")
        assert page.status_code == 200, path
        assert "Two-Factor" not in page.content.decode()


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
