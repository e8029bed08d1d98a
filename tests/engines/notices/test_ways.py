"""LINE by the real SDK against a server of this machine, SMS, bounces, choices, quiet hours: what arrives by which way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.test import Client

from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices import contacts
from madoguchi.engines.notices.api import Recipient, notices_of_case
from madoguchi.engines.notices.bounces import read_bounces
from madoguchi.engines.notices.contacts import choose, code_of, link_contact, owner_of, ways_of
from madoguchi.engines.notices.models import AddressFault, Contact, DeliveryAttempt, HeardEvent, Notice
from madoguchi.engines.notices.services import deliver_notice
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.jobs import run_pending

from .conftest import AT, NUMBER
from .loopback import Heard, serving

pytestmark = pytest.mark.django_db
Send = Callable[..., UUID]
SECRET = "line-secret"
PUSH = "/v2/bot/message/push"


@pytest.fixture
def line(settings: Any) -> Iterator[Heard]:
    with serving() as heard:
        settings.LINE = {
            "token": heard.url,
            "secret": SECRET,
            "id": "@town",
            "api": heard.url,
            "login": "https://line.test",
        }
        yield heard


@pytest.fixture
def gateway(settings: Any) -> Iterator[Heard]:
    with serving() as heard:
        settings.SMS = {"url": f"{heard.url}/send", "token": "t", "secret": "sms-secret", "folder": None}
        yield heard


@pytest.fixture
def hanako(town: None) -> Account:
    return Account.objects.create_resident("hanako@example.jp")


def linked(account: Account, user: str = "U1") -> Recipient:
    link_contact(owner_of(account_id=account.pk), "line", user, at=AT)
    return Recipient(email=account.email, account_id=account.pk, name="花子")


def event(kind: str, number: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1,
        "source": {"type": "user", "userId": "U1"},
        "webhookEventId": number,
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def tell(*events: dict[str, Any], secret: str = SECRET) -> int:
    body = json.dumps({"destination": "x", "events": list(events)}).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return (
        Client()
        .post("/notices/line/webhook/", body, content_type="application/json", headers={"X-Line-Signature": signature})
        .status_code
    )


def results(channel: str) -> list[str]:
    return list(DeliveryAttempt.objects.filter(channel=channel).order_by("id").values_list("result", flat=True))


def test_a_card_goes_to_line_with_number_stage_and_link_and_no_name(send: Send, hanako: Account, line: Heard) -> None:
    send(to=linked(hanako), context={"number": NUMBER, "stage": "2/4 審査", "url": "https://example.jp/status/"})
    with time_machine.travel(AT, tick=False):
        run_pending("notices")
    [request] = line.requests
    assert request["path"] == PUSH
    assert request["body"]["to"] == "U1"
    message = request["body"]["messages"][0]
    words = json.dumps(message, ensure_ascii=False)
    assert message["type"] == "flex"
    assert all(part in words for part in (NUMBER, "2/4 審査", "https://example.jp/status/"))
    assert "花子" not in words
    assert (results("line"), results("mail")) == (["sent"], ["sent"])


def test_line_refuses_a_double_by_the_retry_key_and_a_passing_fault_is_tried_again(
    send: Send, hanako: Account, line: Heard
) -> None:
    line.answers[PUSH] = [(500, {"message": "busy"})]
    notice = send(to=linked(hanako))
    deliver_notice(notice, at=AT, channel="line")
    assert results("line") == ["failed"]
    DeliveryAttempt.objects.all().delete()
    line.retry_keys.add(str(notice))
    deliver_notice(notice, at=AT, channel="line")
    assert results("line") == ["sent"]


def test_a_webhook_is_taken_only_with_lines_signature_and_once(line: Heard, town: None) -> None:
    assert tell(event("follow", "e1", replyToken="r1", follow={"isUnblocked": False}), secret="other") == 400
    assert not HeardEvent.objects.exists()
    follow = event("follow", "e1", replyToken="r1", follow={"isUnblocked": False})
    assert [tell(follow), tell(follow)] == [200, 200]
    run_pending("notices")
    assert [item["path"] for item in line.requests] == ["/v2/bot/user/U1/linkToken", "/v2/bot/message/reply"]
    assert "linkToken=link-token-1" in json.dumps(line.requests[1]["body"])


def test_an_account_is_linked_by_consent_and_nonce_and_revoked(line: Heard, hanako: Account, client: Client) -> None:
    client.force_login(hanako, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    page = client.get("/notices/line/link/?linkToken=link-token-1")
    assert "同意して進む" in page.content.decode()
    assert not Contact.objects.exists()
    agreed = client.post("/notices/line/link/", {"linkToken": "link-token-1"})
    query = parse_qs(urlsplit(agreed.context["go"]).query)
    assert query["linkToken"] == ["link-token-1"]
    [nonce] = query["nonce"]
    link = {"result": "ok", "nonce": nonce}
    tell(event("accountLink", "e2", replyToken="r", link={"result": "ok", "nonce": "guess"}))
    assert not Contact.objects.exists()
    tell(event("accountLink", "e3", replyToken="r", link=link))
    owner = owner_of(account_id=hanako.pk)
    assert Contact.objects.get(ended_at=None).owner == owner
    other = event("accountLink", "e4", replyToken="r", link=link)
    other["source"]["userId"] = "U2"
    tell(other)
    assert Contact.objects.get(ended_at=None).value == "U1"
    assert contacts.end_contact(owner, "line", at=AT)
    assert {way.channel: way.state for way in ways_of(owner)}["line"] == "none"


def test_a_late_nonce_links_nothing(line: Heard, hanako: Account) -> None:
    from madoguchi.engines.notices.line_events import begin_link

    url = begin_link(hanako.pk, "t", at=datetime.now(TOKYO) - timedelta(minutes=11))
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]
    tell(event("accountLink", "e9", replyToken="r", link={"result": "ok", "nonce": nonce}))
    assert not Contact.objects.exists()


def test_who_blocks_us_gets_the_next_way_until_they_follow_again(send: Send, hanako: Account, line: Heard) -> None:
    to = linked(hanako)
    choose(owner_of(account_id=hanako.pk), {"progress": ["line"]}, at=AT)
    tell(event("unfollow", "e1"))
    send(to=to)
    run_pending("notices")
    assert line.requests == []
    assert len(mail.outbox) == 1
    ways = {way.channel: way for way in ways_of(owner_of(account_id=hanako.pk), email=hanako.email)}
    assert (ways["line"].state, ways["line"].reason) == ("broken", "blocked")
    tell(event("follow", "e2", replyToken="r", follow={"isUnblocked": True}))
    send(to=to)
    deliver_notice(Notice.objects.latest("created_at", "id").id, at=AT)
    assert PUSH in [item["path"] for item in line.requests]


def test_at_night_line_waits_for_the_morning_and_mail_does_not(send: Send, hanako: Account, line: Heard) -> None:
    night = datetime(2026, 11, 2, 22, 30, tzinfo=TOKYO)
    with time_machine.travel(night, tick=False):
        send(to=linked(hanako), at=night)
        run_pending("notices", until=night)
    assert (len(mail.outbox), line.requests) == (1, [])
    morning = datetime(2026, 11, 3, 8, 0, tzinfo=TOKYO)
    with time_machine.travel(morning, tick=False):
        assert run_pending("notices", until=morning - timedelta(minutes=1)) == 0
        run_pending("notices", until=morning)
    assert len(line.requests) == 1
    assert DeliveryAttempt.objects.get(channel="line").at == morning


def test_a_choice_of_no_way_leaves_my_page_only(send: Send, hanako: Account) -> None:
    choose(owner_of(account_id=hanako.pk), {}, at=AT)
    send(to=Recipient(email=hanako.email, account_id=hanako.pk))
    run_pending("notices")
    assert mail.outbox == []
    assert Notice.objects.get().channels == ["feed"]


def test_a_guest_confirms_a_number_and_gets_sms(send: Send, town: None, settings: Any, tmp_path: Path) -> None:
    settings.SMS = {"url": "", "token": "", "secret": "", "folder": tmp_path / "sms"}
    owner = owner_of(case_number=NUMBER)
    contact = contacts.add_phone(owner, "090-1234-5678", at=AT)
    with pytest.raises(InvalidInput):
        contacts.confirm_phone(owner, "000000" if code_of(str(contact.pk)) != "000000" else "000001", at=AT)
    assert not contacts.has_contact(owner)
    contacts.confirm_phone(owner, code_of(str(contact.pk)), at=AT)
    send(
        letter="message_waiting", to=Recipient(case_number=NUMBER), context={"number": NUMBER, "url": "https://e.jp/x"}
    )
    with time_machine.travel(AT, tick=False):
        run_pending("notices")
    [path] = list((tmp_path / "sms").iterdir())
    assert "+819012345678" in path.read_text()
    assert "https://e.jp/x" in path.read_text()
    assert "9012345678" not in path.name


def test_an_sms_that_cannot_be_delivered_marks_the_number_and_takes_mail(
    send: Send, hanako: Account, gateway: Heard
) -> None:
    owner = owner_of(account_id=hanako.pk)
    link_contact(owner, "sms", "+819012345678", at=AT)
    choose(owner, {"message": ["sms"]}, at=AT)
    send(letter="message_waiting", to=Recipient(email=hanako.email, account_id=hanako.pk), context={"number": NUMBER})
    with time_machine.travel(AT, tick=False):
        run_pending("notices")
        [request] = gateway.requests
        assert request["body"]["to"] == "+819012345678"
        assert request["headers"]["Authorization"] == "Bearer t"
        body = json.dumps({"id": "sms-1", "status": "undeliverable"}).encode()
        good = hmac.new(b"sms-secret", body, hashlib.sha256).hexdigest()
        post = lambda sign: Client().post(  # noqa: E731
            "/notices/sms/report/", body, content_type="application/json", headers={"X-Signature": sign}
        )
        assert post("0" * 64).status_code == 400
        assert mail.outbox == []
        assert [post(good).status_code, post(good).status_code] == [200, 200]
        run_pending("notices")
    assert len(mail.outbox) == 1
    assert results("sms") == ["sent", "given_up"]
    assert AddressFault.objects.get().reason == "undeliverable"
    [sent] = notices_of_case(NUMBER)
    assert (sent.state, sent.state_label) == ("sent", "メール：送信済み、SMS：届けられません")


def report(notice: UUID, *, status: str = "5.1.1", action: str = "failed", number: str = "") -> bytes:
    """Return a delivery status notification as a mail server writes one (RFC 3464)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "MAILER-DAEMON@example.jp", "bounce@example.jp", "Undelivered"
    message.set_content("could not be delivered")
    message.make_mixed()
    raw = (
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.jp\n\n"
        f"Final-Recipient: rfc822; hanako@example.jp\nAction: {action}\nStatus: {status}\n"
    )
    original = f"Content-Type: message/rfc822\n\nMessage-ID: <{number or notice}@example.jp>\nSubject: x\n\nbody\n"
    head = message.as_string().replace("multipart/mixed", "multipart/report; report-type=delivery-status")
    boundary = head.split('boundary="')[1].split('"')[0]
    return head.replace(f"--{boundary}--", f"--{boundary}\n{raw}\n--{boundary}\n{original}\n--{boundary}--").encode()


def test_a_mail_that_comes_back_marks_the_address_and_takes_the_next_way(
    send: Send, hanako: Account, line: Heard, settings: Any, tmp_path: Path
) -> None:
    to = linked(hanako)
    choose(owner_of(account_id=hanako.pk), {"progress": ["mail"]}, at=AT)
    notice = send(to=to)
    deliver_notice(notice, at=AT)
    settings.BOUNCE_FOLDER = str(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(report(notice))
    (tmp_path / "new" / "2").write_bytes(report(notice))
    (tmp_path / "new" / "3").write_bytes(b"Subject: hello\n\nnot a report")
    assert read_bounces(at=AT) == 1
    assert list((tmp_path / "new").iterdir()) == []
    assert results("mail") == ["sent", "given_up"]
    assert AddressFault.objects.get().reason == "bounced"
    with time_machine.travel(AT, tick=False):
        run_pending("notices")
    assert len(line.requests) == 1
    send(to=Recipient(email=hanako.email), case_number="")
    with time_machine.travel(AT, tick=False):
        run_pending("notices")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("changes", "given_up", "faults"),
    [
        ({"action": "delayed", "status": "4.4.7"}, 0, 0),
        ({"status": "5.2.2"}, 1, 0),
        ({"number": "01890000-0000-7000-8000-000000000000"}, 0, 0),
    ],
)
def test_what_only_looks_like_a_dead_address_is_left(
    send: Send, settings: Any, tmp_path: Path, changes: dict[str, str], given_up: int, faults: int
) -> None:
    notice = send()
    run_pending("notices")
    settings.BOUNCE_FOLDER = str(tmp_path)
    (tmp_path / "a.eml").write_bytes(report(notice, **changes))
    assert read_bounces(at=AT) == given_up
    assert AddressFault.objects.count() == faults
    assert (tmp_path / "done" / "a.eml").exists()
