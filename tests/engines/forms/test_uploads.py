"""A file that comes in pieces: at the right offset only, found again after a broken line, judged once, cleaned up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from tests.support.files import EXE, JPEG, PDF

from madoguchi.engines.forms import uploads
from madoguchi.engines.forms.file_holders import DraftFiles
from madoguchi.engines.forms.inspection import Refused
from madoguchi.engines.forms.models import Attachment, Upload
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.kernel.errors import InvalidInput, NotFound

from .conftest import AT, Begin, Publish
from .small import field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]


@pytest.fixture
def loaded(publish: Publish, begin: Begin, tmp_path: Path, settings: Any) -> LoadedDraft:
    """Return a draft that asks for files, its store apart from everything else."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    publish(field("letter", "file", max_files=2), papers=[{"id": "p", "title": "紙", "field": "letter"}])
    return begin()


def begun(loaded: LoadedDraft, body: bytes, name: str = "a.pdf") -> Upload:
    letter = loaded.form.fields["letter"]
    return uploads.begin_upload(DraftFiles(loaded), letter, name=name, size=len(body), fingerprint=name, at=AT)


def put(loaded: LoadedDraft, upload: Upload, offset: int, piece: bytes) -> Upload:
    return uploads.append_piece(loaded.draft.pk, "letter", upload.pk, offset=offset, piece=piece, at=AT)


def finish(loaded: LoadedDraft, upload: Upload) -> dict[str, Any] | None:
    return uploads.finish_upload(DraftFiles(loaded), loaded.form.fields["letter"], upload.pk, at=AT)


def test_a_broken_line_goes_on_where_it_stopped(loaded: LoadedDraft, django_capture_on_commit_callbacks: Any) -> None:
    first = begun(loaded, PDF)
    put(loaded, first, 0, PDF[:100])
    again = begun(loaded, PDF)
    assert (again.pk, again.received) == (first.pk, 100)
    with pytest.raises(uploads.WrongOffset) as wrong:
        put(loaded, again, 0, PDF[:100])
    assert wrong.value.offset == 100
    with pytest.raises(uploads.WrongOffset):
        finish(loaded, again)
    pieces = put(loaded, again, 100, PDF[100:]).parts
    with django_capture_on_commit_callbacks(execute=True):
        reference = finish(loaded, again)
    assert reference is not None
    assert loaded.draft.answers["letter"] == [reference]
    with default_storage.open(Attachment.objects.get().stored) as stream:
        assert stream.read() == PDF
    assert not any(default_storage.exists(place) for place in pieces)
    assert finish(loaded, again) is None, "an answer that was lost is asked for again"
    assert Attachment.objects.count() == 1


def test_the_whole_is_judged_like_any_other_file(loaded: LoadedDraft) -> None:
    upload = begun(loaded, EXE, "holiday.jpg")
    put(loaded, upload, 0, EXE)
    with pytest.raises(Refused) as refused:
        finish(loaded, upload)
    assert (refused.value.code, refused.value.params["name"]) == ("file_type", "holiday.jpg")
    assert not loaded.draft.answers.get("letter")


def test_what_cannot_be_kept_is_refused_before_it_is_sent(loaded: LoadedDraft) -> None:
    letter = loaded.form.fields["letter"]
    for name, size, code in (
        ("a.pdf", 10_000_001, "file_size"),
        ("a.heic", 40_000_001, "file_size"),
        ("a", 0, "file_empty"),
    ):
        with pytest.raises(Refused, match=code):
            uploads.begin_upload(DraftFiles(loaded), letter, name=name, size=size, fingerprint="", at=AT)
    for name in ("1.jpg", "2.jpg"):
        upload = begun(loaded, JPEG, name)
        put(loaded, upload, 0, JPEG)
        finish(loaded, upload)
    with pytest.raises(Refused, match="max_files"):
        begun(loaded, JPEG, "3.jpg")


def test_pieces_are_bounded_and_belong_to_their_draft(loaded: LoadedDraft, begin: Begin) -> None:
    upload = begun(loaded, PDF)
    for piece in (b"", PDF + b"x"):
        with pytest.raises(InvalidInput):
            put(loaded, upload, 0, piece)
    with pytest.raises(NotFound):
        put(begin(), upload, 0, PDF)
    for number in range(uploads.MAX_OPEN - 1):
        begun(loaded, PDF, f"{number}.pdf")
    with pytest.raises(InvalidInput):
        begun(loaded, PDF, "one-too-many.pdf")


def test_what_nobody_goes_on_with_is_removed(loaded: LoadedDraft, django_capture_on_commit_callbacks: Any) -> None:
    upload = put(loaded, begun(loaded, PDF), 0, PDF[:10])
    later = AT + uploads.KEEP_UNFINISHED
    assert uploads.remove_stale_uploads(at=later) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.remove_stale_uploads(at=later + dt.timedelta(seconds=1)) == 1
    assert not default_storage.exists(upload.parts[0])
