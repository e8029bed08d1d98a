"""What a clerk sees of who handed a case in: the proof, the differences, and what was put in from where."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.outside import vouch

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import replay
from madoguchi.engines.identity.services import DEMO_PASSWORD, demo_totp_code, seed_demo_staff
from madoguchi.kernel import clock
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.desk.proof import differences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
FORM = "juminhyo_utsushi"


@time_machine.travel(datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO), tick=True)
def test_the_case_page_shows_the_proof_and_points_out_a_different_address() -> None:
    cache.clear()
    definition = definition_of(FORM)
    example = valid_example(definition)
    person = example.answers["applicant"]
    claims = {
        "name": f"{person['family']}　{person['given']}",
        "family_name": person["family"],
        "given_name": person["given"],
        "birth_date": example.answers["birth_on"],
        "address": "東京都杉並区高円寺北二丁目1番1号",
    }
    client = Client()
    vouch(client, claims=claims)
    url = start(client, FORM)
    client.post(url, {"_prefill": "use"})
    number = submit(client, fill(client, url, definition, example)).number

    seed_demo_staff(demo=True, at=clock.now())
    staff = Client()
    staff.post("/staff/signin/", {"login": "kumin", "password": DEMO_PASSWORD})
    staff.post("/staff/signin/second/", {"code": demo_totp_code(at=clock.now())})
    page = staff.get(f"/desk/cases/{number}/")
    html = page.content.decode()
    assert page.status_code == 200
    for words in ("身元確認 3／当人認証 3", "マイナンバーカードでサインイン", "違いがあります", "高円寺北二丁目1番1号"):
        assert words in html, words
    assert "お名前：申請" not in html, "a wide space is no difference"
    assert "あらかじめ入れられた項目" in html
    assert "サインイン先の情報" in html

    case = Case.objects.select_related("submission").get(number=number)
    evaluation = replay(case.submission)
    assert [item.label for item in differences(evaluation, case.submission.answers, claims)] == [
        evaluation.form.fields["address"].fd.label.get("ja")
    ]
    assert not differences(evaluation, case.submission.answers, {})
