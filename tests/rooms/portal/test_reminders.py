"""Letters about corrections: the request names its day, and one reminder goes out before that day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from procrastinate.contrib.django import app
from tests.support.journeys import definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Applicant, Case, CorrectionRequest, advance, open_case, request_correction
from madoguchi.engines.forms.api import Draft
from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices.models import Notice
from madoguchi.engines.payments.api import charges_of_case
from madoguchi.kernel import jobs, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import facts_of, list_procedures
from madoguchi.rooms.portal.reminders import remind_of_corrections, remind_of_drafts, remind_of_payments

from .conftest import AT
from .journey import chief_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]
DUE = datetime(2026, 11, 20, 9, 5, tzinfo=TOKYO)
"""A Friday."""
IN_WORDS = "令和8年11月20日"


@pytest.fixture
def asked() -> CorrectionRequest:
    """Return a correction due on ``DUE``, the mail about it not yet sent."""
    procedure = next(item for item in list_procedures() if item.form == "juminhyo")
    calendar = municipality.current().calendar
    case = open_case(
        submission=None,
        procedure=facts_of(procedure),
        applicant=Applicant(name="杉野 花子", email="hanako@example.jp"),
        actor=Actor(kind="guest", id="draft"),
        channel="online",
        at=AT,
        calendar=calendar,
    ).case
    return request_correction(
        case,
        fields=["home"],
        message="番地が足りません。",
        due_on=DUE.date(),
        actor=chief_of(case.section),
        at=AT + timedelta(minutes=5),
        calendar=calendar,
    )


@pytest.fixture
def outbox(asked: CorrectionRequest) -> list[mail.EmailMessage]:
    """Return the mails after the request itself has gone out."""
    jobs.run_pending(until=AT + timedelta(minutes=10))
    return mail.outbox


def test_the_request_for_a_correction_is_mailed_with_its_day(outbox: list[mail.EmailMessage]) -> None:
    (letter,) = outbox
    assert letter.to == ["hanako@example.jp"]
    assert "直してください" in letter.subject
    assert IN_WORDS in letter.body
    assert "番地" not in letter.body, "what is wrong is read on the status page only"


def test_one_reminder_goes_out_three_office_days_before(outbox: list[mail.EmailMessage]) -> None:
    calendar = municipality.current().calendar
    early = next(
        day
        for day in (DUE - timedelta(days=count) for count in range(14))
        if calendar.office_days_between(day.date(), DUE.date()) == 4
    )
    assert remind_of_corrections(at=early) == 0
    assert remind_of_corrections(at=early + timedelta(days=1)) == 1
    assert remind_of_corrections(at=DUE - timedelta(days=1)) == 0
    jobs.run_pending(until=DUE)
    assert len(outbox) == 2
    assert "期限が近づいています" in outbox[1].subject
    assert IN_WORDS in outbox[1].body


def test_who_answered_or_is_late_or_a_sample_is_not_reminded(asked: CorrectionRequest) -> None:
    assert remind_of_corrections(at=DUE + timedelta(days=1)) == 0
    Case.objects.filter(pk=asked.case_id).update(is_sample=True)
    assert remind_of_corrections(at=DUE) == 0
    Case.objects.filter(pk=asked.case_id).update(is_sample=False)
    case = Case.objects.get(pk=asked.case_id)
    calendar = municipality.current().calendar
    advance(
        case,
        "resume",
        actor=chief_of(case.section),
        at=AT + timedelta(hours=1),
        calendar=calendar,
        payload={"reason": "電話"},
    )
    assert remind_of_corrections(at=DUE) == 0


def test_the_worker_does_it_every_morning(outbox: list[mail.EmailMessage]) -> None:
    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons["portal.remind_corrections"] == "5 0 * * *"
    with time_machine.travel(DUE, tick=False):
        jobs.enqueue("portal.remind_corrections", timestamp=0)
        jobs.run_pending()
    assert len(outbox) == 2


def test_an_unpaid_charge_is_reminded_of_once_before_its_day(client: Client) -> None:
    form = definition_of("juminhyo")
    number = submit(client, fill(client, start(client, "juminhyo"), form, valid_example(form, "whole_by_mail"))).number
    Case.objects.filter(number=number).update(contact_email="hanako@example.jp")
    due = charges_of_case(number)[0].charge.due_on
    assert due is not None
    morning = datetime.combine(due, time(9, 10), TOKYO)
    assert remind_of_payments(at=morning - timedelta(days=10)) == 0
    for _ in range(2):
        remind_of_payments(at=morning - timedelta(days=1))
    [notice] = Notice.objects.filter(letter="payment_reminder")
    assert day_in_words(due, "ja") in notice.body
    assert remind_of_payments(at=morning + timedelta(days=1)) == 0


def test_a_draft_is_told_of_before_it_is_deleted_when_its_owner_can_be_reached(client: Client) -> None:
    hanako = Account.objects.create_resident("hanako@example.jp")
    start(Client(), "juminhyo")
    client.force_login(hanako, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    start(client, "juminhyo")
    draft = Draft.objects.get(owner_ref=hanako.ref)
    day = draft.expires_at - timedelta(days=1)
    assert remind_of_drafts(at=draft.expires_at - timedelta(days=20)) == 0
    for _ in range(2):
        assert remind_of_drafts(at=day) == 1
    [notice] = Notice.objects.filter(letter="draft_expiring")
    assert (notice.account_id, "/mypage/" in notice.body) == (hanako.pk, True)
