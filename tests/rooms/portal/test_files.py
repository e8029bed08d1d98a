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
from madoguchi.engines.forms.selectors import compiled_version
from madoguchi.kernel import clock
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.rooms.portal.jobs import remove_left

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
    return begin_at(client, f"/apply/{draft.pk}/uploads/{field}/", name, size)


def begin_at(client: Client, address: str, name: str, size: int) -> Any:
    return client.post(address, {"name": name, "size": size, "fingerprint": f"{name}:{size}:1"})


def piece(client: Client, draft: Draft, upload: str, offset: Any, body: bytes) -> Any:
    return piece_at(client, f"/apply/{draft.pk}/uploads/{FIELD}/{upload}/", offset, body)


def piece_at(client: Client, address: str, offset: Any, body: bytes) -> Any:
    headers = {"Upload-Offset": str(offset)}
    return client.patch(address, body, content_type="application/offset+octet-stream", headers=headers)


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


def asked_for_a_file() -> tuple[Client, Case, str]:
    """Return the browser of a resident who is asked for a better file, the case and the page's address."""
    client, receipt = handed_in()
    case = Case.objects.select_related("submission").get(number=receipt.number)
    ask_for(case, [FIELD])
    return client, case, f"/status/{receipt.number}/correct/"


def kept_names(case: Case) -> list[str]:
    return [item["name"] for item in case.corrections.get().prepared[FIELD]]


def test_a_correction_keeps_the_good_files_and_says_why_the_others_were_refused() -> None:
    client, case, url = asked_for_a_file()
    page = client.post(url).content.decode()
    assert "直したファイルを付けてください" in page, "the same files again mend nothing"
    files = [SimpleUploadedFile("table.csv", CSV), SimpleUploadedFile("long.pdf", pdf(101))]
    page = client.post(url, {FIELD: [*files, SimpleUploadedFile("new.pdf", PDF)]}).content.decode()
    assert "「table.csv」は受け付けられませんでした" in page
    assert re.search(r"「long\.pdf」は101ページあります", page)
    assert "new.pdf" in kept_names(case), "what was good need not be sent again"
    assert client.post(url).status_code == 302
    request = case.corrections.get()
    assert request.answered_at is not None
    assert not request.prepared
    assert [item["name"] for item in request.changes[0]["after"]][-1] == "new.pdf"


def test_a_corrected_file_goes_on_after_a_broken_line() -> None:
    client, case, url = asked_for_a_file()
    address = f"{url}uploads/{FIELD}/"
    assert f'data-url="{address}"' in client.get(url).content.decode()
    upload = begin_at(client, address, "新しい免許証.pdf", len(PDF)).json()["id"]
    piece_at(client, f"{address}{upload}/", 0, PDF[:50])
    assert f"{50 * 100 // len(PDF)}%まで届いています" in client.get(url).content.decode()
    assert begin_at(client, address, "新しい免許証.pdf", len(PDF)).json() == {"id": upload, "offset": 50}
    piece_at(client, f"{address}{upload}/", 50, PDF[50:])
    assert "新しい免許証.pdf" in client.post(f"{address}{upload}/").json()["html"]
    new = case.corrections.get().prepared[FIELD][-1]
    assert client.get(f"/status/{case.number}/files/{new['id']}/").status_code == 200
    assert Client().get(f"/status/{case.number}/files/{new['id']}/").status_code == 404
    assert "新しい免許証.pdf" not in str(case.submission.answers), "not part of the case before it is sent"
    assert client.post(url).status_code == 302
    assert begin_at(client, address, "late.pdf", 10).status_code == 404, "nothing is asked any more"


def test_removing_takes_new_files_for_good_and_leaves_what_was_handed_in() -> None:
    client, case, url = asked_for_a_file()
    old = case.submission.answers[FIELD][0]["id"]
    page = client.post(url, {FIELD: SimpleUploadedFile("new.pdf", PDF), "_remove_file": f"{FIELD}:{old}"})
    assert "new.pdf" in page.content.decode()
    assert kept_names(case) == ["new.pdf"]
    assert Attachment.objects.filter(pk=old).exists(), "the case still shows what stood there before"
    new = case.corrections.get().prepared[FIELD][0]["id"]
    client.post(url, {"_remove_file": f"{FIELD}:{new}"})
    assert not Attachment.objects.filter(pk=new).exists()
    case.refresh_from_db()
    assert case.corrections.get().answered_at is None, "removing does not send"


def test_a_full_list_makes_room_for_what_mends_it() -> None:
    client, case, url = asked_for_a_file()
    assert case.submission is not None
    limit = compiled_version(case.submission.form_version_id).fields[FIELD].fd.max_files
    files = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(limit)]
    client.post(url, {FIELD: files, "_remove_file": "x:y"})
    assert kept_names(case) == [f"{number}.pdf" for number in range(limit)]
    refused = begin_at(client, f"{url}uploads/{FIELD}/", "more.pdf", 10)
    assert (refused.status_code, refused.json()["code"]) == (422, "max_files")


def test_files_of_a_correction_that_the_office_closed_are_deleted_by_the_nightly_job() -> None:
    client, case, url = asked_for_a_file()
    old = case.submission.answers[FIELD][0]["id"]
    client.post(url, {FIELD: SimpleUploadedFile("new.pdf", PDF), "_remove_file": "x:y"})
    new = case.corrections.get().prepared[FIELD][-1]["id"]
    remove_left(timestamp=0)
    assert Attachment.objects.filter(pk=new).exists(), "it still waits to be sent"
    case.corrections.update(closed_at=clock.now())
    remove_left(timestamp=0)
    assert list(Attachment.objects.filter(pk__in=[old, new]).values_list("pk", flat=True)) == [uuid.UUID(old)]
    assert not case.corrections.get().prepared


def test_nobody_else_sends_files_to_a_case() -> None:
    client, _, url = asked_for_a_file()
    upload = begin_at(client, f"{url}uploads/{FIELD}/", "a.pdf", 10).json()["id"]
    for address in (f"{url}uploads/{FIELD}/", f"{url}uploads/{FIELD}/{upload}/"):
        assert begin_at(Client(), address, "a.pdf", 10).status_code == 404
    assert piece_at(Client(), f"{url}uploads/{FIELD}/{upload}/", 0, b"1").status_code == 404
    assert begin_at(client, f"{url}uploads/standing/", "a.pdf", 10).status_code == 404, "not among what was asked"
