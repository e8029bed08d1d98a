"""Putting in what is known: only when the resident asks, always visible, always removable, and the clerk sees whence."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.outside import vouch

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft, compile_form, own_fields, prefilled, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]

CLAIMS = {
    "name": "杉並　花子",
    "family_name": "杉並",
    "given_name": "花子",
    "birth_date": "1985-04-12",
    "address": "東京都杉並区阿佐谷南一丁目15番1号",
}
FORM = "juminhyo_utsushi"


def test_a_full_address_is_read_into_its_parts() -> None:
    assert values_of(CLAIMS) == {
        "name": {"family": "杉並", "given": "花子", "family_kana": "", "given_kana": ""},
        "address": {
            "postal_code": "",
            "prefecture": "東京都",
            "city": "杉並区",
            "town": "阿佐谷南",
            "block": "一丁目15番1号",
            "building": "",
        },
        "birth_date": "1985-04-12",
    }
    assert values_of({"address": "京都府京都市左京区吉田本町"})["address"]["city"] == "京都市"
    assert "address" not in values_of({"address": "ロンドン"}), "what cannot be read is left out"


@pytest.mark.parametrize("form", ["juminhyo_utsushi", "tenshutsu", "jidou_teate_nintei", "general"])
def test_only_questions_about_the_person_are_found_and_never_the_individual_number(form: str) -> None:
    from madoguchi.engines.forms.api import FormDefinition, FormVersion

    definition = FormDefinition.model_validate(FormVersion.objects.filter(form_id=form).latest("version").definition)
    found = own_fields(compile_form(definition))
    assert found["name"].id == "applicant"
    assert not any(item.fd.type == "my_number" for item in found.values())
    assert not any("spouse" in item.id or "subject" in item.id or "agent" in item.id for item in found.values())


def test_nothing_is_put_in_before_the_resident_asks() -> None:
    client = Client()
    vouch(client, claims=CLAIMS)
    url = start(client, FORM)
    page = client.get(url).content.decode()
    assert "この内容を入れられます" in page
    assert "サインイン先から届いた情報から" in page
    assert 'value="阿佐谷南"' not in page
    assert not Draft.objects.get().answers
    assert client.post(url, {"_prefill": "decline", "phone": "03-1111-2222"}).status_code == 302
    page = client.get(url).content.decode()
    assert "この内容を入れられます" not in page
    assert 'value="03-1111-2222"' in page, "what was typed beside it is kept"
    assert not Draft.objects.get().answers.get("applicant")


def test_what_is_put_in_is_marked_and_taken_out_one_by_one_or_all() -> None:
    client = Client()
    vouch(client, claims=CLAIMS)
    url = start(client, FORM)
    client.post(url, {"_prefill": "use"})
    page = client.get(url).content.decode()
    assert 'value="阿佐谷南"' in page
    assert len(re.findall('name="_clear" value="[a-z_]+"', page)) == 3
    shown = dict(re.findall(r'name="([a-z_]+\.[a-z_]+)" value="([^"]*)"', page))
    client.post(url, {**shown, "_clear": "birth_on"})
    answers = Draft.objects.get().answers
    assert answers["birth_on"] is None
    assert answers["applicant"]["family"] == "杉並"
    shown = {name: value for name, value in shown.items() if not name.startswith("birth_on")}
    client.post(url, {**shown, "applicant.family": "荻窪"})
    page = client.get(url).content.decode()
    assert 'id="applicant-origin"' not in page, "what the resident changed is the resident's own"
    assert 'id="address-origin"' in page
    client.post(url, {**shown, "applicant.family": "荻窪", "_clear": "*"})
    answers = Draft.objects.get().answers
    assert answers["address"] is None
    assert answers["applicant"]["family"] == "荻窪"


def test_an_earlier_application_is_named_by_its_day_and_the_submission_keeps_whence() -> None:
    client = Client()
    vouch(client)
    definition = definition_of(FORM)
    submit(client, fill(client, start(client, FORM), definition, valid_example(definition)))
    first = Case.objects.get().submission
    url = start(client, FORM)
    page = client.get(url).content.decode()
    assert "前の申請（令和8年11月2日）から" in page
    client.post(url, {"_prefill": "use"})
    summary = fill(client, url, definition, valid_example(definition))
    submit(client, summary)
    case = Case.objects.order_by("-pk").first()
    assert case is not None
    standing = prefilled(case.submission.draft_id).standing(case.submission.answers)
    assert standing["applicant"].source == "earlier"
    assert standing["applicant"].on == "2026-11-02"
    assert standing["applicant"].value == first.answers["applicant"]


def test_a_guest_is_offered_nothing_and_costs_nothing_more() -> None:
    guest = Client()
    url = start(guest, FORM)
    guest.get(url)
    with CaptureQueriesContext(connection) as shown:
        page = guest.get(url).content.decode()
    assert "この内容を入れられます" not in page
    assert len(shown) == 1
    guest.post(url, {"_prefill": "use"})
    assert not any(Draft.objects.get().answers.values())
    resident = Client()
    vouch(resident, claims=CLAIMS)
    url = start(resident, FORM)
    resident.get(url)
    with CaptureQueriesContext(connection) as shown:
        resident.get(url)
    assert len(shown) <= 7, "session, account, draft, what was put in, and the three sources"
