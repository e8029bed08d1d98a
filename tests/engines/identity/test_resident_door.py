"""The residents' door: mailed links work once, for twenty minutes, and tell nothing about who is known."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from madoguchi.engines.identity.models import Account, SignInLink
from madoguchi.engines.identity.services.links import confirm_link, late_link, request_link
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import clock
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.jobs import run_pending

from .conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.engines.identity.urls"), pytest.mark.usefixtures("town")]
ADDRESS = "Hanako@example.jp"


def ask(client: Client, email: str = ADDRESS, **more: str) -> int:
    """Ask for a link and return the status."""
    return client.post("/signin/", {"email": email, **more}).status_code


def mailed_path() -> str:
    """Deliver the mail and return the path of the link in it."""
    run_pending("notices")
    found = re.search(r"https?://[^/\s]+(/signin/link/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_a_link_signs_in_once_and_goes_on_to_the_page_asked_for(client: Client) -> None:
    assert ask(client, next="/mypage/?tab=drafts") == 302
    path = mailed_path()
    assert mail.outbox[-1].to == [ADDRESS]
    page = client.get(path)
    assert "H•••@example.jp" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    done = client.post(path)
    assert (done.status_code, done["Location"]) == (302, "/mypage/?tab=drafts")
    assert client.get("/").content.decode().startswith("resident:")
    assert Client().post(path).status_code == 404


def test_opening_the_link_uses_nothing_up(client: Client) -> None:
    ask(client)
    path = mailed_path()
    for _ in range(3):
        assert Client().get(path).status_code == 200
    assert client.post(path).status_code == 302


def test_a_link_lives_twenty_minutes() -> None:
    link = request_link(ADDRESS, origin="203.0.113.9", lang="ja", at=AT)
    token = late_link(str(link.id)).rstrip("/").rpartition("/")[2]
    with pytest.raises(NotFound):
        confirm_link(token, at=AT + timedelta(minutes=20))
    account, _ = confirm_link(token, at=AT + timedelta(minutes=19, seconds=59))
    assert account.kind == "resident"


def test_the_database_alone_gives_no_link_and_forgets_the_address() -> None:
    link = request_link(ADDRESS, origin="203.0.113.9", lang="ja", at=AT)
    token = late_link(str(link.id)).rstrip("/").rpartition("/")[2]
    notice = Notice.objects.get(dedupe_key=f"sign-in:{link.id}")
    assert token not in notice.body
    assert link.token_hash != token
    confirm_link(token, at=AT)
    assert SignInLink.objects.get(pk=link.pk).email == ""
    request_link("other@example.jp", origin="203.0.113.9", lang="ja", at=AT)
    request_link("third@example.jp", origin="203.0.113.9", lang="ja", at=AT + timedelta(hours=1))
    assert list(SignInLink.objects.exclude(email="").values_list("email", flat=True)) == ["third@example.jp"]


def test_known_unknown_and_switched_off_addresses_get_the_same_answer(client: Client) -> None:
    Account.objects.create_resident("known@example.jp")
    off = Account.objects.create_resident("off@example.jp")
    Account.objects.filter(pk=off.pk).update(is_active=False)
    pages = set()
    for address in ("known@example.jp", "unknown@example.jp", "off@example.jp", "jumin@example.jp"):
        answer = client.post("/signin/", {"email": address}, follow=True)
        pages.add((answer.status_code, re.sub(r'value="[^"]{60,}"', "", answer.content.decode())))
    assert len(pages) == 1
    run_pending("notices")
    assert sorted(message.to[0] for message in mail.outbox) == [
        "jumin@example.jp",
        "known@example.jp",
        "unknown@example.jp",
    ]


def test_an_address_finds_the_same_resident_in_any_case(client: Client) -> None:
    for address in ("Hanako@Example.jp", "hanako@example.jp"):
        ask(client, address)
        client.post(mailed_path())
        client.post("/signout/")
    assert Account.objects.filter(kind="resident").count() == 1


def test_three_requests_per_address_in_a_quarter_of_an_hour(client: Client) -> None:
    assert [ask(client) for _ in range(4)] == [302, 302, 302, 429]
    assert ask(client, "someone-else@example.jp") == 302
    SignInLink.objects.update(created_at=clock.now() - timedelta(minutes=16))
    assert ask(client) == 302


def test_thirty_requests_per_origin_in_an_hour(client: Client) -> None:
    statuses = [ask(client, f"r{number}@example.jp") for number in range(31)]
    assert statuses == [302] * 30 + [429]


def test_a_malformed_address_is_told_and_kept(client: Client) -> None:
    page = client.post("/signin/", {"email": "hanako@"})
    assert page.status_code == 422
    assert 'value="hanako@"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_link_never_leads_off_the_site(client: Client, wanted: str) -> None:
    ask(client, next=wanted)
    assert client.post(mailed_path())["Location"] == "/mypage/"


def test_every_post_wants_the_csrf_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/signin/", "/signin/link/abc/", "/signout/", "/staff/signin/", "/staff/elevation/"):
        assert strict.post(path, {"email": ADDRESS}).status_code == 403


def test_a_switched_off_resident_loses_the_session_at_once(client: Client) -> None:
    ask(client)
    client.post(mailed_path())
    assert client.get("/mypage/").status_code == 200
    Account.objects.filter(kind="resident").update(is_active=False)
    assert client.get("/mypage/")["Location"].startswith("/signin/")


def test_the_session_gets_a_new_key_at_sign_in(client: Client) -> None:
    client.get("/")
    session = client.session
    session["draft"] = "kept"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    ask(client)
    client.post(mailed_path())
    assert client.session.session_key != before
    assert client.session["draft"] == "kept"
