"""Messages with the applicant at the desk: ready answers, refusals that lose nothing, marks, the list of those who wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from madoguchi.engines.casework.api import Case, assign, conversation_rules, send_message
from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM, Actor

from .conftest import AT

pytestmark = pytest.mark.django_db


def write(case: Case, words: str, guest: Actor, *, minutes: int = 0) -> None:
    send_message(
        case,
        body=words,
        actor=guest,
        at=AT + timedelta(minutes=minutes),
        calendar=municipality.current().calendar,
        rules=conversation_rules(),
    )


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.number}/").content.decode()


def test_a_waiting_message_is_seen_in_the_queue_and_read_by_opening_the_case(
    clerk: Client, case: Case, guest: Actor
) -> None:
    write(case, "いつ終わりますか <b>", guest)
    listed = clerk.get("/desk/?show=reply").content.decode()
    assert "返事待ち（未読1件）" in listed
    page = page_of(clerk, case)
    assert "未読1件" in page
    assert "いつ終わりますか &lt;b&gt;" in page
    assert "未読1件" not in page_of(clerk, case)
    assert "返事待ち（未読" not in clerk.get("/desk/?show=reply").content.decode()
    sent = clerk.post(f"/desk/cases/{case.number}/messages/", {"message": "5日です"}, follow=True)
    assert "申請者にメッセージを送りました" in sent.content.decode()
    assert case.number not in clerk.get("/desk/?show=reply").content.decode()


def test_a_ready_answer_comes_in_the_applicants_language_after_what_was_typed(clerk: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(language="ko")
    url = f"/desk/cases/{case.number}/messages/"
    filled = clerk.post(url, {"message": "こんにちは。", "template": "thank_you", "_template": "1"}).content.decode()
    assert "こんにちは。\n\n답장해 주셔서 감사합니다." in filled
    lost = clerk.post(url, {"message": "こんにちは。", "template": "", "_template": "1"})
    assert lost.status_code == 422
    assert "こんにちは。</textarea>" in lost.content.decode()
    assert not case.messages.exists()


def test_a_message_too_long_is_refused_and_kept(clerk: Client, case: Case) -> None:
    response = clerk.post(f"/desk/cases/{case.number}/messages/", {"message": "あ" * 2001})
    assert response.status_code == 422
    assert "長すぎます" in response.content.decode()
    assert "あ" * 2001 in response.content.decode()


def test_the_assignee_is_told_once_until_somebody_reads(clerk: Client, case: Case, guest: Actor) -> None:
    person = Account.objects.get(login="jumin")
    calendar = municipality.current().calendar
    assign(case, assignee_ref=person.ref, assignee_name="x", actor=SYSTEM, at=AT, calendar=calendar)
    write(case, "一つ目", guest)
    write(case, "二つ目", guest, minutes=1)
    [notice] = Notice.objects.filter(letter="staff_message_waiting")
    assert (notice.account_id, case.number in notice.body, "一つ目" in notice.body) == (person.pk, True, False)
    page_of(clerk, case)
    write(case, "三つ目", guest, minutes=20)
    assert Notice.objects.filter(letter="staff_message_waiting").count() == 2


def test_answered_on_the_phone_ends_the_waiting(clerk: Client, case: Case, guest: Actor) -> None:
    write(case, "電話ください", guest)
    assert "返事は不要" in clerk.post(f"/desk/cases/{case.number}/messages/settle/", follow=True).content.decode()
    assert "メッセージが返事を待っています" not in page_of(clerk, case)
