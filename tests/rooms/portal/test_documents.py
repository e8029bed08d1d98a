"""A document issued to the applicant: on the status page, downloaded, by post, at a desk; never to a stranger."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from tests.support.journeys import definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case, advance
from madoguchi.engines.issuing.api import IssuedDocument, check_code, issue_document, revoke_document
from madoguchi.engines.issuing.models import Delivery, DocumentEvent
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import Actor

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
