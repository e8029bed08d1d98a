"""Originals by post: expected from the hand-in, marked by the clerk, awaited in the queue and by a guard, reminded of once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from madoguchi.engines.casework.api import ExpectedOriginal, OpenedCase, guard_names
from madoguchi.engines.casework.facts import case_facts
from madoguchi.kernel import clock
from madoguchi.kernel.jobs import run_pending
from madoguchi.rooms.portal.reminders import remind_of_originals

pytestmark = pytest.mark.django_db
PAPERS = [
    {"id": "lease", "title": {"ja": "賃貸借契約書の原本"}, "how": "post", "due_days": 10, "returned": True},
    {"id": "seal", "title": {"ja": "印鑑登録証明書"}, "how": "post"},
    {"id": "photo", "title": {"ja": "写真"}, "how": "upload"},
]


def test_what_comes_by_post_is_awaited_marked_and_goes_back(clerk: Client, hand_in: Callable[..., OpenedCase]) -> None:
    plain, case = hand_in().case, hand_in(papers=PAPERS).case
    lease, seal = ExpectedOriginal.objects.order_by("id")
    assert (lease.due_on - case.received_at.date()).days == 10
    queue = clerk.get("/desk/?show=originals").content.decode()
    assert case.number in queue
    assert plain.number not in queue
    assert guard_names({"==": [{"var": "originals_awaited"}, 0]}) == {"originals_awaited"}
    assert case_facts(case, at=clock.now(), names={"originals_awaited"})["originals_awaited"] == 2

    def mark(row: ExpectedOriginal, what: str) -> str:
        answer = clerk.post(f"/desk/cases/{case.number}/originals/{row.pk}/", {"mark": what}, follow=True)
        return answer.content.decode()

    assert "今の状態では" in mark(lease, "returned"), "nothing goes back that has not come"
    mark(lease, "missing")
    mark(lease, "arrived")
    assert "原本の到着" in mark(lease, "returned")
    mark(seal, "waived")
    assert [item.state for item in ExpectedOriginal.objects.order_by("id")] == ["returned", "waived"]
    assert case_facts(case, at=clock.now(), names={"originals_awaited"})["originals_awaited"] == 0
    assert case.number not in clerk.get("/desk/?show=originals").content.decode()
    kinds = list(case.events.order_by("seq").values_list("kind", flat=True))
    assert kinds[1:] == ["original_missing", "original_arrived", "original_returned", "original_waived"]


def test_another_sections_clerk_marks_nothing(
    sit_down: Callable[[str], Client], hand_in: Callable[..., OpenedCase]
) -> None:
    case = hand_in(papers=PAPERS).case
    row = ExpectedOriginal.objects.first()
    assert row is not None
    other = sit_down("fukushi")
    assert other.post(f"/desk/cases/{case.number}/originals/{row.pk}/", {"mark": "arrived"}).status_code == 404
    row.refresh_from_db()
    assert row.is_awaited


def test_the_resident_sees_where_to_post_and_is_reminded_once(hand_in: Callable[..., OpenedCase]) -> None:
    opened = hand_in(papers=PAPERS, email="hanako@example.jp")
    resident = Client()
    resident.post("/status/", {"number": opened.number, "code": opened.lookup_secret})
    page = resident.get(f"/status/{opened.number}/").content.decode()
    for words in ("郵送していただく書類", "賃貸借契約書の原本", "封筒に貼る紙"):
        assert words in page
    label = resident.get(f"/status/{opened.number}/label.pdf")
    assert label.content.startswith(b"%PDF")
    assert Client().get(f"/status/{opened.number}/label.pdf").status_code == 404
    assert remind_of_originals(at=clock.now()) == 0
    soon = clock.now() + timedelta(days=9)
    assert remind_of_originals(at=soon) == 1
    assert remind_of_originals(at=soon) == 0
    run_pending()
    assert any("郵送" in message.body for message in mail.outbox)
