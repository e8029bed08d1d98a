"""Staff ask and write: only with the resident's code, one draft through many hands, and the record says so."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.support.journeys import definition_of, fill, read_receipt, start, valid_example
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import hands_of
from madoguchi.engines.forms.models import Draft
from madoguchi.engines.identity.models import StaffPost
from madoguchi.kernel import audit
from madoguchi.kernel.audit.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
PROCEDURE = "koho_haifu"


@pytest.fixture
def clerks() -> tuple[Client, Client]:
    """Return two clerks who may ask and write."""
    posts = list(StaffPost.objects.filter(role_id="clerk").select_related("account"))
    first = posts[0]
    second = next(post for post in posts if post.account_id != first.account_id)
    return signed_in(first.account), signed_in(second.account)


def draft_of(url: str) -> Draft:
    return Draft.objects.get(pk=url.split("/")[2])


def test_a_clerk_asks_by_phone_and_hands_in_for_the_resident(clerks: tuple[Client, Client]) -> None:
    clerk, other = clerks
    assert f"/staff/entry/{PROCEDURE}/start/" in clerk.get("/staff/entry/", {"q": "広報"}).content.decode()
    url = clerk.post(f"/staff/entry/{PROCEDURE}/start/", {"channel": "phone"})["Location"]
    page = clerk.get(url).content.decode()
    assert "portal-ask" in page
    assert "電話で職員が聞き取って入力中です" in page
    assert other.get(url).status_code == 404, "nobody browses the drafts of colleagues"
    definition = definition_of(PROCEDURE)
    summary = fill(clerk, url, definition, valid_example(definition))
    refused = clerk.post(summary, {"_submit": "1"})
    assert refused.status_code == 422
    assert not Case.objects.filter(procedure_id=PROCEDURE).exists()
    done = clerk.post(summary, {"_submit": "1", "paper": "questions", "confirmed": "read"})
    receipt = read_receipt(clerk.get(done["Location"]).content.decode())
    case = Case.objects.get(number=receipt.number)
    assert (case.channel, case.applicant_ref, case.filer_ref, case.mandate) == ("phone", "", "", "entry:phone")
    opened = case.events.get(kind="opened")
    assert "聞き取り" in opened.payload["note"]
    assert "読み上げ" in opened.payload["note"]
    entry = AuditEntry.objects.get(action="casework.open", subject=f"case:{case.number}")
    assert json.loads(entry.payload)["mandate"] == "entry:phone"
    assert entry.actor_ref.startswith("staff:")
    resident = Client()
    resident.post("/status/", {"number": receipt.number, "code": receipt.code})
    status = resident.get(f"/status/{case.number}/").content.decode()
    assert "電話で職員が聞き取って入力" in status
    assert opened.actor_name not in status, "residents read no names of staff"
    assert audit.verify().ok


def test_the_same_draft_goes_from_phone_to_web_to_counter_to_kiosk(clerks: tuple[Client, Client]) -> None:
    clerk, other = clerks
    url = clerk.post(f"/staff/entry/{PROCEDURE}/start/", {"channel": "phone"})["Location"]
    draft = draft_of(url)
    code = clerk.get(f"/apply/{draft.pk}/saved/").context["code"]
    home = Client()
    assert home.post("/apply/resume/", {"code": code})["Location"] == f"/apply/{draft.pk}/"
    assert home.get(url).status_code == 200
    assert clerk.get(url).status_code == 404, "what the resident took back is out of the clerk's hands"
    taken = other.post("/staff/entry/take/", {"channel": "counter", "code": f"http://x/apply/resume/#{code.lower()}"})
    assert taken["Location"] == f"/apply/{draft.pk}/"
    assert other.get(url).status_code == 200
    definition = definition_of(PROCEDURE)
    summary = fill(home, url, definition, valid_example(definition))
    assert home.post(summary, {"_submit": "1"}).status_code == 409, "not while a clerk has it in hand"
    other.post(f"/staff/entry/{draft.pk}/release/")
    assert other.get(url).status_code == 404
    terminal = Client()
    terminal.get("/kiosk/")
    terminal.post("/apply/resume/", {"code": code})
    assert terminal.post(summary, {"_submit": "1"})["Location"].endswith("/done/")
    assert Case.objects.get(procedure_id=PROCEDURE).channel == "kiosk"
    assert [item.channel for item in hands_of(draft.pk)] == ["phone", "online", "counter", "online", "kiosk"]
    terminal.post("/kiosk/leave/")
    assert terminal.get(f"/apply/{draft.pk}/done/").status_code == 404


def test_no_draft_opens_without_its_code(clerks: tuple[Client, Client]) -> None:
    clerk, _ = clerks
    url = start(Client(), PROCEDURE)
    assert clerk.get(url).status_code == 404
    assert str(draft_of(url).pk) not in clerk.get("/staff/entry/").content.decode()
    refused = clerk.post("/staff/entry/take/", {"channel": "counter", "code": "0000-0000-0000"})
    assert refused.status_code == 422
    assert clerk.post("/staff/entry/kaigishitsu_yoyaku/start/", {"channel": "phone"}).status_code == 404
    assert clerk.post(f"/staff/entry/{PROCEDURE}/start/", {"channel": "online"}).status_code == 422
    assert (
        Client().post(f"/staff/entry/{PROCEDURE}/start/", {"channel": "phone"})["Location"].startswith("/staff/signin/")
    )
