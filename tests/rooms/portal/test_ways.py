"""Choosing how to be told: a guest for one case, a resident for all; a number is confirmed, a broken address is seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case, conversation_rules, send_message
from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices.models import AddressFault, Choice, Contact
from madoguchi.kernel import clock, jobs, municipality
from madoguchi.kernel.access import Actor

from .conftest import AT

pytestmark = [pytest.mark.django_db]
CLERK = Actor(kind="staff", id="1", name="役場 太郎", roles=frozenset({"clerk"}), sections=frozenset({"jumin"}))


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.SMS = {"url": "", "token": "", "secret": "", "folder": tmp_path / "sms"}
    return tmp_path / "sms"


@pytest.fixture
def handed_in(sample_town: None, client: Client) -> Receipt:
    form = definition_of("juminhyo")
    receipt = submit(client, fill(client, start(client, "juminhyo"), form, valid_example(form, "whole_by_mail")))
    Case.objects.filter(number=receipt.number).update(contact_email="")
    return receipt


def texts(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.iterdir())] if folder.exists() else []


def test_a_guest_gives_a_number_confirms_it_and_is_told_by_sms(
    handed_in: Receipt, client: Client, folder: Path
) -> None:
    url = f"/status/{handed_in.number}/notices/"
    assert client.get(url).status_code == 200
    refused = client.post(url, {"_phone": "1", "phone": "090-1234-5678"})
    assert (refused.status_code, "090-1234-5678" in refused.content.decode()) == (422, True)
    assert client.post(url, {"_phone": "1", "phone": "03-1234-5678", "consent": "1"}).status_code == 422
    sent = client.post(url, {"_phone": "1", "phone": "090-1234-5678", "consent": "1"}, follow=True).content.decode()
    assert "•••5678" in sent
    jobs.run_pending("notices")
    [words] = texts(folder)
    code = re.search(r"\d{6}", words.split("\n\n")[1])[0]  # type: ignore[index]
    assert client.post(url, {"_code": "1", "code": "12"}).status_code == 422
    assert "番号を確認しました" in client.post(url, {"_code": "1", "code": code}, follow=True).content.decode()
    with time_machine.travel(AT, tick=False):
        case, calendar = Case.objects.get(number=handed_in.number), municipality.current().calendar
        at = max(clock.now(), case.received_at)
        send_message(case, body="ご返事ください", actor=CLERK, at=at, calendar=calendar, rules=conversation_rules())
        jobs.run_pending("notices")
    assert len(texts(folder)) == 2
    assert sum(handed_in.number in item for item in texts(folder)) == 1
    assert not any("ご返事" in item for item in texts(folder))
    client.post(url, {"_end": "sms"})
    assert not Contact.objects.filter(ended_at=None).exists()


def test_a_stranger_cannot_choose_for_a_case(handed_in: Receipt) -> None:
    assert Client().get(f"/status/{handed_in.number}/notices/").status_code == 404


@pytest.fixture
def hanako(sample_town: None, client: Client) -> Account:
    account = Account.objects.create_resident("hanako@example.jp")
    client.force_login(account, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    return account


def test_a_resident_chooses_for_each_kind(hanako: Account, client: Client) -> None:
    page = client.get("/mypage/notices/").content.decode()
    assert "h•••@example.jp" in page
    assert "hanako@example.jp" not in page.split("<main")[1]
    client.post("/mypage/notices/", {"way_result": ["mail"], "way_action": ["mail", "pigeon"], "_choose": "1"})
    chosen = dict(Choice.objects.values_list("kind", "channels"))
    assert chosen == {"result": ["mail"], "action": ["mail"], "message": [], "progress": []}
    again = client.get("/mypage/notices/").content.decode()
    assert 'id="way-result-mail" name="way_result" value="mail" checked' in again
    assert 'id="way-message-mail" name="way_message" value="mail">' in again


def test_an_address_that_does_not_work_is_seen_and_used_again(hanako: Account, client: Client) -> None:
    AddressFault.objects.create(channel="mail", value=hanako.email, reason="bounced", at=AT)
    assert "お知らせが届いていません" in client.get("/mypage/").content.decode()
    assert "届かずに戻りました" in client.get("/mypage/notices/").content.decode()
    client.post("/mypage/notices/", {"_again": "mail"})
    assert "お知らせが届いていません" not in client.get("/mypage/").content.decode()
    assert mail.outbox == []
