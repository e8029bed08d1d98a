"""Sending and delivering: one insert and one enqueue, one mail whatever happens, secrets never stored."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection

from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices.api import (
    LateValue,
    Recipient,
    feed,
    feed_item,
    late_values,
    mark_read,
    notices_of_case,
    overdue_mail,
    unread_count,
)
from madoguchi.engines.notices.delivery_schema import DeliveryFile
from madoguchi.engines.notices.models import DeliveryAttempt, Notice
from madoguchi.engines.notices.services import deliver_notice
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.kernel.jobs import run_pending

from .conftest import AT, NUMBER

pytestmark = pytest.mark.django_db
MAX_ATTEMPTS = DeliveryFile().tries["mail"]
Send = Callable[..., UUID]
SMTP = "django.core.mail.backends.locmem.EmailBackend.send_messages"


def fail(error: Exception) -> Callable[..., int]:
    """Return a mail server that always answers with this error."""

    def refuse(*args: Any, **kwargs: Any) -> int:
        raise error

    return refuse


def test_sending_costs_one_insert_and_one_enqueue(send: Send, django_assert_num_queries: Any) -> None:
    send()
    with django_assert_num_queries(2) as captured:
        send()
    assert captured[0]["sql"].startswith("INSERT INTO")


def test_a_mail_holds_the_number_and_the_name_line_only(send: Send) -> None:
    send()
    run_pending("notices")
    [message] = mail.outbox
    assert message.subject == f"申請を受け付けました（受付番号 {NUMBER}）"
    assert message.body.startswith("杉並 花子 様\n")
    assert "サンプル町" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert DeliveryAttempt.objects.get().result == "sent"


def test_the_language_of_the_recipient_is_used(send: Send) -> None:
    send(lang="en")
    send(lang="easy")
    subjects = set(Notice.objects.values_list("subject", flat=True))
    assert subjects == {f"We have received your application ({NUMBER})", f"申し込みを 受け付けました（番号 {NUMBER}）"}


def test_the_same_key_is_mailed_once(send: Send) -> None:
    for _ in range(3):
        send(dedupe_key="case-1:received")
    run_pending("notices")
    assert (Notice.objects.count(), len(mail.outbox)) == (1, 1)


def test_delivering_again_mails_nothing(send: Send) -> None:
    notice_id = send()
    for _ in range(3):
        deliver_notice(notice_id, at=AT)
    assert len(mail.outbox) == 1


def test_a_passing_fault_is_tried_again_later_and_then_arrives(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    notice_id = send()
    with monkeypatch.context() as patch:
        patch.setattr(SMTP, fail(SMTPServerDisconnected("hanako@example.jp")))
        deliver_notice(notice_id, at=AT)
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.result, attempt.error_class) == ("failed", "SMTPServerDisconnected")
    assert _due_times() == [AT + timedelta(seconds=20)]
    assert [one.state for one in notices_of_case(NUMBER)] == ["waiting"]
    run_pending("notices", until=AT + timedelta(days=400))
    assert [one.state for one in notices_of_case(NUMBER)] == ["sent"]
    assert len(mail.outbox) == 1


def test_after_the_last_try_it_is_given_up(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SMTP, fail(ConnectionRefusedError()))
    notice_id = send()
    for _ in range(MAX_ATTEMPTS + 3):
        deliver_notice(notice_id, at=AT)
    results = list(DeliveryAttempt.objects.values_list("result", flat=True))
    assert results == ["failed"] * (MAX_ATTEMPTS - 1) + ["given_up"]


def test_a_refused_address_is_given_up_at_once(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SMTP, fail(SMTPRecipientsRefused({"hanako@example.jp": (550, b"no such user")})))
    deliver_notice(send(), at=AT)
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.result, attempt.error_class) == ("given_up", "SMTPRecipientsRefused")


def test_a_secret_is_filled_in_at_delivery_and_never_stored(send: Send) -> None:
    if "test.secret" not in late_values:
        late_values.register("test.secret", lambda argument: f"https://example.jp/{argument}-secret")
    late = {"link": LateValue("test.secret", "42")}
    send(letter="sign_in_link", context={"minutes": "20"}, late=late, case_number="")
    assert "secret" not in Notice.objects.get().body
    run_pending("notices")
    assert "https://example.jp/42-secret" in mail.outbox[0].body
    assert "42-secret" not in str(Notice.objects.values())


def test_without_any_way_to_reach_the_person_it_is_refused(send: Send) -> None:
    with pytest.raises(InvalidInput):
        send(to=Recipient())
    with pytest.raises(NotFound):
        send(letter="nowhere")


def test_the_feed_belongs_to_its_account(send: Send) -> None:
    mine = Account.objects.create_resident("hanako@example.jp")
    other = Account.objects.create_resident("taro@example.jp")
    notice_id = send(to=Recipient(account_id=mine.pk))
    assert Notice.objects.get().channels == ["feed"]
    run_pending("notices")
    assert mail.outbox == []
    assert [item.id for item in feed(mine.pk)] == [notice_id]
    assert feed(other.pk) == []
    assert feed_item(notice_id, account_id=other.pk) is None
    assert unread_count(mine.pk) == 1
    assert not mark_read(notice_id, account_id=other.pk, at=AT)
    assert mark_read(notice_id, account_id=mine.pk, at=AT)
    assert not mark_read(notice_id, account_id=mine.pk, at=AT)
    assert unread_count(mine.pk) == 0


def test_mail_that_should_have_left_is_counted(send: Send) -> None:
    send()
    assert overdue_mail(at=AT + timedelta(minutes=14)) == 0
    assert overdue_mail(at=AT + timedelta(minutes=16)) == 1
    run_pending("notices")
    assert overdue_mail(at=AT + timedelta(minutes=16)) == 0


def test_mail_as_files_can_be_opened_and_names_nobody(send: Send, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "madoguchi.engines.notices.backends.FolderEmailBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    deliver_notice(send(), at=AT)
    [path] = list(settings.MAIL_FOLDER.iterdir())
    assert path.suffix == ".eml"
    assert "hanako" not in path.name
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "hanako@example.jp"
    assert NUMBER in message.get_content()


def _due_times() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL")
        return [row[0] for row in cursor.fetchall()]
