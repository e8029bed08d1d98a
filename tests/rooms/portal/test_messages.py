"""A resident without an account writes to the section by receipt number and code, and is told that an answer waits."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case, conversation_rules, send_message
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import clock, jobs, municipality
from madoguchi.kernel.access import Actor

pytestmark = [pytest.mark.django_db]
CLERK = Actor(kind="staff", id="1", name="役場 太郎", roles=frozenset({"clerk"}), sections=frozenset({"jumin"}))


@pytest.fixture
def handed_in(sample_town: None, client: Client) -> Receipt:
    form = definition_of("juminhyo")
    receipt = submit(client, fill(client, start(client, "juminhyo"), form, valid_example(form, "whole_by_mail")))
    Case.objects.filter(number=receipt.number).update(contact_email="hanako@example.jp", language="en")
    return receipt


def answer(number: str, words: str) -> None:
    case = Case.objects.get(number=number)
    calendar = municipality.current().calendar
    send_message(case, body=words, actor=CLERK, at=clock.now(), calendar=calendar, rules=conversation_rules())


def test_a_guest_asks_and_reads_the_answer(handed_in: Receipt, client: Client) -> None:
    url = f"/status/{handed_in.number}/"
    sent = client.post(f"{url}messages/", {"message": "いつ届きますか"}, follow=True)
    assert "メッセージを送りました" in sent.content.decode()
    assert "いつ届きますか" in sent.content.decode()
    answer(handed_in.number, "明日です。")
    answer(handed_in.number, "午前中です。")
    phone = Client()
    phone.post("/status/", {"number": handed_in.number, "code": handed_in.code})
    page = phone.get(url).content.decode()
    assert "担当課から新しいメッセージが2件あります" in page
    assert "役場 太郎" not in page
    assert "新しいメッセージが" not in phone.get(url).content.decode()


def test_the_mail_says_only_that_a_message_waits_once(handed_in: Receipt, client: Client) -> None:
    mail.outbox.clear()
    answer(handed_in.number, "印鑑登録証の番号を教えてください")
    answer(handed_in.number, "お急ぎください")
    jobs.run_pending("notices")
    told = [item for item in mail.outbox if "message about" in item.subject]
    assert len(told) == 1
    assert "印鑑" not in told[0].body
    assert handed_in.number in told[0].subject
    client.get(f"/status/{handed_in.number}/")
    answer(handed_in.number, "ありがとうございました")
    assert Notice.objects.filter(letter="message_waiting").count() == 2


def test_a_refused_message_is_kept_and_explained_in_the_readers_language(handed_in: Receipt, client: Client) -> None:
    url = f"/status/{handed_in.number}/messages/?lang=en"
    response = client.post(url, {"message": "x" * 2001})
    assert response.status_code == 422
    assert "The message is too long." in response.content.decode()
    assert "x" * 2001 in response.content.decode()


def test_who_holds_no_key_can_neither_read_nor_write(handed_in: Receipt) -> None:
    stranger = Client()
    assert stranger.post(f"/status/{handed_in.number}/messages/", {"message": "a"}).status_code == 404
    assert not Case.objects.get(number=handed_in.number).messages.exists()


def test_too_many_messages_at_once_are_put_off(handed_in: Receipt, client: Client) -> None:
    url = f"/status/{handed_in.number}/messages/"
    codes = [client.post(url, {"message": f"{count}"}).status_code for count in range(21)]
    assert codes == [302] * 20 + [422]
