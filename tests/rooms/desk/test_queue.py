"""The queue: who sees what, how it is paged, what is done for many cases at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from madoguchi.engines.casework.api import Case, OpenedCase

from .conftest import AT

pytestmark = pytest.mark.django_db


def test_the_queue_shows_the_sections_cases(clerk: Client, case: Case) -> None:
    page = clerk.get("/desk/").content.decode()
    assert case.number in page
    assert "杉野 花子" in page
    assert "未割当" in page
    assert 'data-shortcut="/"' in page


def test_the_queue_costs_at_most_six_statements(
    clerk: Client, hand_in: Callable[..., OpenedCase], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        hand_in()
    clerk.get("/desk/")
    with django_assert_max_num_queries(6):
        assert clerk.get("/desk/").status_code == 200


def test_another_section_sees_nothing(sit_down: Callable[[str], Client], case: Case) -> None:
    other = sit_down("fukushi")
    assert case.number not in other.get("/desk/?show=all").content.decode()
    assert case.number not in other.get("/desk/?show=all&section=jumin").content.decode()
    assert other.get(f"/desk/cases/{case.number}/").status_code == 404
    assert case.number not in other.post("/desk/search/", {"text": "杉野"}).content.decode()


def test_without_the_right_the_door_is_closed(sit_down: Callable[[str], Client], case: Case) -> None:
    administrator = sit_down("admin")
    assert administrator.get("/desk/").status_code == 403
    assert administrator.get(f"/desk/cases/{case.number}/").status_code == 403
    assert Client().get("/desk/").status_code == 302


def test_overdue_is_said_in_words(clerk: Client, hand_in: Callable[..., OpenedCase]) -> None:
    late = hand_in(at=AT - timedelta(days=60)).case
    page = clerk.get("/desk/?show=overdue").content.decode()
    assert late.promised_on is not None
    assert late.number in page
    assert "▲超過" in page


@pytest.mark.parametrize(("days", "alarmed"), [(1, True), (-1, False), (30, False)])
def test_an_alarm_is_raised_before_the_promised_day_not_after(
    clerk: Client, case: Case, days: int, alarmed: bool
) -> None:
    day = AT.date() + timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(promised_on=day, due_sort=day)
    page = clerk.get("/desk/")
    assert ("約束日が近い案件が1件" in page.content.decode()) is alarmed
    near = clerk.get("/desk/?show=due_soon&order=due")
    assert [row.case.number for row in near.context["rows"]] == [case.number] * alarmed
    assert near.context["alarm"] is None


def test_pages_follow_each_other(
    clerk: Client, hand_in: Callable[..., OpenedCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    from madoguchi.engines.casework import queue

    monkeypatch.setattr(queue.list_cases, "__kwdefaults__", {**queue.list_cases.__kwdefaults__, "size": 2})
    numbers = [hand_in(at=AT - timedelta(hours=hour)).number for hour in (3, 2, 1)]
    first = clerk.get("/desk/")
    assert [row.case.number for row in first.context["rows"]] == numbers[:2]
    second = clerk.get(f"/desk/{first.context['next_url']}")
    assert [row.case.number for row in second.context["rows"]] == numbers[2:]
    back = clerk.get(f"/desk/{second.context['previous_url']}")
    assert [row.case.number for row in back.context["rows"]] == numbers[:2]


def test_many_are_taken_over_and_moved_at_once(clerk: Client, hand_in: Callable[..., OpenedCase]) -> None:
    cases = [hand_in().case for _ in range(3)]
    numbers = [case.number for case in cases]
    clerk.post("/desk/bulk/", {"case": numbers, "action": "assign_to_me"})
    step = clerk.get("/desk/").context["bulk_steps"][0]
    answer = clerk.post("/desk/bulk/", {"case": numbers, "action": step.id, "show": "all"}, follow=True)
    assert "3件を処理しました" in answer.content.decode()
    for case in cases:
        case.refresh_from_db()
        assert (case.state, case.assignee_name) == (step.to, "見本 太郎")
    again = clerk.post("/desk/bulk/", {"case": numbers, "action": step.id}, follow=True)
    assert "3件は処理できませんでした" in again.content.decode()


def test_search_finds_by_name_kana_and_number(clerk: Client, hand_in: Callable[..., OpenedCase]) -> None:
    case = hand_in(name="髙橋 梅", kana="タカハシ ウメ").case
    for text in ("高橋", "たかはし", "髙橋梅"):
        assert case.number in clerk.post("/desk/search/", {"text": text}).content.decode()
    assert clerk.post("/desk/search/", {"text": case.number}).url == f"/desk/cases/{case.number}/"
    assert "見つかりませんでした" in clerk.post("/desk/search/", {"text": "存在しない"}).content.decode()


@pytest.mark.parametrize("query", ["?after=x", "?show=nonsense", "?order=due&section=zzz", "?state=zzz&channel=zzz"])
def test_nonsense_in_the_address_is_no_crash(clerk: Client, case: Case, query: str) -> None:
    assert clerk.get(f"/desk/{query}").status_code in {200, 422}
