"""The forms of cases as paper: one, several, with corrections, never for another section."""

from __future__ import annotations

import re
from collections.abc import Callable

import pypdfium2
import pytest
from django.test import Client

from madoguchi.engines.casework.api import Case, OpenedCase
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.calendar import wareki

pytestmark = pytest.mark.django_db


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as found:
        return re.sub(r"[\s\u200b]", "", "".join(page.get_textpage().get_text_range() for page in found))


def test_the_form_of_a_case_is_printed_with_the_mark_of_receipt_and_audited(clerk: Client, case: Case) -> None:
    assert f"/desk/cases/{case.number}/sheet.pdf" in clerk.get(f"/desk/cases/{case.number}/").content.decode()
    response = clerk.get(f"/desk/cases/{case.number}/sheet.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    words = words_of(response.content)
    assert case.number in words
    assert wareki(case.received_on) in words
    assert AuditEntry.objects.get(action="desk.print_sheet").payload == '{"my_number":false}'


def test_what_was_corrected_is_printed_as_it_now_stands(clerk: Client, case: Case) -> None:
    assert "080-1234-0000" not in words_of(clerk.get(f"/desk/cases/{case.number}/sheet.pdf").content)
    case.corrections.create(
        fields=["tel"],
        due_on="2026-11-20",
        asked_at=case.received_at,
        answered_at=case.received_at,
        changes=[{"field": "tel", "before": "", "after": "080-1234-0000"}],
    )
    assert "080-1234-0000" in words_of(clerk.get(f"/desk/cases/{case.number}/sheet.pdf").content)


def test_another_section_gets_no_paper(sit_down: Callable[[str], Client], case: Case) -> None:
    assert sit_down("fukushi").get(f"/desk/cases/{case.number}/sheet.pdf").status_code == 404


def test_several_are_printed_at_once(clerk: Client, hand_in: Callable[..., OpenedCase]) -> None:
    numbers = [hand_in().number, hand_in().number]
    response = clerk.post("/desk/bulk/", {"case": numbers, "action": "print_sheets"})
    words = words_of(response.content)
    assert all(number in words for number in numbers)
    assert AuditEntry.objects.filter(action="desk.print_sheet").count() == 2


def test_the_blank_form_is_open_to_all_and_an_unknown_one_is_not_found(town: None) -> None:
    page = Client().get("/sheets/juminhyo.pdf")
    assert "住民票の写し交付請求書" in words_of(page.content)
    assert Client().get("/sheets/general.pdf").status_code == 404
    assert Client().get("/sheets/nowhere.pdf").status_code == 404
