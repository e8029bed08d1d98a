"""Attachments: judged by their first bytes, never by their name; limits; who may open which."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.files import BY_TYPE, CSV, EXE, HEIC, JPEG, PDF, PNG, office

from madoguchi.engines.forms.attachments import add_files, open_attachment, remove_file, safe_name
from madoguchi.engines.forms.file_holders import DraftFiles
from madoguchi.engines.forms.models import Attachment
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.engines.forms.services import merge_answers, purge_expired_drafts, submit_draft
from madoguchi.engines.forms.types.files import MIME, sniff
from madoguchi.kernel.access import NOBODY
from madoguchi.kernel.errors import NotFound

from .conftest import AT, Begin, Publish
from .small import field

ALL = ["pdf", "jpeg", "png", "heic", "docx", "xlsx", "csv"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PDF, "pdf"),
        (JPEG, "jpeg"),
        (PNG, "png"),
        (HEIC, "heic"),
        (CSV, "csv"),
        ("氏名,年齢\n".encode("cp932"), "csv"),
        (office("word"), "docx"),
        (office("xl"), "xlsx"),
        (EXE, None),
        (b"\x00\x01\x02", None),
        (b"GIF89a\x00", None),
        (b"<svg/>\x00", None),
        (b"PK\x03\x04" + bytes(100), None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, kind: str | None) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\本人確認.pdf", "本人確認.pdf"),
        ("a\x00b<c>.pdf", "a_b_c_.pdf"),
        ("", "file"),
        ("...", "file"),
        ("あ" * 300 + ".pdf", "あ" * 116 + ".pdf"),
    ],
)
def test_file_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


db = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town", "folder_for_files")]


@pytest.fixture
def folder_for_files(tmp_path: Path, settings: Any) -> None:
    """Keep the files of a test apart from everything else."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def upload(content: bytes, name: str = "x.pdf", type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, type)


def with_files(publish: Publish, begin: Begin, **keys: Any) -> LoadedDraft:
    publish(field("letter", "file", **keys), papers=[{"id": "p", "title": "紙", "field": "letter"}])
    return begin()


def add(loaded: LoadedDraft, *files: SimpleUploadedFile) -> list[str]:
    return [problem.code for problem in add_files(DraftFiles(loaded), loaded.form.fields["letter"], list(files), at=AT)]


class TestStored:
    pytestmark = db

    def test_every_accepted_kind_is_kept_with_its_true_type(self, publish: Publish, begin: Begin) -> None:
        loaded = with_files(publish, begin, accept=ALL, max_files=10)
        names = {kind: f"x.{kind}" for kind in ALL}
        assert (
            add(loaded, *(upload(BY_TYPE[MIME[kind]], names[kind], "application/octet-stream") for kind in ALL)) == []
        )
        kept = [MIME["jpeg" if kind == "heic" else kind] for kind in ALL]
        assert [item["type"] for item in loaded.draft.answers["letter"]] == kept
        assert loaded.evaluate(at=AT).valid

    def test_the_name_and_the_browser_are_not_believed(self, publish: Publish, begin: Begin) -> None:
        loaded = with_files(publish, begin)
        assert add(loaded, upload(EXE, "innocent.pdf", "application/pdf")) == ["file_type"]
        assert add(loaded, upload(CSV, "table.pdf", "application/pdf")) == ["file_type"]
        assert add(loaded, upload(PDF, "virus.exe", "application/x-msdownload")) == []
        assert loaded.draft.answers["letter"][0]["type"] == "application/pdf"

    def test_limits(self, publish: Publish, begin: Begin) -> None:
        loaded = with_files(publish, begin, max_files=2, max_mb=1)
        assert add(loaded, upload(b"")) == ["file_empty"]
        assert add(loaded, upload(PDF + bytes(1_000_001))) == ["file_size"]
        assert add(loaded, upload(PDF), upload(PNG), upload(JPEG)) == ["max_files"]
        assert len(loaded.draft.answers["letter"]) == 2
        assert Attachment.objects.count() == 2

    def test_good_files_are_kept_beside_refused_ones(self, publish: Publish, begin: Begin) -> None:
        loaded = with_files(publish, begin)
        assert add(loaded, upload(EXE), upload(PDF)) == ["file_type"]
        assert len(loaded.draft.answers["letter"]) == 1

    def test_a_file_opens_for_its_own_draft_only(self, publish: Publish, begin: Begin) -> None:
        loaded = with_files(publish, begin)
        add(loaded, upload(PDF))
        file_id = loaded.draft.answers["letter"][0]["id"]
        attachment, stream = open_attachment(loaded.draft.pk, file_id)
        with stream:
            assert stream.read() == PDF
        assert attachment.sha256
        for draft_id, wanted in (
            (uuid.uuid4(), file_id),
            (loaded.draft.pk, str(uuid.uuid4())),
            (loaded.draft.pk, "../x"),
        ):
            with pytest.raises(NotFound):
                open_attachment(draft_id, wanted)

    def test_a_removed_file_is_gone_from_the_store(
        self, publish: Publish, begin: Begin, django_capture_on_commit_callbacks: Any
    ) -> None:
        loaded = with_files(publish, begin)
        add(loaded, upload(PDF))
        stored = Attachment.objects.get().stored
        remove_file(DraftFiles(loaded), loaded.form.fields["letter"], "unknown", at=AT)
        assert default_storage.exists(stored)
        with django_capture_on_commit_callbacks(execute=True):
            remove_file(
                DraftFiles(loaded), loaded.form.fields["letter"], loaded.draft.answers["letter"][0]["id"], at=AT
            )
        assert not default_storage.exists(stored)
        assert not loaded.draft.answers["letter"]
        assert not Attachment.objects.exists()

    def test_expired_drafts_take_their_files_along_sent_ones_do_not(self, publish: Publish, begin: Begin) -> None:
        sent, unsent = with_files(publish, begin), begin()
        add(sent, upload(PDF))
        add(unsent, upload(PDF))
        submission, _, _ = submit_draft(sent.draft.pk, actor=NOBODY, at=AT)
        purge_expired_drafts(at=sent.draft.expires_at)
        assert [item.draft_id for item in Attachment.objects.all()] == [submission.draft_id]
        assert default_storage.exists(Attachment.objects.get().stored)

    def test_files_cannot_be_typed_into_the_form(self, publish: Publish, begin: Begin) -> None:
        loaded = with_files(publish, begin)
        merge_answers(loaded, {"letter": [{"id": "x", "name": "x", "size": 10**9, "type": "application/pdf"}]}, at=AT)
        assert [item.code for item in loaded.evaluate(at=AT).problems] == ["file_size"]
