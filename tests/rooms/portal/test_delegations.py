"""Acting for somebody else through the portal: given, accepted, used, seen by the principal, revoked at once."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.test import Client
from tests.support.delegations import GIVE, appoint, resident
from tests.support.journeys import Receipt, definition_of, fill, submit, valid_example
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Case
from madoguchi.engines.identity.models import Account, Delegation, StaffPost
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import audit, jobs
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.rooms.catalogue.api import get_procedure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
PROCEDURE = "bunsho_kaiji"


def chief() -> Client:
    post = StaffPost.objects.filter(role_id="section_chief", account__kind="staff").select_related("account").first()
    assert post is not None
    return signed_in(post.account)


@pytest.fixture
def pair() -> tuple[Client, Client]:
    """Return a principal and a representative between whom a delegation holds."""
    hanako, taro = resident("hanako"), resident("taro")
    appoint(hanako, taro, PROCEDURE)
    return hanako, taro


def file_for(taro: Client) -> Receipt:
    """File an application for the principal."""
    asked = taro.post(f"/apply/start/{PROCEDURE}/").content.decode()
    assert "どなたの申請ですか" in asked
    ref = f"delegation:{Delegation.objects.get().pk}"
    assert ref in asked
    started = taro.post(f"/apply/start/{PROCEDURE}/", {"for": ref})
    definition = definition_of(PROCEDURE)
    summary = fill(taro, started["Location"], definition, valid_example(definition))
    assert "見本 花子さんの代理で手続しています" in taro.get(summary).content.decode()
    return submit(taro, summary)


def test_a_representative_files_and_both_sides_and_the_office_see_who_for_whom(pair: tuple[Client, Client]) -> None:
    hanako, taro = pair
    receipt = file_for(taro)
    case = Case.objects.get(number=receipt.number)
    principal, delegate = (Account.objects.get(name=name) for name in ("hanako", "taro"))
    assert (case.applicant_ref, case.filer_ref) == (principal.ref, delegate.ref)
    status = f"/status/{case.number}/"
    for client in (hanako, taro):
        assert "taro（任意代理人として）" in client.get(status).content.decode()
    mine = hanako.get("/mypage/").content.decode()
    assert case.number in mine
    assert "見本 太郎" in mine
    assert case.number in hanako.get("/mypage/delegations/").content.decode()
    assert case.number in taro.get("/mypage/").content.decode()
    entry = AuditEntry.objects.get(action="casework.open", subject=f"case:{case.number}")
    payload = json.loads(entry.payload)
    assert (payload["for"], payload["mandate"]) == (principal.ref, case.mandate)
    clerk = StaffPost.objects.filter(role_id="clerk").select_related("account")[0].account
    StaffPost.objects.create(
        account=clerk, role_id="clerk", department_id=case.section, valid_from=date(2026, 4, 1), from_folder=False
    )
    assert "taro（任意代理人として）" in signed_in(clerk).get(f"/desk/cases/{case.number}/").content.decode()
    jobs.run_pending()
    accounts = set(Notice.objects.filter(case_number=case.number).values_list("account_id", flat=True))
    assert {principal.pk, delegate.pk} <= accounts
    assert audit.verify().ok


def test_revoking_works_at_once_and_number_and_code_open_nothing(pair: tuple[Client, Client]) -> None:
    hanako, taro = pair
    receipt = file_for(taro)
    status = f"/status/{receipt.number}/"
    started = taro.post(f"/apply/start/{PROCEDURE}/", {"for": f"delegation:{Delegation.objects.get().pk}"})["Location"]
    assert taro.get(started).status_code == 200
    hanako.post(f"/mypage/delegations/{Delegation.objects.get().pk}/end/")
    assert taro.get(started).status_code == 403
    assert taro.get(status).status_code == 404
    assert f'href="{status}"' not in taro.get("/mypage/").content.decode()
    for client in (taro, Client()):
        client.post("/status/", {"number": receipt.number, "code": receipt.code})
        assert client.get(status).status_code == 404
    assert hanako.get(status).status_code == 200
    again = taro.post(f"/apply/start/{PROCEDURE}/", {"for": f"delegation:{Delegation.objects.get().pk}"})
    assert again.status_code == 403
    assert taro.post(f"/apply/start/{PROCEDURE}/").status_code == 302, "for oneself nothing has changed"


def test_a_representatives_draft_opens_for_nobody_else_by_its_code(pair: tuple[Client, Client]) -> None:
    _, taro = pair
    started = taro.post(f"/apply/start/{PROCEDURE}/", {"for": f"delegation:{Delegation.objects.get().pk}"})["Location"]
    draft = started.split("/step/")[0]
    code = taro.get(f"{draft}/saved/").context["code"]
    stranger = Client()
    stranger.post("/apply/resume/", {"code": code})
    assert stranger.get(started).status_code == 404
    assert stranger.post(f"{draft}/summary/", {"_submit": "1"}).status_code in {302, 404}
    assert not Case.objects.filter(procedure_id=PROCEDURE).exists()


def test_what_is_not_covered_or_not_allowed_is_refused(pair: tuple[Client, Client]) -> None:
    _, taro = pair
    ref = f"delegation:{Delegation.objects.get().pk}"
    assert get_procedure("fuzaisha_tohyo").no_delegation == ["*"]
    assert taro.post("/apply/start/tenshutsu/", {"for": ref}).status_code == 403
    assert taro.post("/apply/start/fuzaisha_tohyo/", {"for": ref}).status_code == 403
    assert resident("jiro").post(f"/apply/start/{PROCEDURE}/", {"for": ref}).status_code == 404


def test_a_form_with_faults_keeps_what_was_typed() -> None:
    hanako = resident("hanako")
    page = hanako.post("/mypage/delegations/give/", {**GIVE, "procedures": [PROCEDURE, "", ""], "valid_to.y": "2099"})
    assert page.status_code == 422
    html = page.content.decode()
    assert "期間が長すぎます" in html
    assert 'value="2099"' in html
    assert re.search(rf'<option value="{PROCEDURE}" selected>', html)
    assert hanako.post("/mypage/delegations/give/", {**GIVE, "valid_to.m": "13"}).status_code == 422
    assert not Delegation.objects.exists()


def test_a_parent_asks_staff_approve_and_the_parent_files_for_the_child() -> None:
    parent = resident("taro")
    ask = {
        "kind": "parental",
        "principal_name": "見本 桜",
        "delegate_name": "見本 太郎",
        "scope": "all",
        "born_on.y": "2015",
        "born_on.m": "4",
        "born_on.d": "1",
        **{key: value for key, value in GIVE.items() if key.startswith("valid_from")},
    }
    assert parent.post("/mypage/delegations/ask/", ask)["Location"] == "/mypage/delegations/"
    row = Delegation.objects.get()
    assert parent.post(f"/apply/start/{PROCEDURE}/", {"for": row.ref}).status_code == 403
    staff = chief()
    assert "見本 桜" in staff.get("/staff/delegations/").content.decode()
    address = f"/staff/delegations/{row.pk}/"
    assert staff.post(address, {"_approve": "1"}).status_code == 422
    assert staff.post(address, {"_approve": "1", "papers": ["0"]}).status_code == 302
    assert "戸籍全部事項証明書" in staff.get(address).content.decode()
    started = parent.post(f"/apply/start/{PROCEDURE}/", {"for": row.ref})["Location"]
    definition = definition_of(PROCEDURE)
    filed = submit(parent, fill(parent, started, definition, valid_example(definition)))
    case = Case.objects.get(number=filed.number)
    assert (case.applicant_ref, case.filer_ref != "") == ("", True)
    assert parent.get(f"/status/{case.number}/").status_code == 200
    assert staff.post(address, {"_end": "1", "reason": "親権者が変わった"}).status_code == 302
    assert parent.get(f"/status/{case.number}/").status_code == 404


def test_only_staff_with_the_right_review() -> None:
    clerk = StaffPost.objects.filter(role_id="clerk").exclude(account__posts__role_id="section_chief").first()
    assert clerk is not None
    assert signed_in(clerk.account).get("/staff/delegations/").status_code == 403
