"""Letters about corrections: the request names its day, and one reminder goes out before that day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from procrastinate.contrib.django import app

from madoguchi.engines.casework.api import Applicant, Case, CorrectionRequest, advance, open_case, request_correction
from madoguchi.kernel import jobs, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import facts_of, list_procedures
from madoguchi.rooms.portal.services import remind_of_corrections

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
