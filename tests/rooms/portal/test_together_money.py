"""One payment for what was handed in together: two cases with a fee, one charge, one visit to the provider."""

from __future__ import annotations

from typing import Any

import pytest
from bench._histories import CASHIER
from django.test import Client
from tests.support.journeys import arrive, begin_interview, fill_parts
from tests.support.payments import hear_here

from madoguchi.engines.casework.api import Bundle, Case, CaseEvent
from madoguchi.engines.notices.models import Notice
from madoguchi.engines.payments.api import charges_of_case, outstanding_of_case
from madoguchi.engines.payments.services import reduce_charge
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.desk.access import get_case as desk_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]
PHOTO = [{"name": "licence.jpg", "type": "image/jpeg"}]
LEFT: dict[str, Any] = {
    "scope": "household",
    "sheets": "2",
    "exempt": "ordinary",
    "receive_by": "mail",
    "identity_file": PHOTO,
    "pledge": True,
    "has_papers": False,
    "origin": "first",
    "dog_list": [{"dog_name": "ポチ", "breed": "柴犬", "coat": "茶", "dog_sex": "male", "dog_born": "2026-03"}],
    "got_on": "2026-10-20",
    "vaccinated": False,
}


@pytest.fixture
def bundle(client: Client, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    hear_here(monkeypatch)
    result = arrive(client, begin_interview(client, "arriving", "everything"))
    onward = client.post(result, {})
    summary = fill_parts(client, str(onward["Location"]), LEFT)
    page = client.get(summary).content.decode()
    assert "3,600円" in page, "the fees of both procedures, added up before handing in"
    client.post(summary, {"_submit": "1"})
    return Bundle.objects.get()


def test_one_payment_settles_the_fees_of_all_cases(bundle: Bundle, client: Client) -> None:
    cases = {case.procedure_id: case for case in bundle.cases.all()}
    record, dog, child = cases["juminhyo"], cases["inu_toroku"], cases["kodomo_iryohi"]
    assert [outstanding_of_case(case.number) for case in (record, dog, child)] == [600, 3000, 0]
    page = client.get(f"/together/{bundle.number}/").content.decode()
    assert "3,600円" in page
    assert client.get(f"/status/{record.number}/pay/")["Location"] == f"/status/{bundle.number}/pay/"
    charge = charges_of_case(bundle.number)[0].charge
    place = client.post(f"/status/{bundle.number}/pay/", {"charge": charge.id, "way": "local:card"})["Location"]
    back = client.post(place, {"action": "pay", "manner": "doubled"})
    jobs.run_pending()
    assert "支払いは済んでいます" in client.get(back["Location"]).content.decode()
    assert [outstanding_of_case(case.number) for case in (record, dog, child)] == [0, 0, 0]
    paid = CaseEvent.objects.filter(kind="paid").values_list("case__number", "payload__yen")
    assert dict(paid) == {record.number: 600, dog.number: 3000}
    assert Client().get(f"/status/{bundle.number}/pay/").status_code == 404


def test_one_case_is_given_back_and_only_its_applicant_and_section_hear_of_it(bundle: Bundle, client: Client) -> None:
    dog = bundle.cases.get(procedure_id="inu_toroku")
    charge = charges_of_case(dog.number)[0].charge
    place = client.post(f"/status/{bundle.number}/pay/", {"charge": charge.id, "way": "local:card"})["Location"]
    client.post(place, {"action": "pay", "manner": "prompt"})
    jobs.run_pending()
    reduce_charge(
        charge, amount_yen=3000, reason="取下げ", basis="", actor=CASHIER, at=clock.now(), case_number=dog.number
    )
    jobs.run_pending()
    assert list(CaseEvent.objects.filter(kind="refunded").values_list("case__number", "payload__yen")) == [
        (dog.number, 3000)
    ]
    view = charges_of_case(bundle.number)[0]
    assert view.balance.is_settled
    assert view.balance.total_yen == 600
    assert "3,000円" in client.get(f"/status/{bundle.number}/pay/").content.decode()


def test_the_desk_names_the_other_cases_only_to_who_may_see_them(bundle: Bundle, client: Client) -> None:
    from madoguchi.kernel import municipality
    from madoguchi.rooms.desk.filters import read_address
    from madoguchi.rooms.desk.selectors import case_context

    record = bundle.cases.get(procedure_id="juminhyo")
    child = bundle.cases.get(procedure_id="kodomo_iryohi")
    clerk = Actor(
        "staff", "900", "窓口 職員", permissions=frozenset({"desk.view"}), sections=frozenset({record.section})
    )
    with pytest.raises(NotFound):
        desk_case(clerk, child.number, at=clock.now())
    calendar = municipality.current().calendar
    context = case_context(record, clerk, read_address({}, clerk), at=clock.now(), calendar=calendar)
    assert {row.case.procedure_id for row in context["bundled"]} == {"inu_toroku"}
    assert context["bundled_elsewhere"] == 1
    assert [row["total_yen"] for row in context["charges"]] == [600]


def test_letters_name_the_bundle_once_and_each_case_its_own_news(bundle: Bundle) -> None:
    assert list(Notice.objects.values_list("letter", "case_number")) == [("application_received", bundle.number)]
    assert Case.objects.filter(bundle=bundle).count() == 3
