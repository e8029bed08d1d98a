"""Messages inside a case: both sides write, marks move, history and columns agree, a closed thread takes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from madoguchi.engines.casework.conversation import MessagesFile
from madoguchi.engines.casework.models import Case, CaseMessage
from madoguchi.engines.casework.queue import QueueFilter, count_replies, list_cases
from madoguchi.engines.casework.services import (
    OpenedCase,
    mark_thread_read,
    rebuild_projection,
    send_message,
    settle_messages,
    withdraw,
)
from madoguchi.engines.casework.status import public_timeline
from madoguchi.engines.casework.thread import first_unread, thread_of, unread_messages
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed

RULES = MessagesFile(max_characters=200, open_days_after_end=10)
RESIDENT, SECTION = CaseMessage.Side.RESIDENT, CaseMessage.Side.SECTION


class Talk:
    """A case and its two sides, a minute between messages."""

    def __init__(self, opened: OpenedCase, clerk: Actor, resident: Actor, calendar: OfficeCalendar) -> None:
        self.case, self.clerk, self.resident, self.calendar = opened.case, clerk, resident, calendar
        self.at = opened.case.received_at

    def say(self, words: str, actor: Actor, *, minutes: int = 1) -> tuple[CaseMessage, bool]:
        self.at += timedelta(minutes=minutes)
        said = send_message(self.case, body=words, actor=actor, at=self.at, calendar=self.calendar, rules=RULES)
        self.case.refresh_from_db()
        return said


@pytest.fixture
def talk(
    opened: OpenedCase, clerk: Actor, resident: Actor, calendar: OfficeCalendar, monkeypatch: pytest.MonkeyPatch
) -> Talk:
    monkeypatch.setattr("madoguchi.engines.casework.thread.conversation_rules", lambda: RULES)
    return Talk(opened, clerk, resident, calendar)


def test_a_resident_waits_until_the_section_answers(talk: Talk) -> None:
    talk.say("いつ終わりますか", talk.resident)
    since = talk.case.reply_since
    talk.say("急いでいます", talk.resident)
    assert talk.case.reply_since == since == talk.case.messages.first().at
    assert count_replies(frozenset({"kumin"})) == 1
    assert count_replies(frozenset({"other"})) == 0
    waiting = QueueFilter(sections=None, show="reply")
    day = talk.at.date()
    assert [case.pk for case in list_cases(waiting, today=day, due_by=day).cases] == [talk.case.pk]
    talk.say("5日に終わります", talk.clerk)
    assert talk.case.reply_since is None
    assert not rebuild_projection(talk.case, calendar=talk.calendar)


def test_marks_move_on_each_side_alone(talk: Talk) -> None:
    talk.say("一", talk.resident)
    talk.say("二", talk.resident)
    assert unread_messages([talk.case], side=SECTION) == {talk.case.pk: 2}
    assert unread_messages([talk.case], side=RESIDENT) == {}
    assert first_unread(talk.case, side=SECTION) == talk.case.messages.order_by("id").first().pk
    assert mark_thread_read(talk.case, side=SECTION, at=talk.at)
    assert not mark_thread_read(talk.case, side=SECTION, at=talk.at - timedelta(hours=1))
    talk.case.refresh_from_db()
    assert first_unread(talk.case, side=SECTION) is None
    assert [item.read for item in thread_of(talk.case, side=RESIDENT, at=talk.at).messages] == [True, True]
    talk.say("答え", talk.clerk)
    seen = thread_of(talk.case, side=RESIDENT, at=talk.at)
    assert (seen.unread, seen.messages[-1].author_name) == (1, "")
    assert thread_of(talk.case, side=SECTION, at=talk.at).messages[-1].author_name == "窓口 一郎"


def test_the_same_words_pressed_twice_are_one_message(talk: Talk) -> None:
    first, new = talk.say("はい", talk.resident)
    again, renewed = talk.say("はい\r\n", talk.resident)
    assert (first.pk, new, renewed) == (again.pk, True, False)
    assert talk.say("はい", talk.resident, minutes=11)[1]


@pytest.mark.parametrize(
    ("words", "code"), [("  \n ", "casework.message_empty"), ("あ" * 201, "casework.message_long")]
)
def test_words_that_do_not_fit_are_refused(talk: Talk, words: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        talk.say(words, talk.resident)
    assert caught.value.code == code
    assert not talk.case.messages.exists()


def test_another_section_may_not_write(talk: Talk) -> None:
    stranger = Actor(kind="staff", id="9", roles=frozenset({"clerk"}), sections=frozenset({"other"}))
    with pytest.raises(NotAllowed):
        talk.say("こんにちは", stranger)


def test_a_closed_case_takes_messages_for_the_days_the_ward_sets(talk: Talk) -> None:
    withdraw(talk.case, actor=talk.resident, at=talk.at, calendar=talk.calendar, reason="不要")
    talk.case.refresh_from_db()
    talk.say("もう一つ聞きたい", talk.resident, minutes=60 * 24 * 10)
    assert count_replies(None) == 1
    closed = thread_of(talk.case, side=RESIDENT, at=talk.at + timedelta(days=1))
    assert not closed.is_open
    with pytest.raises(Conflict) as caught:
        talk.say("まだですか", talk.resident, minutes=60 * 24)
    assert caught.value.code == "casework.thread_closed"


def test_no_answer_needed_ends_the_waiting(talk: Talk) -> None:
    talk.say("ありがとう", talk.resident)
    assert settle_messages(talk.case, actor=talk.clerk, at=talk.at, calendar=talk.calendar)
    assert not settle_messages(talk.case, actor=talk.clerk, at=talk.at, calendar=talk.calendar)
    talk.case.refresh_from_db()
    assert talk.case.reply_since is None


def test_words_stay_out_of_the_audit_log_and_the_history_tells_both_sides(talk: Talk) -> None:
    talk.say("ひみつの言葉", talk.resident)
    talk.say("答え", talk.clerk)
    assert "ひみつ" not in str(list(AuditEntry.objects.values()))
    events = list(talk.case.events.order_by("seq"))
    from madoguchi.engines.casework.definitions import definition_of

    titles = [
        str(item.title)
        for item in public_timeline(talk.case, events, definition=definition_of(talk.case.workflow_version_id))
    ]
    assert titles[-2:] == ["メッセージを送りました", "担当課からメッセージが届きました"]


def test_a_message_is_never_changed_but_may_be_emptied(talk: Talk) -> None:
    message, _ = talk.say("住所は…", talk.resident)
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseMessage.objects.filter(pk=message.pk).update(body="別の言葉")
    with pytest.raises(DatabaseError), transaction.atomic():
        message.delete()
    assert CaseMessage.objects.filter(pk=message.pk).update(body="") == 1


def test_time_does_not_run_back(talk: Talk) -> None:
    talk.say("一", talk.resident)
    earlier: datetime = talk.at - timedelta(hours=1)
    with pytest.raises(Conflict):
        send_message(talk.case, body="二", actor=talk.clerk, at=earlier, calendar=talk.calendar, rules=RULES)
    assert Case.objects.get(pk=talk.case.pk).messages.count() == 1
