"""Published versions and submissions never change; a submission keeps rendering the same after a new version."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from pytest_django import DjangoAssertNumQueries

from madoguchi.engines.forms.models import FormVersion, Submission
from madoguchi.engines.forms.pages import answer_sections
from madoguchi.engines.forms.selectors import compiled_version, published_forms, replay, version_in_force, versions_of
from madoguchi.engines.forms.services import merge_answers, submit_draft
from madoguchi.kernel.access import NOBODY
from madoguchi.kernel.errors import NotFound

from .conftest import AT, Begin, Publish
from .small import field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]


def refuse(statement: str, *arguments: object) -> None:
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def sent(publish: Publish, begin: Begin) -> Submission:
    publish(field("a"), field("gone", required=False))
    loaded = begin()
    merge_answers(loaded, {"a": "葛\U000e0100城", "gone": "x"}, at=AT)
    return submit_draft(loaded.draft.pk, actor=NOBODY, at=AT)[0]


def test_the_database_keeps_submissions_as_they_are(publish: Publish, begin: Begin) -> None:
    submission = sent(publish, begin)
    refuse("UPDATE forms_submission SET answers = '{}' WHERE id = %s", submission.pk)
    refuse("UPDATE forms_submission SET fee_yen = fee_yen + 1 WHERE id = %s", submission.pk)
    assert Submission.objects.get(pk=submission.pk).answers == {"a": "葛\U000e0100城", "gone": "x"}


def test_the_database_keeps_versions_as_they_are(publish: Publish) -> None:
    version = publish()
    refuse("UPDATE forms_formversion SET definition = '{}' WHERE id = %s", version.pk)
    refuse("DELETE FROM forms_formversion WHERE id = %s", version.pk)


def test_a_version_is_in_force_from_its_day(publish: Publish) -> None:
    old = publish(version=1, valid_from="2026-04-01")
    new = publish(field("a"), field("extra"), version=2, valid_from="2027-01-01")
    assert version_in_force("small", dt.date(2026, 12, 31)) == old.pk
    assert version_in_force("small", dt.date(2027, 1, 1)) == new.pk
    with pytest.raises(NotFound):
        version_in_force("small", dt.date(2026, 3, 31))
    with pytest.raises(NotFound):
        version_in_force("unknown", dt.date(2026, 12, 31))


def test_a_draft_and_a_submission_keep_their_version(publish: Publish, begin: Begin) -> None:
    submission = sent(publish, begin)
    before = answer_sections(replay(submission), lang="ja")
    draft = begin()
    publish(field("a", label="まったく別の質問"), field("extra"), version=2)
    after = answer_sections(replay(Submission.objects.get(pk=submission.pk)), lang="ja")
    assert after == before
    assert [row["label"] for row in after[0]["rows"]] == ["a の質問", "gone の質問"]
    assert draft.draft.form_version_id == submission.form_version_id
    assert begin().draft.form_version_id != submission.form_version_id


def test_versions_are_listed_newest_first_with_their_submissions(
    publish: Publish, begin: Begin, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sent(publish, begin)
    publish(version=2, valid_from="2027-01-01", title={"ja": "新しい様式", "en": "New"})
    with django_assert_num_queries(1):
        found = versions_of("small")
    assert [(item.number, str(item.valid_from), item.submissions) for item in found] == [
        (2, "2027-01-01", 0),
        (1, "2026-04-01", 1),
    ]
    assert versions_of("unknown") == []
    with django_assert_num_queries(1):
        form = next(item for item in published_forms() if item.form_id == "small")
    assert (form.title, len(form.valid_from)) == ("新しい様式", 2)
    assert form.in_force_since(dt.date(2026, 12, 31)) == dt.date(2026, 4, 1)
    assert form.in_force_since(dt.date(2026, 3, 31)) is None


def test_compiling_is_done_once(publish: Publish) -> None:
    version = publish()
    assert compiled_version(version.pk) is compiled_version(version.pk)
    assert FormVersion.objects.get(pk=version.pk).definition["id"] == "small"
