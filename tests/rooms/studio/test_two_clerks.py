"""Two clerks at one working copy: joined, or shown both versions; never one silently over the other. A save is few statements."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rooms.studio.conftest import HOME, Desk, form_values
from tests.support.staff import signed_in

from madoguchi.engines.identity.models import Account
from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor
from madoguchi.rooms.studio import services, starting
from madoguchi.rooms.studio.models import StudioDraft
from madoguchi.rooms.studio.rules import state_of

Staff = Callable[[str], Client]


@pytest.fixture
def other(staff: Staff, dog: Desk) -> Desk:
    """Return the chief at the same working copy."""
    return Desk(staff("jumin-chief"), dog.draft)


def first_field(desk: Desk) -> tuple[str, dict[str, Any]]:
    field = desk.document["form"]["steps"][0]["fields"][0]
    path = f"parts/field/{field['id']}/"
    return path, desk.fields(path)


def test_changes_of_different_parts_of_one_question_are_joined(dog: Desk, other: Desk) -> None:
    base = dog.draft.revision
    path, values = first_field(dog)
    other.post(path, values | {"label.ja": "お名前（フルネーム）"}, base=base)
    answer = dog.post(path, values | {"help.ja": "戸籍のとおりに書いてください。"}, base=base)
    assert "ほかの職員の変更と合わせて" in dog.client.get(answer["Location"]).content.decode()
    field = dog.document["form"]["steps"][0]["fields"][0]
    assert field["label"]["ja"] == "お名前（フルネーム）"
    assert field["help"]["ja"] == "戸籍のとおりに書いてください。"


def test_the_same_place_is_shown_from_both_sides_and_nothing_typed_is_lost(dog: Desk, other: Desk) -> None:
    base = dog.draft.revision
    path, values = first_field(dog)
    other.post(path, values | {"label.ja": "彼らの文"}, base=base)
    mine = values | {"label.ja": "私の文", "help.ja": "私の説明"}
    page = dog.post(path, mine, base=base, status=409).content.decode()
    for words in ("彼らの文", "私の文", "例示 幸子"):
        assert words in page
    assert dog.document["form"]["steps"][0]["fields"][0]["label"]["ja"] == "彼らの文"
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert kept["help.ja"] == "私の説明"
    assert kept["_base"] == str(base)
    (choice,) = set(re.findall(r'name="(_choose\.[^"]+)"', page))
    dog.client.post(f"{dog.url}{path}", kept | {choice: "mine"})
    field = dog.document["form"]["steps"][0]["fields"][0]
    assert (field["label"]["ja"], field["help"]["ja"]) == ("私の文", "私の説明")


def test_a_choice_made_before_a_third_change_is_asked_again(dog: Desk, other: Desk) -> None:
    base = dog.draft.revision
    path, values = first_field(dog)
    other.post(path, values | {"label.ja": "一度目"}, base=base)
    page = dog.post(path, values | {"label.ja": "私の文"}, base=base, status=409).content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    (choice,) = set(re.findall(r'name="(_choose\.[^"]+)"', page))
    other.post(path, values | {"label.ja": "二度目"})
    answer = dog.client.post(f"{dog.url}{path}", kept | {choice: "mine"})
    assert answer.status_code == 409
    assert "二度目" in answer.content.decode()


def test_what_cannot_be_saved_is_drawn_again_as_typed(dog: Desk) -> None:
    path, values = first_field(dog)
    answer = dog.post(path, values | {"label.ja": "", "help.ja": "残る説明"}, status=422).content.decode()
    assert form_values(answer)["help.ja"] == "残る説明"
    assert 'id="error-summary"' in answer


@pytest.mark.django_db(transaction=True)
def test_two_threads_that_save_at_once_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_is_ward", lambda: False)
    actor = Actor(kind="staff", id="1", sections=frozenset({"jumin"}), permissions=frozenset({"studio.edit"}))
    document = starting.skeleton(title="同時に編集する手続", kana="", department="jumin")
    draft = services.begin_draft(document, what="作成", actor=actor, at=clock.now())
    _write_at_once(draft, actor)


def _write_at_once(draft: StudioDraft, actor: Actor) -> None:
    rounds, faults = 8, []
    gate = threading.Barrier(2)

    def work(part: str) -> None:
        try:
            for number in range(rounds):
                gate.wait(10)

                def change(document: dict[str, Any], number: int = number) -> str:
                    document["form"]["steps"][0]["fields"].append(
                        {"id": f"{part}_{number}", "type": "text", "label": {"ja": f"{part}{number}"}}
                    )
                    return f"{part}{number}"

                services.save_change(draft.pk, change, base=1, actor=actor, at=clock.now())
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(part,)) for part in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    draft.refresh_from_db()
    fields = draft.revisions.get(number=draft.revision).document["form"]["steps"][0]["fields"]
    written = {field["id"] for field in fields}
    assert {f"{part}_{number}" for part in ("one", "two") for number in range(rounds)} <= written
    assert draft.revision == 1 + 2 * rounds


def test_a_save_is_a_small_constant_of_statements(dog: Desk) -> None:
    path, values = first_field(dog)
    counts = []
    for extra in (0, 60):
        for number in range(extra):
            step = dog.document["form"]["steps"][0]["id"]
            add = {"op": "add", "part": "field", "key": step, "label": f"質問{number}", "type": "text", "step": step}
            dog.post("change/", add)
        dog.client.get(dog.url)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            dog.post(path, values | {"label.ja": f"文{extra}"})
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 14, [query["sql"][:120] for query in seen]


def test_another_section_sees_nothing(staff: Staff, dog: Desk) -> None:
    stranger = staff("fukushi")
    assert stranger.get(dog.url).status_code == 404
    path, values = first_field(dog)
    assert stranger.post(f"{dog.url}{path}", values | {"_base": 1}).status_code == 404
    assert stranger.post(f"{HOME}procedures/juminhyo/open/").status_code == 404
    assert "juminhyo" not in stranger.get(HOME).content.decode()
    assert signed_in(Account.objects.get(login="kaikei")).get(HOME).status_code == 403
    assert Client().get(HOME).status_code == 302


def test_the_state_follows_from_the_events() -> None:
    assert state_of(["created", "submitted", "returned", "submitted", "approved"]) == "approved"
    assert state_of(["created", "approved"]) == "editing"
    assert state_of(["created", "submitted", "approved", "withdrawn"]) == "editing"
