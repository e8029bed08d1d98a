"""Documents at the desk: preview, issue, replace, revoke, and the list of what waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from madoguchi.engines.casework.api import Case
from madoguchi.engines.issuing.api import IssuedDocument, choose_delivery
from madoguchi.engines.issuing.codes import pickup_code
from madoguchi.kernel.access import Actor

from .conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": store}


@pytest.fixture
def decided(clerk: Client, case: Case) -> Case:
    for step in ("check", "prepare", "issue"):
        clerk.post(f"/desk/cases/{case.number}/step/{step}/")
    case.refresh_from_db()
    assert case.outcome == "issued"
    return case


@pytest.fixture
def issued(clerk: Client, decided: Case) -> IssuedDocument:
    clerk.post(new(decided), {"issue": "1"})
    return IssuedDocument.objects.get()


def new(case: Case) -> str:
    return f"/desk/cases/{case.number}/documents/new/kofu_tsuchi/"


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.number}/").content.decode()


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as found:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in found))


def test_nothing_is_offered_before_the_decision(clerk: Client, case: Case) -> None:
    assert "交付文書</h2>" not in page_of(clerk, case)
    assert "交付できません" in clerk.get(new(case), follow=True).content.decode()


def test_a_preview_leaves_nothing_and_issuing_shows_on_the_case(clerk: Client, decided: Case) -> None:
    assert "交付決定通知書を交付する" in page_of(clerk, decided)
    assert "下書きを見る" in clerk.get(new(decided)).content.decode()
    preview = clerk.post(new(decided), {"preview": "1"})
    assert preview["Content-Type"] == "application/pdf"
    assert "下書き" in words_of(preview.content)
    assert not IssuedDocument.objects.exists()
    assert "8サ住第1号" in clerk.post(new(decided), {"issue": "1"}, follow=True).content.decode()
    page = page_of(clerk, decided)
    assert "文書の交付" in page
    assert "交付決定通知書を交付する" not in page
    document = IssuedDocument.objects.get()
    given = clerk.get(f"/desk/cases/{decided.number}/documents/{document.id}/")
    assert "8サ住第1号" in words_of(b"".join(given.streaming_content))


def test_another_section_neither_reads_nor_issues(
    sit_down: Callable[[str], Client], decided: Case, issued: IssuedDocument
) -> None:
    other = sit_down("fukushi")
    for url in (new(decided), f"/desk/cases/{decided.number}/documents/{issued.id}/"):
        assert other.get(url).status_code == 404


def test_replacing_asks_for_a_reason(clerk: Client, decided: Case, issued: IssuedDocument) -> None:
    url = f"{new(decided)}?replaces={issued.id}"
    wrong = clerk.post(url, {"issue": "1"})
    assert wrong.status_code == 422
    assert "差し替える理由を書いてください" in wrong.content.decode()
    clerk.post(url, {"issue": "1", "reason": "誤記"})
    assert "差替え済み" in page_of(clerk, decided)
    assert clerk.get(f"{new(decided)}?replaces=x").status_code == 404


def test_only_the_chief_revokes_and_says_why(
    clerk: Client, chief: Client, decided: Case, issued: IssuedDocument
) -> None:
    url = f"/desk/cases/{decided.number}/documents/{issued.id}/revoke/"
    assert clerk.get(url).status_code == 403
    assert chief.post(url, {"reason": " "}).status_code == 422
    chief.post(url, {"reason": "決定の取消し"})
    assert "取消しの理由：決定の取消し" in page_of(clerk, decided)


def test_what_waits_is_posted_or_handed_over(
    clerk: Client, sit_down: Callable[[str], Client], guest: Actor, decided: Case, issued: IssuedDocument
) -> None:
    case = decided
    document = _with_ways(issued)
    delivery = choose_delivery(document, "post", actor=guest, at=AT, name="杉野 花子", address="東京都サンプル町1-2-3")
    page = clerk.get("/desk/deliveries/").content.decode()
    assert "東京都サンプル町1-2-3" in page
    assert "東京都サンプル町1-2-3" not in sit_down("fukushi").get("/desk/deliveries/").content.decode()
    assert clerk.post(f"/desk/deliveries/{delivery.pk}/", {"posted_on": "2026-12-31"}).status_code == 422
    assert clerk.post(f"/desk/deliveries/{delivery.pk}/", {"posted_on": ""}).status_code == 422
    clerk.post(f"/desk/deliveries/{delivery.pk}/", {"posted_on": "2026-11-04", "tracking": "1234-5678"})
    assert "1234-5678" in page_of(clerk, case)
    assert sit_down("fukushi").post(f"/desk/deliveries/{delivery.pk}/").status_code == 404


def test_the_code_is_asked_at_the_desk(clerk: Client, guest: Actor, issued: IssuedDocument) -> None:
    delivery = choose_delivery(_with_ways(issued), "pickup", actor=guest, at=AT, desk="hall")
    wrong = clerk.post(f"/desk/deliveries/{delivery.pk}/", {"code": "AAAA-BBBB-CCCC"})
    assert "受取コードが違います" in wrong.content.decode()
    assert (
        "渡しました"
        in clerk.post(
            f"/desk/deliveries/{delivery.pk}/", {"code": pickup_code(issued.id)}, follow=True
        ).content.decode()
    )


def _with_ways(document: IssuedDocument) -> IssuedDocument:
    """Let a document be posted and picked up whatever its template says (the row itself never changes)."""
    document.ways = ["download", "post", "pickup"]
    return document
