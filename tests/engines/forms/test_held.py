"""Papers already held: taken over for the same person while valid, never for others, and a new one may be sent instead."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.files import PDF

from madoguchi.engines.forms.attachments import add_files, open_attachment, remove_file
from madoguchi.engines.forms.file_holders import DraftFiles
from madoguchi.engines.forms.held import take_over_held
from madoguchi.engines.forms.models import Attachment
from madoguchi.engines.forms.services import submit_draft
from madoguchi.kernel.access import Actor

from .conftest import AT, Begin, Publish
from .small import field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]
HANAKO, TARO = Actor("resident", "7"), Actor("resident", "8")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def test_a_paper_that_is_still_valid_is_not_asked_again(publish: Publish, begin: Begin) -> None:
    paper = {"id": "p", "title": "通帳の写し", "field": "letter", "valid_days": 100}
    publish(field("letter", "file"), papers=[paper])
    first = begin(actor=HANAKO)
    add_files(DraftFiles(first), first.form.fields["letter"], [SimpleUploadedFile("a.pdf", PDF)], at=AT)
    submit_draft(first.draft.pk, actor=HANAKO, at=AT)

    later = AT + dt.timedelta(days=99)
    second = begin(actor=HANAKO, at=later)
    assert take_over_held(second, at=later) == ["letter"]
    assert second.evaluate(at=later).valid, "nothing more is asked"
    copy = Attachment.objects.get(draft_id=second.draft.pk)
    assert copy.held_since == AT
    with open_attachment(second.draft.pk, str(copy.pk))[1] as stream:
        assert stream.read() == PDF
    remove_file(DraftFiles(second), second.form.fields["letter"], str(copy.pk), at=later)
    assert Attachment.objects.filter(draft_id=first.draft.pk).exists(), "the earlier application keeps its own"

    third = begin(actor=HANAKO, at=later)
    take_over_held(third, at=later)
    submit_draft(third.draft.pk, actor=HANAKO, at=later)
    expired = AT + dt.timedelta(days=100)
    for actor, at in ((HANAKO, expired), (TARO, later)):
        other = begin(actor=actor, at=at)
        assert take_over_held(other, at=at) == [], (
            "validity counts from the first hand-in; other people's papers are theirs"
        )


def test_a_form_without_such_papers_asks_the_database_nothing(
    publish: Publish, begin: Begin, django_assert_num_queries: Any
) -> None:
    publish(field("letter", "file"), papers=[{"id": "p", "title": "紙", "field": "letter"}])
    loaded = begin(actor=HANAKO)
    with django_assert_num_queries(0):
        assert take_over_held(loaded, at=AT) == []
