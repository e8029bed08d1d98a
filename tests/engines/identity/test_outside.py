"""Sign-in at a provider that runs for real: discovery, code with PKCE, signature, nonce; and everything that must not pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from tests.support.outside import agree, leave, running_provider, sign_in

from madoguchi.engines.identity import doctor
from madoguchi.engines.identity.local_provider import LocalProvider, serve
from madoguchi.engines.identity.models import Account, SignInMethod
from madoguchi.engines.identity.outside.schema import ProvidersFile
from madoguchi.engines.identity.services import demo_totp_code, seed_demo_staff
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of
from madoguchi.kernel.audit.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture(autouse=True)
def _fresh(provider: str) -> None:
    cache.clear()


def _actor(client: Client) -> Any:
    return actor_of(client.get("/signin/sent/").wsgi_request)


def test_a_resident_signs_in_and_the_session_knows_the_levels() -> None:
    client = Client()
    answer = sign_in(client, "card", "card-0001", next="/procedures/tenshutsu/")
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == "/procedures/tenshutsu/"
    actor = _actor(client)
    assert actor.kind == "resident"
    assert (actor.proof.identity, actor.proof.authentication) == (3, 3)
    method = SignInMethod.objects.get()
    assert method.claims == {
        "name": "杉並　花子",
        "family_name": "杉並",
        "given_name": "花子",
        "birth_date": "1985-04-12",
        "address": "東京都杉並区阿佐谷南一丁目15番1号",
        "sex": "女",
    }
    assert method.account.email == ""
    sign_in(Client(), "card", "card-0001")
    assert Account.objects.filter(kind="resident").count() == SignInMethod.objects.count() == 1


def test_a_weaker_acr_counts_for_less() -> None:
    client = Client()
    sign_in(client, "card", "card-0003")
    assert (_actor(client).proof.identity, _actor(client).proof.authentication) == (1, 1)


@pytest.mark.parametrize("fault", ["nonce", "signature", "expired", "audience", "subject"])
def test_a_spoilt_answer_signs_nobody_in(fault: str) -> None:
    client = Client()
    answer = sign_in(client, "card", "card-0001", fault=fault, next="/mypage/")
    assert answer.status_code == 403
    assert "サインインできませんでした" in answer.content.decode()
    assert _actor(client).kind == "guest"
    assert not SignInMethod.objects.exists()


def test_who_refuses_comes_back_to_where_they_were() -> None:
    client = Client()
    back = agree(leave(client, "card", next="/apply/resume/"), "card-0001", decision="no")
    page = client.get(back)
    assert page.status_code == 403
    html = page.content.decode()
    assert "取りやめました" in html
    assert 'href="/apply/resume/"' in html


def test_an_answer_works_once_and_only_in_the_browser_that_asked() -> None:
    client, stranger = Client(), Client()
    back = agree(leave(client, "card"), "card-0001")
    assert stranger.get(back).status_code == 403
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403


def test_the_request_asks_for_pkce_and_never_leads_off_the_site_afterwards() -> None:
    asked = parse_qs(urlsplit(leave(Client(), "card", next="https://evil.example/")).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"][0] != asked["state"][0]
    assert set(asked["scope"][0].split()) == {"openid", "name", "address", "birthdate", "gender"}
    client = Client()
    answer = sign_in(client, "card", "card-0001", next="https://evil.example/")
    assert answer["Location"] == "/mypage/"
    assert "prompt" not in asked
    assert parse_qs(urlsplit(leave(Client(), "card", fresh="1")).query)["prompt"] == ["login"]


def test_a_code_is_worth_nothing_without_its_verifier(provider: str) -> None:
    back = parse_qs(urlsplit(agree(leave(Client(), "card"), "card-0001")).query)
    from django.conf import settings

    form = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "redirect_uri": "http://testserver/signin/with/card/back/",
    }
    answer = requests.post(
        f"{provider}/card/token", form, auth=("madoguchi-suginami", settings.LOCAL_OIDC_SECRET), timeout=5
    )
    assert answer.json() == {"error": "invalid_grant"}


def test_an_address_never_leads_to_an_account() -> None:
    """The business provider says an e-mail address that a resident already uses for mailed links."""
    Account.objects.create_resident("ichiro@kensetsu.example.jp")
    client = Client()
    sign_in(client, "gbiz", "gbiz-1001")
    assert Account.objects.filter(kind="resident").count() == 2
    method = SignInMethod.objects.select_related("account").get()
    assert method.account.email == ""
    assert method.claims["corporate_number"] == "7000012050002"
    assert method.claims["company"] == "見本建設株式会社"


def test_methods_are_linked_and_unlinked_by_the_account_itself() -> None:
    client = Client()
    sign_in(client, "card", "card-0001")
    account = SignInMethod.objects.get().account
    page = client.get("/mypage/signin/")
    key = page.context["key"]
    sign_in(client, "gbiz", "gbiz-1001", link=key, next="/mypage/signin/")
    assert [item.account_id for item in SignInMethod.objects.all()] == [account.pk, account.pk]
    taken = Client()
    sign_in(taken, "card", "card-0002")
    refused = sign_in(taken, "gbiz", "gbiz-1001", link=taken.get("/mypage/signin/").context["key"])
    assert refused.status_code == 409
    first, second = SignInMethod.objects.filter(account=account)
    assert client.post(f"/mypage/signin/{second.pk}/unlink/").status_code == 302
    assert _actor(client).proof is None, "what was proven with it counts no more"
    assert client.post(f"/mypage/signin/{first.pk}/unlink/").status_code == 409, "the last way in stays"
    assert taken.post(f"/mypage/signin/{first.pk}/unlink/").status_code == 409, "nobody else's can be touched"
    assert SignInMethod.objects.filter(pk=first.pk).exists()
    assert AuditEntry.objects.filter(action="identity.method_unlinked").count() == 1


def test_without_the_key_of_the_page_nothing_is_linked() -> None:
    client = Client()
    sign_in(client, "card", "card-0001")
    sign_in(client, "gbiz", "gbiz-1001", link="guessed")
    assert len({item.account_id for item in SignInMethod.objects.all()}) == 2


def test_staff_are_matched_by_login_and_never_made() -> None:
    seed_demo_staff(demo=True, at=clock.now())
    before = Account.objects.filter(kind="staff").count()
    client = Client()
    answer = sign_in(client, "office", "office-kumin", next="/desk/")
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200, "the provider's second factor counts"
    assert "clerk" in _actor(client).roles
    stranger = Client()
    refused = sign_in(stranger, "office", "office-none")
    assert refused.status_code == 403
    assert _actor(stranger).kind == "guest"
    assert Account.objects.filter(kind="staff").count() == before


def test_staff_without_the_providers_second_factor_show_their_own() -> None:
    seed_demo_staff(demo=True, at=clock.now())
    client = Client()
    answer = sign_in(client, "office", "office-joho", next="/desk/")
    assert answer["Location"].startswith("/staff/signin/second/")
    assert client.get("/desk/").status_code == 302
    answer = client.post(answer["Location"], {"code": demo_totp_code(at=clock.now())})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_the_local_provider_refuses_to_be_anywhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        serve("0.0.0.0", 0, secret="x")
    monkeypatch.setenv("MADOGUCHI_ENV", "production")
    with pytest.raises(RuntimeError):
        LocalProvider("http://127.0.0.1:1", secret="x")


def test_the_doctor_names_what_is_missing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = {"kind": "oidc", "id": "real", "title": "実際の提供者", "audience": "resident", "issuer": "https://op.example.jp",
            "client_id": "ward", "client_secret_env": "MADOGUCHI_OIDC_REAL"}  # fmt: skip
    local = {**real, "id": "demo", "issuer": "local:card"}
    monkeypatch.setattr(doctor, "file_in_force", lambda: ProvidersFile.model_validate({"providers": [real, local]}))
    settings.DEMO = False

    def found() -> dict[str, str]:
        return {item.id.partition("providers_")[2]: item.level for item in doctor.check_providers(clock.now())}

    assert found() == {"local": "warn", "secret": "bad", "unverified": "warn"}
    monkeypatch.setenv("MADOGUCHI_OIDC_REAL", "s3cret")
    assert found() == {"local": "warn", "unverified": "warn"}


def test_a_provider_that_is_silent_costs_nobody_their_way(settings: Any) -> None:
    settings.LOCAL_OIDC_URL = "http://127.0.0.1:1"
    page = Client().get("/signin/with/card/", {"next": "/apply/resume/"})
    assert page.status_code == 403
    assert "ほかの方法を見る" in page.content.decode()
    assert Client().get("/signin/with/unknown/").status_code == 404
