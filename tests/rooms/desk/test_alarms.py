"""Staff are told before a promised day is missed: the assignee first, the chief nearer the day, counts only, once a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from madoguchi.engines.casework.api import Case, OpenedCase, assign
from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices.models import AddressFault, Notice
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.jobs import run_pending
from madoguchi.rooms.desk.telling import tell_of_the_day

from .conftest import AT

pytestmark = pytest.mark.django_db


def letters() -> list[str]:
    return sorted(Notice.objects.filter(letter__startswith="staff_").values_list("letter", flat=True))


@pytest.fixture
def mine(hand_in: Callable[..., OpenedCase]) -> Case:
    """Return a case of the clerk, promised three office days after Wednesday, 4 November (closed on Wednesdays)."""
    case, person = hand_in().case, Account.objects.get(login="jumin")
    calendar = municipality.current().calendar
    assign(case, assignee_ref=person.ref, assignee_name="x", actor=SYSTEM, at=AT, calendar=calendar)
    return Case.objects.get(pk=case.pk)


def morning(day: int) -> datetime:
    return datetime(2026, 11, day, 8, 30, tzinfo=TOKYO)


def test_the_assignee_is_told_before_the_chief_and_both_before_the_day(mine: Case) -> None:
    calendar = municipality.current().calendar
    days = [day for day in range(5, 14) if calendar.is_open(morning(day).date())]
    told = {}
    for day in days:
        Notice.objects.all().delete()
        tell_of_the_day(at=morning(day))
        told[calendar.office_days_between(morning(day).date(), mine.promised_on)] = letters()  # type: ignore[arg-type]
    assert told[3] == ["staff_digest"]
    assert told[2] == told[1] == told[0] == ["staff_chief_alarm", "staff_digest"]


def test_nobody_is_told_on_a_closed_day_or_twice(mine: Case) -> None:
    assert tell_of_the_day(at=morning(8)) == 0
    for _ in range(3):
        tell_of_the_day(at=morning(9))
    run_pending("notices")
    assert Notice.objects.filter(letter="staff_digest").count() == 1
    assert len({item.to[0] for item in mail.outbox}) == len(mail.outbox)


def test_the_mail_holds_counts_only(mine: Case) -> None:
    tell_of_the_day(at=morning(9))
    [digest] = Notice.objects.filter(letter="staff_digest")
    assert "約束日が近い案件　1件" in digest.body
    assert "約束日を過ぎた" not in digest.body
    for secret in (mine.number, mine.applicant_name, mine.procedure_title):
        assert secret not in digest.subject + digest.body


def test_cases_nobody_has_taken_go_to_the_chief_after_the_days_the_ward_sets(
    hand_in: Callable[..., OpenedCase], clerk: Client
) -> None:
    hand_in(at=AT - timedelta(days=12))
    tell_of_the_day(at=morning(5))
    [alarm] = Notice.objects.filter(letter="staff_chief_alarm")
    assert "担当の決まっていない案件　1件" in alarm.body
    assert "担当の決まっていない案件が1件" in clerk.get("/desk/").content.decode()


def test_a_new_case_without_an_assignee_is_no_alarm(hand_in: Callable[..., OpenedCase], clerk: Client) -> None:
    hand_in(at=AT)
    assert "担当の決まっていない案件が" not in clerk.get("/desk/").content.decode()


def test_staff_read_their_notices_and_nobody_elses(mine: Case, clerk: Client, chief: Client) -> None:
    tell_of_the_day(at=morning(9))
    digest = Notice.objects.get(letter="staff_digest")
    assert "今日の案件" in clerk.get("/desk/notices/").content.decode()
    assert "約束日が近い案件" in clerk.get(f"/desk/notices/{digest.id}/").content.decode()
    assert chief.get(f"/desk/notices/{digest.id}/").status_code == 404
    digest.refresh_from_db()
    assert digest.read_at is not None


def test_the_case_page_says_that_mail_does_not_arrive(hand_in: Callable[..., OpenedCase], clerk: Client) -> None:
    case = hand_in(email="gone@example.jp").case
    AddressFault.objects.create(channel="mail", value="gone@example.jp", reason="bounced", at=AT)
    assert "メール <strong data-late>▲届かずに戻りました" in clerk.get(f"/desk/cases/{case.number}/").content.decode()
