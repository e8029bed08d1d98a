"""A document issued to the applicant: on the status page, downloaded, by post, at a desk; never to a stranger."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from tests.support.journeys import definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case, advance
from madoguchi.engines.issuing.api import (
    IssuedDocument,
    check_code,
    choose_delivery,
    desks,
    issue_document,
    revoke_document,
)
from madoguchi.engines.issuing.models import Delivery, DocumentEvent
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.portal.reminders import remind_of_documents

pytestmark = [pytest.mark.django_db]
RIGHTS = frozenset({"issuing.issue", "issuing.revoke"})
CLERK = Actor("staff", "1", "職員", frozenset({"clerk", "section_chief"}), frozenset({"jumin"}), RIGHTS)


@pytest.fixture
def case(sample_town: None, client: Client, tmp_path: Path, settings: Any) -> Case:
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    form = definition_of("inu_toroku")
    receipt = submit(client, fill(client, start(client, "inu_toroku"), form, valid_example(form)))
    case = Case.objects.get(number=receipt.number)
    for step in ("check", "record", "accept"):
        case = advance(case, step, actor=CLERK, at=clock.now(), calendar=municipality.current().calendar)
    return case


@pytest.fixture
def document(case: Case) -> IssuedDocument:
    return issue_document(case, "inu_torokusho", actor=CLERK, at=clock.now(), inputs={"tag": "R8-0012"})


def page_at(document: IssuedDocument) -> str:
    return f"/status/{document.case_number}/documents/{document.id}/"


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as found:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in found))


def test_it_is_found_on_the_status_page_and_downloaded(client: Client, document: IssuedDocument) -> None:
    status = client.get(f"/status/{document.case_number}/").content.decode()
    assert page_at(document) in status
    assert "文書を交付しました" in status
    given = client.get(f"{page_at(document)}document.pdf")
    assert given["Content-Disposition"].startswith("attachment")
    assert check_code(document.id) in words_of(b"".join(given.streaming_content))
    assert DocumentEvent.objects.get(kind="downloaded").actor_ref.startswith("guest:")


def test_a_stranger_finds_nothing(document: IssuedDocument) -> None:
    stranger = Client()
    for url in (page_at(document), f"{page_at(document)}document.pdf"):
        assert stranger.get(url).status_code == 404


def test_post_begins_with_the_address_of_the_application(client: Client, document: IssuedDocument) -> None:
    page = client.get(page_at(document)).content.decode()
    assert "東京都サンプル町中央1-2-3" in page
    wrong = client.post(page_at(document), {"way": "post", "name": "見本 一郎", "address": ""})
    assert wrong.status_code == 422
    assert "送り先の住所を入力してください" in wrong.content.decode()
    assert "見本 一郎" in wrong.content.decode()
    client.post(page_at(document), {"way": "post", "name": "見本 一郎", "address": "東京都サンプル町南4-5-6"})
    assert Delivery.objects.get().address == "東京都サンプル町南4-5-6"
    assert "郵送します" in client.get(page_at(document)).content.decode()


def test_picking_up_shows_a_code_that_is_not_the_one_on_the_paper(client: Client, document: IssuedDocument) -> None:
    client.post(page_at(document), {"way": "pickup", "desk": "hall"})
    shown = re.search(r"data-pickup-code>([^<]+)<", client.get(page_at(document)).content.decode())
    assert shown is not None
    assert shown[1] != check_code(document.id)


def test_a_revoked_document_is_given_to_nobody(client: Client, document: IssuedDocument) -> None:
    revoke_document(document, reason="誤り", actor=CLERK, at=clock.now())
    page = client.get(page_at(document)).content.decode()
    assert "取り消されました" in page
    assert "document.pdf" not in page
    assert "誤り" not in page
    assert client.get(f"{page_at(document)}document.pdf").status_code == 409
    assert client.post(page_at(document), {"way": "pickup", "desk": "hall"}).status_code == 422


def test_the_copy_of_the_form_is_given_to_its_owner_only(client: Client, case: Case) -> None:
    assert f"/status/{case.number}/sheet.pdf" in client.get(f"/status/{case.number}/").content.decode()
    words = words_of(client.get(f"/status/{case.number}/sheet.pdf").content)
    assert "控え" in words
    assert case.number in words
    assert Client().get(f"/status/{case.number}/sheet.pdf").status_code == 404


def morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 20), TOKYO)


def test_the_owner_is_reminded_once_before_the_last_day_on_an_open_day(document: IssuedDocument) -> None:
    Case.objects.filter(number=document.case_number).update(contact_email="hanako@example.jp", language="en")
    calendar, last = municipality.current().calendar, document.expires_on
    assert last is not None
    assert remind_of_documents(at=morning(last - dt.timedelta(days=40))) == 0
    closed = next(day for n in range(1, 9) if not calendar.is_open(day := last - dt.timedelta(days=n)))
    assert remind_of_documents(at=morning(closed)) == 0, "nobody is in the office"
    near = calendar.add_office_days(last, -3)
    assert [remind_of_documents(at=morning(near)) for _ in range(2)] == [1, 0]
    [notice] = Notice.objects.filter(letter="document_expiring")
    assert f"{last.year}" in notice.body
    assert document.title["ja"] not in notice.body
    assert DocumentEvent.objects.filter(kind="expiry_told", actor_ref=SYSTEM.ref).count() == 1


def test_what_waits_at_a_desk_is_told_of_once_unless_it_was_revoked(document: IssuedDocument) -> None:
    Case.objects.filter(number=document.case_number).update(contact_email="hanako@example.jp")
    calendar, today = municipality.current().calendar, clock.today()
    choose_delivery(document, "pickup", actor=Actor("guest", "x"), at=clock.now(), desk=desks()[0].id)
    assert remind_of_documents(at=morning(calendar.add_office_days(today, 4))) == 0
    later = morning(calendar.add_office_days(today, 5))
    assert [remind_of_documents(at=later) for _ in range(2)] == [1, 0]
    assert Notice.objects.filter(letter="pickup_waiting").count() == 1
    revoke_document(document, reason="x", actor=CLERK, at=clock.now())
    assert remind_of_documents(at=morning(calendar.add_office_days(document.expires_on, -1))) == 0
