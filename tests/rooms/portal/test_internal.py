"""Internal procedures: staff apply on the residents' pages, the handling section gets the case, nobody else sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.support.journeys import definition_of, fill, submit, valid_example
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Case
from madoguchi.engines.identity.models import Account
from madoguchi.rooms.catalogue.api import get_procedure, list_procedures

from .journey import chief_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
PROCEDURE = "kaigishitsu_yoyaku"


@pytest.fixture
def sit_down() -> Callable[[str], Client]:
    """Return a function that signs a member of staff in with a second factor shown."""

    def sign_in(login: str) -> Client:
        account = Account.objects.get(kind="staff", login=login)
        return signed_in(account)

    return sign_in


@pytest.fixture
def colleagues(sit_down: Callable[[str], Client]) -> tuple[Client, Client]:
    """Return two members of staff."""
    first, second = Account.objects.filter(kind="staff").order_by("login")[:2]
    return sit_down(str(first.login)), sit_down(str(second.login))


def start(client: Client, procedure_id: str = PROCEDURE) -> str:
    """Start an internal procedure and return the address of its first step."""
    response = client.post(f"/staff/procedures/{procedure_id}/start/")
    assert response.status_code == 302
    return str(response["Location"])


def test_the_list_is_in_the_menu_and_can_be_searched(colleagues: tuple[Client, Client]) -> None:
    page = colleagues[0].get("/staff/procedures/").content.decode()
    for item in list_procedures(staff=True):
        assert f"/staff/procedures/{item.id}/start/" in page
    assert page.count("庁内手続") > 1
    found = colleagues[0].get("/staff/procedures/", {"q": "会議室"}).content.decode()
    assert f"/staff/procedures/{PROCEDURE}/start/" in found
    assert "/staff/procedures/ai_service_sodan/start/" not in found


def test_staff_apply_and_follow_and_the_section_gets_the_case(colleagues: tuple[Client, Client]) -> None:
    client, other = colleagues
    first = start(client)
    assert 'href="/staff/procedures/"' in client.get(first).content.decode()
    assert first.split("/step/")[0] in client.get("/staff/procedures/").content.decode()
    definition = definition_of(PROCEDURE)
    receipt = submit(client, fill(client, first, definition, valid_example(definition)))
    case = Case.objects.get(number=receipt.number)
    assert case.channel == "internal"
    assert case.applicant_ref.startswith("staff:")
    assert case.section == get_procedure(PROCEDURE).department
    status = f"/status/{case.number}/"
    mine = client.get("/staff/procedures/").content.decode()
    assert status in mine
    assert case.number in client.get(status).content.decode()
    assert 'href="/staff/procedures/"' in client.get(status).content.decode()
    assert status not in other.get("/staff/procedures/").content.decode()
    for stranger in (other, Client()):
        assert stranger.get(status).status_code == 404
        stranger.post("/status/", {"number": receipt.number, "code": receipt.code})
        assert stranger.get(status).status_code == 404, "number and code alone do not open an internal matter"
    assert client.post(f"{status}withdraw/", {"reason": "不要になった"}).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_a_draft_of_staff_is_theirs_alone(colleagues: tuple[Client, Client]) -> None:
    client, other = colleagues
    url = start(client)
    draft = url.split("/step/")[0]
    code = client.get(f"{draft}/saved/").context["code"]
    definition = definition_of(PROCEDURE)
    fill(client, url, definition, valid_example(definition))
    for stranger in (other, Client()):
        assert stranger.get(url).status_code == 404
        stranger.post("/apply/resume/", {"code": code})
        assert stranger.get(url).status_code == 404
        assert stranger.post(f"{draft}/summary/").status_code == 404
    assert not Case.objects.filter(procedure_id=PROCEDURE).exists()


def test_residents_cannot_start_one_and_staff_start_no_residents_procedure_here(
    colleagues: tuple[Client, Client],
) -> None:
    assert Client().post(f"/apply/start/{PROCEDURE}/").status_code == 404
    assert Client().post(f"/staff/procedures/{PROCEDURE}/start/").status_code == 302
    assert colleagues[0].post("/staff/procedures/doro_senyo/start/").status_code == 404


def test_a_generic_internal_procedure_reaches_a_decision(colleagues: tuple[Client, Client]) -> None:
    generic = next(item for item in list_procedures(staff=True) if not item.form)
    definition = definition_of(generic.id)
    client = colleagues[0]
    receipt = submit(client, fill(client, start(client, generic.id), definition, valid_example(definition)))
    case = Case.objects.get(number=receipt.number)
    assert (case.section, case.channel) == (generic.department, "internal")
    assert chief_of(case.section).ref != case.applicant_ref
