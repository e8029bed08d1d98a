"""A resident's own data: what stays and why, four eyes before anything goes, everything as one file for who may have it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from tests.rooms.portal.journey import decide
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Case
from madoguchi.engines.identity.models import Account
from madoguchi.engines.records import planning, services
from madoguchi.engines.records.api import policy_of
from madoguchi.engines.records.models import DataExport, ErasureRequest, LegalHold
from madoguchi.engines.records.schema import RetentionRule
from madoguchi.kernel import audit, clock, jobs
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import Conflict, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town", "november")]
FIRST = Actor("staff", "901", permissions=frozenset({"records.erase"}))
SECOND = Actor("staff", "902", permissions=frozenset({"records.erase"}))


def resident(email: str = "hanako@example.jp") -> tuple[Account, Client]:
    account = Account.objects.create(kind="resident", login=email, email=email, name="見本 花子")
    client = Client()
    client.force_login(account, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    return account, client


def apply(client: Client) -> Case:
    definition = definition_of("juminhyo")
    receipt = submit(client, fill(client, start(client, "juminhyo"), definition, valid_example(definition)))
    return Case.objects.get(number=receipt.number)


@pytest.fixture
def a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every case of the test be kept for a hundred days."""
    rule = RetentionRule(what="case", days=100, source="文書管理規程")
    monkeypatch.setattr(planning, "policies", lambda: {"juminhyo": policy_of(None, [rule])})
    monkeypatch.setattr("madoguchi.engines.records.person.policies", planning.policies)


@pytest.mark.usefixtures("a_year")
def test_what_goes_and_what_stays_is_said_with_its_reason() -> None:
    account, client = resident()
    open_case, over = apply(client), apply(client)
    decide(over)
    page = client.get("/mypage/data/").content.decode()
    assert open_case.number in page
    assert "手続が続いています" in page
    assert "令和9年2月10日まで" in page
    assert client.post("/mypage/data/erase/").status_code == 422, "without the tick nothing is asked"
    assert client.post("/mypage/data/erase/", {"sure": "1"}).status_code == 302
    client.post("/mypage/data/erase/", {"sure": "1"})
    assert ErasureRequest.objects.get().account == account
    assert "受け付けました" in client.get("/mypage/data/").content.decode()


@pytest.mark.usefixtures("a_year")
def test_two_members_of_staff_and_nothing_before_its_time() -> None:
    account, client = resident()
    over = apply(client)
    decide(over)
    actor = Actor("resident", str(account.pk))
    request = services.ask_erasure(actor=actor, at=clock.now())
    with pytest.raises(Conflict):
        services.carry_out_erasure(request, actor=FIRST, at=clock.now())
    services.review_erasure(request, note="確かめました。", actor=FIRST, at=clock.now())
    with pytest.raises(NotAllowed):
        services.carry_out_erasure(request, actor=FIRST, at=clock.now())
    plan = services.carry_out_erasure(request, actor=SECOND, at=clock.now())
    assert {item.code for item in plan.stays} == {"period", "account"}
    over.refresh_from_db()
    assert over.applicant_name
    with time_machine.travel(clock.now() + timedelta(days=101), tick=True):
        again = services.ask_erasure(actor=actor, at=clock.now())
        services.review_erasure(again, note="", actor=FIRST, at=clock.now())
        plan = services.carry_out_erasure(again, actor=SECOND, at=clock.now())
        assert plan.stays == []
        jobs.run_pending()
    over.refresh_from_db()
    account.refresh_from_db()
    assert (over.applicant_name, account.email, account.is_active) == ("", "", False)
    assert any("hanako@example.jp" in message.to for message in mail.outbox)
    assert audit.verify().ok


def test_everything_as_one_file_for_its_owner_until_it_expires(django_assert_max_num_queries: Any) -> None:
    account, client = resident()
    case = apply(client)
    client.post("/mypage/data/export/")
    export = DataExport.objects.get()
    address = f"/mypage/data/exports/{export.id}.zip"
    assert client.get(address).status_code == 404, "not made yet"
    jobs.run_pending("records")
    answer = client.get(address)
    assert answer["Cache-Control"] == "private, no-store"
    package = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = package.namelist()
    assert {"index.html", "index.pdf", "data/answers.json", "data/answers.csv", "data/case.json"} <= set(names)
    assert sum(name.startswith("files/") for name in names) == len(json.loads(package.read("data/attachments.json")))
    assert json.loads(package.read("data/case.json"))[0]["number"] == case.number
    assert package.read("index.pdf").startswith(b"%PDF")
    assert "メモ" not in package.read("index.html").decode()
    other = resident("taro@example.jp")[1]
    assert other.get(address).status_code == 404
    actions = set(AuditEntry.objects.filter(subject=f"resident:{account.pk}").values_list("action", flat=True))
    assert {"retention.ask_export", "retention.export_ready", "retention.open_export"} <= actions
    for _ in range(2):
        client.post("/mypage/data/export/")
    assert client.post("/mypage/data/export/").status_code == 422
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        assert client.get(address).status_code == 404


def test_the_staffs_pages() -> None:
    account, client = resident()
    apply(client)
    services.ask_erasure(actor=Actor("resident", str(account.pk)), at=clock.now())
    clerk = signed_in(Account.objects.get(login="jumin-chief"))
    for address in ("/records/", "/records/?ahead=365", "/records/log/", "/records/requests/"):
        assert clerk.get(address).status_code == 200, address
    address = f"/records/requests/{ErasureRequest.objects.get().id}/"
    assert "手続が続いています" in clerk.get(address).content.decode()
    assert clerk.post(address, {"note": ""}).status_code == 302
    assert clerk.post(address, {"_carry_out": "1"}).status_code == 422
    assert clerk.post(f"{address}export/", {"purpose": ""}).status_code == 302
    assert not DataExport.objects.exists()
    clerk.post(f"{address}export/", {"purpose": "本人からの開示の求め"})
    jobs.run_pending("records")
    assert clerk.get(f"/records/exports/{DataExport.objects.get().id}.zip").status_code == 200
    case = Case.objects.get()
    assert "受付番号" in clerk.get("/records/holds/").content.decode()
    assert clerk.post("/records/holds/", {"number": case.number, "reason": ""}).status_code == 422
    assert clerk.post("/records/holds/", {"number": case.number, "reason": "審査請求"}).status_code == 302
    assert clerk.post(f"/records/holds/{LegalHold.objects.get().pk}/lift/").status_code == 302
    assert LegalHold.objects.get().lifted_at is not None
    assert signed_in(Account.objects.get(login="jumin")).get("/records/").status_code == 403
    assert client.get("/records/").status_code == 302
