"""A step of the resident's own on the status page: reporting an improvement after an inspection (許可の流れ)."""

from __future__ import annotations

import pytest
from django.test import Client

from madoguchi.engines.casework.api import Applicant, Case, advance, open_case
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.ids import new_short_code
from madoguchi.rooms.catalogue.api import facts_of, get_procedure

from .journey import chief_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
CODE = new_short_code()
WAY = [
    ("check", {}),
    ("plan_inspection", {"note": "11月9日"}),
    ("ask_improvement", {"reason": "標識がない", "due_on": "2026-11-20"}),
]


@pytest.fixture
def case() -> Case:
    """Return a licence case whose inspection found something to improve."""
    calendar, at = municipality.current().calendar, clock.now()
    case = open_case(
        submission=None,
        procedure=facts_of(get_procedure("doro_senyo")),
        applicant=Applicant(name="杉並 花子"),
        actor=Actor(kind="guest", id="draft"),
        channel="online",
        at=at,
        calendar=calendar,
        lookup_secret=CODE,
    ).case
    for step, payload in WAY:
        case = advance(case, step, actor=chief_of(case.section), at=clock.now(), calendar=calendar, payload=payload)
    return case


@pytest.fixture
def resident(case: Case) -> Client:
    client = Client()
    assert client.post("/status/", {"number": case.number, "code": CODE}).status_code == 302
    return client


def test_the_button_leads_to_a_page_that_takes_the_step(case: Case, resident: Client) -> None:
    url = f"/status/{case.number}/step/improved/"
    page = resident.get(f"/status/{case.number}/").content.decode()
    assert url in page
    assert "改善したことを知らせる" in page
    assert "改善の報告を受ける" not in page
    assert "書かなくても" in resident.get(url).content.decode()
    assert resident.post(url, {"note": "標識を立てました"})["Location"] == f"/status/{case.number}/"
    case.refresh_from_db()
    assert case.state == "inspection"
    event = case.events.order_by("-seq")[0]
    assert (event.transition, event.payload) == ("improved", {"note": "標識を立てました"})
    assert url not in resident.get(f"/status/{case.number}/").content.decode()
    assert resident.post(url, {}).status_code == 302
    assert case.events.count() == len(WAY) + 2


def test_other_steps_have_no_such_page(case: Case, resident: Client) -> None:
    for step in ("withdraw", "pass", "corrected", "nothing"):
        assert resident.post(f"/status/{case.number}/step/{step}/", {"note": "x"})["Location"].endswith(
            f"{case.number}/"
        )
    case.refresh_from_db()
    assert case.state == "improving"


def test_who_holds_no_key_finds_no_case(case: Case) -> None:
    assert Client().get(f"/status/{case.number}/step/improved/").status_code == 404
