"""Files through the pages: sent in pieces, seen by their owner only, given out so that a browser runs nothing in them."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.support.files import CSV, EXE, JPEG, PDF, pdf
from tests.support.journeys import Receipt, definition_of, fill, start, submit, valid_example

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Attachment, Draft
from madoguchi.engines.forms.models import FileScan
from madoguchi.kernel import clock
from madoguchi.kernel.audit.models import AuditEntry

from .journey import ask_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]
FIELD = "identity_file"


def at_the_files() -> tuple[Client, Draft, str]:
    """Walk to the page that asks for files; return browser, draft and address."""
    client, definition = Client(), definition_of("juminhyo")
    step = next(step for step in definition.steps if any(item.id == FIELD for item in step.fields))
    url = fill(client, start(client, "juminhyo"), definition, valid_example(definition), stop_before=step.id)
    return client, Draft.objects.latest("created_at"), url


def begin(client: Client, draft: Draft, name: str, size: int, field: str = FIELD) -> Any:
    data = {"name": name, "size": size, "fingerprint": f"{name}:{size}:1"}
    return client.post(f"/apply/{draft.pk}/uploads/{field}/", data)


def piece(client: Client, draft: Draft, upload: str, offset: Any, body: bytes) -> Any:
    return client.patch(
        f"/apply/{draft.pk}/uploads/{FIELD}/{upload}/",
        body,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def send(client: Client, draft: Draft, name: str, body: bytes) -> Any:
    upload = begin(client, draft, name, len(body)).json()["id"]
    assert piece(client, draft, upload, 0, body).json() == {"offset": len(body)}
    return client.post(f"/apply/{draft.pk}/uploads/{FIELD}/{upload}/")


def test_a_file_arrives_in_pieces_and_stands_in_the_list() -> None:
    client, draft, url = at_the_files()
    begun = begin(client, draft, "免許証.pdf", len(PDF))
    assert (begun.status_code, begun.json()["offset"]) == (201, 0)
    upload = begun.json()["id"]
    assert piece(client, draft, upload, 0, PDF[:50]).json() == {"offset": 50}
    wrong = piece(client, draft, upload, 0, PDF[:50])
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 50)
    assert f"{50 * 100 // len(PDF)}%まで届いています" in client.get(url).content.decode()
    assert begin(client, draft, "免許証.pdf", len(PDF)).json() == {"id": upload, "offset": 50}
    piece(client, draft, upload, 50, PDF[50:])
    answer = client.post(f"/apply/{draft.pk}/uploads/{FIELD}/{upload}/")
    assert "免許証.pdf" in answer.json()["html"]
    page = client.get(url).content.decode()
    assert "免許証.pdf" in page


def test_a_refused_file_says_what_why_and_the_mend_in_the_readers_language() -> None:
    client, draft, _ = at_the_files()
    refused = send(client, draft, "photo.jpg", EXE)
    assert refused.status_code == 422
    assert "photo.jpg" in refused.json()["message"]
    assert "PDF、JPEG、PNG" in refused.json()["message"]
    client.cookies["mdg_lang"] = "en"
    assert begin(client, draft, "a.pdf", 10**8).status_code == 422


@pytest.mark.parametrize("size", ["", "x", "-1", "9" * 30])
def test_hostile_beginnings_are_refused(size: str) -> None:
    client, draft, _ = at_the_files()
    assert begin(client, draft, "a.pdf", size).status_code == 422  # type: ignore[arg-type]
    assert begin(client, draft, "a.pdf", 10, "standing").status_code == 404
    assert begin(client, draft, "a.pdf", 10, "mandate_file").status_code == 404, "not asked now"
    assert piece(client, draft, str(uuid.uuid4()), "x", b"1").status_code == 422
    assert piece(client, draft, str(uuid.uuid4()), 0, b"1").status_code == 422


def test_nobody_else_reaches_a_drafts_files() -> None:
    client, draft, _ = at_the_files()
    send(client, draft, "a.jpg", JPEG)
    key = Attachment.objects.get().pk
    stranger = Client()
    for address in (f"/apply/{draft.pk}/files/{key}/", f"/apply/{draft.pk}/files/{key}/preview/"):
        assert client.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
    assert begin(stranger, draft, "a.pdf", 10).status_code == 404
    assert piece(stranger, draft, str(uuid.uuid4()), 0, b"1").status_code == 404


def handed_in() -> tuple[Client, Receipt]:
    client, definition = Client(), definition_of("juminhyo")
    summary = fill(client, start(client, "juminhyo"), definition, valid_example(definition))
    return client, submit(client, summary)


def test_a_file_is_given_out_so_that_nothing_in_it_runs_and_reading_is_on_record(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, receipt = handed_in()
    case = Case.objects.select_related("submission").get(number=receipt.number)
    reference = case.submission.answers[FIELD][0]
    address = f"/status/{receipt.number}/files/{reference['id']}/"
    client.get(address)
    with django_assert_max_num_queries(7):
        answer = client.get(address)
    assert b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.filter(action="portal.open_file").latest("id")
    assert entry.subject == f"case:{receipt.number}"
    assert json.loads(entry.payload) == {"file": reference["id"]}
    assert reference["name"] not in entry.payload
    assert Client().get(address).status_code == 404
    assert client.get(f"/status/{receipt.number}/files/{uuid.uuid4()}/").status_code == 404


def test_a_held_file_is_opened_by_nobody_and_hands_in_all_the_same() -> None:
    client, receipt = handed_in()
    case = Case.objects.select_related("submission").get(number=receipt.number)
    key = case.submission.answers[FIELD][0]["id"]
    FileScan.objects.create(attachment_id=key, at=clock.now(), result="asked")
    for address in (f"/status/{receipt.number}/files/{key}/", f"/status/{receipt.number}/files/{key}/preview/"):
        refused = client.get(address)
        assert refused.status_code == 409
        assert "ウイルスの確認中" in refused.content.decode()


def test_a_correction_keeps_the_good_files_and_says_why_the_others_were_refused() -> None:
    client, receipt = handed_in()
    case = Case.objects.get(number=receipt.number)
    ask_for(case, [FIELD])
    files = [SimpleUploadedFile("table.csv", CSV), SimpleUploadedFile("long.pdf", pdf(101))]
    page = client.post(f"/status/{receipt.number}/correct/", {FIELD: files}).content.decode()
    assert "「table.csv」は受け付けられませんでした" in page
    assert re.search(r"「long\.pdf」は101ページあります", page)
    client.post(f"/status/{receipt.number}/correct/", {FIELD: [SimpleUploadedFile("new.pdf", PDF)]})
    case.refresh_from_db()
    assert case.corrections.get().answered_at is not None
