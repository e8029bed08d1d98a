"""Handing in together: one interview, what applies with its reasons, one summary, one hand-in, n cases, one status page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.journeys import arrive, begin_interview, fill_parts
from tests.support.outside import vouch

from madoguchi.engines.casework.api import Bundle, Case
from madoguchi.engines.forms.api import Draft, Submission
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import audit
from madoguchi.rooms.catalogue.api import get_interview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]

FIVE = ["jidou_teate_nintei", "kodomo_iryohi", "kokuho_kanyu", "kokuho_shussan", "shussei_tsuchihyo"]
PHOTO = [{"name": "licence.jpg", "type": "image/jpeg"}]
LEFT: dict[str, Any] = {
    "my_number": "123456789018",
    "spouse_my_number": "621498320257",
    "use_public_account": True,
    "consent": True,
    "in_facility": False,
    "want_refund": False,
    "deliver_to": "registered",
    "members_confirmed": True,
    "pay_by": "slip",
    "hard_to_pay": False,
    "id_file": PHOTO,
    "truth": True,
    "papers_by": "post",
    "check_by_office": True,
    "privacy": True,
    "phone_hours": ["morning"],
}


def wanted(page: str) -> dict[str, list[str]]:
    """Return what a browser would post of the result page as it was drawn: the ticked boxes."""
    boxes = re.findall(r'<input class="wd-option__input" type="checkbox"[^>]*?value="([^"]+)"( checked)?', page)
    return {"row": [value for value, ticked in boxes if ticked]}


def birth_summary(client: Client) -> str:
    """Walk the birth interview to its one summary, signed in as child allowance asks for, and return the address."""
    result = arrive(client, begin_interview(client, "birth", "five_in_three"))
    assert result.endswith("/result/")
    page = client.get(result).content.decode()
    onward = client.post(result, wanted(page))
    assert onward.status_code == 302
    summary = fill_parts(client, str(onward["Location"]), LEFT)
    assert 'name="_submit"' not in client.get(summary).content.decode()
    vouch(client)
    return summary


def test_the_result_says_what_applies_by_when_and_what_does_not_and_why(client: Client) -> None:
    result = arrive(client, begin_interview(client, "birth", "five_in_three"))
    page = client.get(result).content.decode()
    assert "4つの課の6件の手続" in page
    assert "初めて児童手当を受けるため" in page
    assert "令和8年11月9日" in page, "15 days from the day after the birth"
    applies, not_applying = page.split('id="not-applying"')
    assert "すでに届け出ています。" in not_applying
    assert "杉並区からまだ児童手当を受けていない" in not_applying
    assert wanted(applies) == {"row": ["shussei_tsuchihyo"]}, "vouchers are offered, not ticked"
    assert "Apply" not in page
    english = client.get(result + "?lang=en").content.decode()
    assert "You have not received child allowance before" in english


def test_birth_opens_five_cases_in_three_sections_with_one_summary(client: Client) -> None:
    summary = birth_summary(client)
    page = client.get(summary).content.decode()
    assert "3つの課の5件の手続" in page
    assert page.count("本人確認書類") >= 1
    response = client.post(summary, {"_submit": "1"})
    assert response.status_code == 302, page
    done = client.get(response["Location"]).content.decode()

    bundle = Bundle.objects.get()
    cases = list(bundle.cases.order_by("id"))
    assert [case.procedure_id for case in cases] == FIVE
    assert len({case.section for case in cases}) == 3
    assert len({case.number for case in cases}) == 5
    for case in cases:
        assert case.number in done
        assert case.applicant_name == "杉並 太郎"
        assert case.submission is not None
        assert case.submission.procedure_id == case.procedure_id
    allowance = cases[0].submission
    assert allowance.answers["children"][0]["child_birth_on"] == "2026-10-25"
    assert allowance.answers["month_amount"] == 15000
    grant, visit = cases[3].submission, cases[4].submission
    assert grant.answers["truth"] is True
    assert visit.answers["truth"] is True, "asked once, answered for both"
    assert Notice.objects.filter(case_number=bundle.number).count() == 1
    assert not Notice.objects.exclude(case_number=bundle.number).exists(), "one letter for all"
    assert audit.verify().ok


def test_a_second_click_gives_the_same_bundle(client: Client) -> None:
    summary = birth_summary(client)
    first = client.post(summary, {"_submit": "1"})
    second = client.post(summary, {"_submit": "1"})
    assert first["Location"] == second["Location"]
    assert Bundle.objects.count() == 1
    assert Case.objects.count() == 5
    assert client.get(summary)["Location"] == first["Location"]


def test_nothing_is_handed_in_when_a_part_is_incomplete(client: Client) -> None:
    result = arrive(client, begin_interview(client, "birth", "five_in_three"))
    client.post(result, {})
    response = client.post(result.replace("/result/", "/summary/"), {"_submit": "1"})
    assert response.status_code == 302
    assert not Bundle.objects.exists()
    assert not Submission.objects.exists()
    assert "/more/jidou_teate_nintei/" in arrive(client, str(response["Location"]))


def test_the_status_page_is_found_by_number_and_code_and_leads_to_each_case(client: Client) -> None:
    done = client.get(client.post(birth_summary(client), {"_submit": "1"})["Location"]).content.decode()
    number = re.search(r"data-receipt-number>([^<]+)<", done)
    code = re.search(r"data-lookup-code>([^<]+)<", done)
    assert number
    assert code
    other = Client()
    assert other.get(f"/together/{number[1]}/").status_code == 404
    wrong = other.post("/status/", {"number": number[1], "code": "K7QM-3XTP-9W2H"})
    assert wrong.status_code == 200
    found = other.post("/status/", {"number": number[1].lower().replace("-", ""), "code": code[1]})
    assert found["Location"] == f"/together/{number[1]}/"
    page = other.get(found["Location"]).content.decode()
    for case in Case.objects.all():
        assert f"/status/{case.number}/" in page
        assert other.get(f"/status/{case.number}/").status_code == 200
    assert "5件のうち5件が手続の途中です。" in page
    alone = Client()
    case = Case.objects.first()
    assert case is not None
    assert alone.post("/status/", {"number": case.number, "code": code[1]})["Location"] == f"/status/{case.number}/"


def test_the_parts_belong_to_nobody_but_the_interview(client: Client) -> None:
    result = arrive(client, begin_interview(client, "birth", "five_in_three"))
    client.post(result, {})
    part = Draft.objects.filter(parent__isnull=False).first()
    assert part is not None
    assert client.get(f"/apply/{part.id}/").status_code == 404
    assert Client().get(result).status_code == 404


def test_changed_answers_change_what_is_handed_in(client: Client) -> None:
    summary = birth_summary(client)
    step = summary.replace("/together/", "/apply/").replace("/summary/", "/step/insurance/")
    post = {
        "baby_insurance": "employees", "mother_insurance": "employees", "category_one": "0",
    }  # fmt: skip
    assert arrive(client, str(client.post(step, post)["Location"])).endswith("/result/")
    result = summary.replace("/summary/", "/result/")
    onward = client.post(result, wanted(client.get(result).content.decode()))
    assert str(onward["Location"]).endswith("/more/jidou_teate_nintei/") or "/more/" in str(onward["Location"])
    client.post(fill_parts(client, str(onward["Location"]), LEFT), {"_submit": "1"})
    assert [case.procedure_id for case in Case.objects.order_by("id")] == [FIVE[0], FIVE[1], FIVE[4]]


def test_every_interview_has_a_way_in(client: Client) -> None:
    page = client.get("/life/birth/").content.decode()
    assert f'action="/together/start/{get_interview("birth").id}/"' in page
    assert "/together/start/birth/" in client.get("/guides/").content.decode()


def of_the_office(statements: CaptureQueriesContext) -> list[str]:
    """Return what was asked of the database, without knowing who is signed in and which workflow is in force."""
    seldom = ("SAVEPOINT", "casework_workflowversion", "django_session", 'FROM "identity_')
    return [query["sql"][:160] for query in statements if not any(word in query["sql"] for word in seldom)]


def test_the_statements_handing_in_together_costs(client: Client) -> None:
    """A page of an interview's answers: the draft and its parts. Handing in: a fixed part and what each case costs alone."""
    first = Client()
    first.post(birth_summary(first), {"_submit": "1"})  # caches warm
    summary = birth_summary(client)
    pages = [summary, summary.replace("/summary/", "/result/"), summary.replace("/summary/", f"/more/{FIVE[0]}/")]
    for page in pages:
        with CaptureQueriesContext(connection) as shown:
            assert client.get(page).status_code == 200
        assert len(of_the_office(shown)) == 2, of_the_office(shown)
    with CaptureQueriesContext(connection) as handed_in:
        done = client.post(summary, {"_submit": "1"})["Location"]
    statements = of_the_office(handed_in)
    originals = sum("casework_expectedoriginal" in item for item in statements)  # one for each case that awaits some
    assert len(statements) - originals <= 11 + 7 * len(FIVE), "\n".join(statements)
    bundle = Bundle.objects.get(submission__draft_id=done.split("/")[2])
    with CaptureQueriesContext(connection) as followed:
        assert client.get(f"/together/{bundle.number}/").status_code == 200
    assert len(of_the_office(followed)) <= 7, "\n".join(of_the_office(followed))
