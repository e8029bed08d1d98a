"""Drafts: nothing typed is lost, two tabs merge, codes resume, sent is sent, expired is gone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from madoguchi.engines.forms.models import Draft, Submission
from madoguchi.engines.forms.selectors import LoadedDraft, drafts_of, find_draft, load_draft
from madoguchi.engines.forms.services import (
    MAX_ANSWERS_BYTES,
    add_row,
    drop_empty_row,
    merge_answers,
    purge_expired_drafts,
    refuse_unknown,
    remove_row,
    save_step,
    submit_draft,
)
from madoguchi.kernel.access import NOBODY, Actor
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

from .conftest import AT, Begin, Publish
from .small import field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]
RESIDENT = Actor("resident", "7")


def save(loaded: LoadedDraft, posted: str) -> None:
    save_step(loaded, loaded.form.steps[0], QueryDict(posted), page=loaded.evaluate(at=AT), at=AT)


def stored(loaded: LoadedDraft) -> dict[str, Any]:
    answers: dict[str, Any] = Draft.objects.get(pk=loaded.draft.pk).answers
    return answers


def test_wrong_answers_are_kept_as_typed(publish: Publish, begin: Begin) -> None:
    publish(field("n", "integer"), field("on", "date"), field("name", "person_name"))
    loaded = begin()
    save(loaded, "n=三つ&on.y=2026&on.m=2&on.d=31&name.family=葛󠄀城")
    assert stored(loaded)["n"] == {"@raw": "三つ"}
    assert stored(loaded)["on"] == {"@raw": {"era": "", "y": "2026", "m": "2", "d": "31"}}
    assert stored(loaded)["name"]["family"] == "葛\U000e0100城"


def test_two_tabs_merge(publish: Publish, begin: Begin) -> None:
    publish()
    one = begin()
    other = load_draft(one.draft.pk, at=AT)
    merge_answers(one, {"a": "from the first tab"}, at=AT)
    merge_answers(other, {"b": "from the second tab"}, at=AT)
    assert stored(one) == {"a": "from the first tab", "b": "from the second tab"}
    assert Draft.objects.get(pk=one.draft.pk).revision == 2


def test_a_hidden_branch_keeps_what_was_typed(publish: Publish, begin: Begin) -> None:
    publish(field("ask", "yes_no"), field("why", shown_if={"var": "ask"}))
    loaded = begin()
    save(loaded, "ask=1&why=because")
    save(loaded, "ask=0&why=because")
    assert "why" not in loaded.evaluate(at=AT).effective_answers()
    save(loaded, "ask=1")
    assert stored(loaded)["why"] == "because"
    assert loaded.evaluate(at=AT).valid


def test_read_only_questions_are_never_written(publish: Publish, begin: Begin) -> None:
    publish(field("a", default="fixed", readonly_if=True), field("b", required=False))
    loaded = begin()
    save(loaded, "a=changed&b=x")
    assert "a" not in stored(loaded)
    assert loaded.evaluate(at=AT).effective_answers() == {"a": "fixed", "b": "x"}


def test_unknown_questions_are_refused(publish: Publish, begin: Begin) -> None:
    publish()
    fields = list(begin().form.steps[0].flat())
    refuse_unknown(QueryDict("a=1&b=2&csrfmiddlewaretoken=x&_save=1"), fields)
    for name in ("c", "a.b", "is_admin", "answers"):
        with pytest.raises(InvalidInput) as caught:
            refuse_unknown(QueryDict(f"{name}=1"), fields)
        assert caught.value.code == "forms.unknown_field"


def test_too_much_is_refused_and_the_draft_stays(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin()
    merge_answers(loaded, {"a": "kept"}, at=AT)
    with pytest.raises(InvalidInput):
        merge_answers(loaded, {"b": "x" * (MAX_ANSWERS_BYTES + 1)}, at=AT)
    assert stored(loaded) == {"a": "kept"}


GROUP = field(
    "people", "group", repeat={"max": 2, "item": "一人"}, fields=[field("name"), field("ok", "consent", required=False)]
)


def test_rows_are_edited_one_at_a_time(publish: Publish, begin: Begin) -> None:
    publish(GROUP)
    loaded = begin()
    group = loaded.form.fields["people"]
    assert add_row(loaded, group, at=AT) == 0
    save(loaded, "people.open=0&people.0.name=花子&people.0.ok=1")
    assert add_row(loaded, group, at=AT) == 1
    save(loaded, "people.open=1&people.1.name=太郎")
    assert stored(loaded)["people"] == [{"name": "花子", "ok": True}, {"name": "太郎", "ok": None}]
    with pytest.raises(InvalidInput):
        add_row(loaded, group, at=AT)
    save(loaded, "people.open=7&people.7.name=nobody")
    save(loaded, "people.open=x&people.x.name=nobody")
    remove_row(loaded, group, 9, at=AT)
    remove_row(loaded, group, 0, at=AT)
    assert [row["name"] for row in stored(loaded)["people"]] == ["太郎"]


def test_a_cancelled_empty_row_goes(publish: Publish, begin: Begin) -> None:
    publish(GROUP)
    loaded = begin()
    group = loaded.form.fields["people"]
    add_row(loaded, group, at=AT)
    drop_empty_row(loaded, group, 0, at=AT)
    assert stored(loaded)["people"] == []
    add_row(loaded, group, at=AT)
    save(loaded, "people.open=0&people.0.name=花子")
    drop_empty_row(loaded, group, 0, at=AT)
    assert len(stored(loaded)["people"]) == 1


def test_a_draft_is_found_by_its_code_however_typed(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin()
    code = loaded.code
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert find_draft(typed, at=AT).draft.pk == loaded.draft.pk
    with pytest.raises(InvalidInput):
        find_draft(code[:-1] + ("0" if code[-1] != "0" else "1"), at=AT)
    assert code not in str(Draft.objects.values().get(pk=loaded.draft.pk)), "the code itself is stored nowhere"


def test_an_expired_draft_is_gone(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin()
    later = AT + dt.timedelta(days=30)
    with pytest.raises(NotFound):
        load_draft(loaded.draft.pk, at=later)
    with pytest.raises(NotFound):
        find_draft(loaded.code, at=later)
    assert purge_expired_drafts(at=later - dt.timedelta(seconds=1)) == 0
    assert purge_expired_drafts(at=later) == 1
    assert not Draft.objects.exists()


def test_drafts_belong_to_an_account(publish: Publish, begin: Begin) -> None:
    publish()
    mine = begin(actor=RESIDENT)
    begin()
    assert [draft.pk for draft in drafts_of("resident:7", at=AT)] == [mine.draft.pk]
    assert drafts_of("resident:8", at=AT) == []


def test_sending_twice_gives_one_submission(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin(actor=RESIDENT)
    merge_answers(loaded, {"a": "x"}, at=AT)
    first, _, is_new = submit_draft(loaded.draft.pk, actor=RESIDENT, at=AT)
    again, _, is_newer = submit_draft(loaded.draft.pk, actor=RESIDENT, at=AT)
    assert (first.pk, is_new, is_newer) == (again.pk, True, False)
    assert Submission.objects.count() == 1
    assert drafts_of("resident:7", at=AT) == []


def test_what_is_sent_is_no_draft_any_more(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin()
    merge_answers(loaded, {"a": "x"}, at=AT)
    submit_draft(loaded.draft.pk, actor=NOBODY, at=AT)
    with pytest.raises(Conflict):
        merge_answers(loaded, {"a": "changed"}, at=AT)
    with pytest.raises(NotFound):
        find_draft(loaded.code, at=AT)
    assert load_draft(loaded.draft.pk, at=AT).sent
    assert stored(loaded) == {"a": "x"}


def test_incomplete_is_not_taken_in(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin()
    with pytest.raises(InvalidInput) as caught, transaction.atomic():
        submit_draft(loaded.draft.pk, actor=NOBODY, at=AT)
    assert caught.value.code == "forms.incomplete"
    assert caught.value.context["step"] == "one"
    assert not Submission.objects.exists()


def test_only_what_counted_is_handed_in(publish: Publish, begin: Begin) -> None:
    publish(field("ask", "yes_no"), field("why", shown_if={"var": "ask"}), field("name", "kana", required=False))
    loaded = begin()
    merge_answers(loaded, {"ask": False, "why": "typed, then hidden", "name": "ｽｷﾞﾅﾐ"}, at=AT)
    submission, _, _ = submit_draft(loaded.draft.pk, actor=NOBODY, at=AT)
    assert submission.answers == {"ask": False, "name": "ｽｷﾞﾅﾐ"}
    assert submission.normalised == {"name": "スギナミ"}


def test_the_statements_of_the_engine(publish: Publish, begin: Begin) -> None:
    publish()
    loaded = begin()
    loaded.evaluate(at=AT)  # the fees of the folder are in memory from here on
    with CaptureQueriesContext(connection) as read:
        again = load_draft(loaded.draft.pk, at=AT)
        again.evaluate(at=AT)
    assert len(read) == 1
    with CaptureQueriesContext(connection) as written:
        save(again, "a=x")
    assert len(written) == 1
    with CaptureQueriesContext(connection) as sent:
        submit_draft(loaded.draft.pk, actor=NOBODY, at=AT)
    assert len([query for query in sent if "SAVEPOINT" not in query["sql"]]) == 2
