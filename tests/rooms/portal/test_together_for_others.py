"""Handing in together for somebody else: a representative within what they were given, a clerk with the resident's code."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.rooms.portal.test_together import LEFT, wanted
from tests.support.delegations import appoint, resident
from tests.support.journeys import arrive, fill, fill_parts
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Bundle, Case
from madoguchi.engines.forms.api import Draft, Submission, hands_of
from madoguchi.engines.identity.models import Account, Delegation, StaffPost
from madoguchi.engines.notices.models import Notice
from madoguchi.kernel import audit
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.rooms.catalogue.api import get_interview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
COVERED = ["kodomo_iryohi", "kokuho_kanyu"]


def answer(client: Client, started: str) -> str:
    """Answer the birth interview as its example does and return the address of its result."""
    interview = get_interview("birth")
    example = next(one for one in interview.as_form(with_examples=True).examples if one.id == "five_in_three")
    result = arrive(client, fill(client, started, interview.as_form(), example))
    assert result.endswith("/result/")
    return result


def onward(client: Client, result: str) -> str:
    """Confirm the choice as the page offers it, answer what is left, and return the address of the summary."""
    confirmed = client.post(result, wanted(client.get(result).content.decode()))
    return fill_parts(client, str(confirmed["Location"]), LEFT)


@pytest.fixture
def pair() -> tuple[Client, Client, Delegation]:
    """Return a principal, a representative, and what the one gave the other."""
    hanako, taro = resident("hanako"), resident("taro")
    return hanako, taro, appoint(hanako, taro, *COVERED)


def test_a_representative_hands_in_what_is_covered_and_both_sides_see_who_for_whom(
    pair: tuple[Client, Client, Delegation],
) -> None:
    _, taro, given = pair
    asked = taro.post("/together/start/birth/").content.decode()
    assert "どなたの申請ですか" in asked
    assert given.ref in asked
    result = answer(taro, str(taro.post("/together/start/birth/", {"for": given.ref})["Location"]))
    page = taro.get(result).content.decode()
    assert "見本 花子さんの代理で手続しています" in page
    here, refused = page.split('id="refused"')
    assert "2件の手続が当てはまりました" in here
    assert "この代理の範囲に、この手続は入っていません。" in refused
    assert "児童手当" in refused
    assert "児童手当の" not in here
    summary = onward(taro, result)
    done = taro.post(summary, {"_submit": "1"})
    assert done.status_code == 302
    assert taro.get(done["Location"]).status_code == 200

    bundle = Bundle.objects.get()
    principal, delegate = (Account.objects.get(name=name) for name in ("hanako", "taro"))
    assert bundle.applicant_ref == principal.ref
    cases = list(bundle.cases.order_by("id"))
    assert [case.procedure_id for case in cases] == COVERED
    for case in cases:
        assert (case.applicant_ref, case.filer_ref, case.mandate) == (principal.ref, delegate.ref, given.ref)
        assert case.events.get(kind="opened").payload["behalf"]["for"] == principal.ref
        entry = AuditEntry.objects.get(action="casework.open", subject=f"case:{case.number}")
        assert json.loads(entry.payload)["mandate"] == given.ref
    told = set(Notice.objects.filter(case_number=bundle.number).values_list("account_id", flat=True))
    assert told == {principal.pk, delegate.pk}
    assert audit.verify().ok


def test_the_bundle_opens_for_both_parties_only_and_revoking_works_at_once(
    pair: tuple[Client, Client, Delegation],
) -> None:
    hanako, taro, given = pair
    summary = onward(taro, answer(taro, str(taro.post("/together/start/birth/", {"for": given.ref})["Location"])))
    code = taro.get(summary.replace("/together/", "/apply/").replace("/summary/", "/saved/")).context["code"]
    stranger = Client()
    stranger.post("/apply/resume/", {"code": code})
    assert stranger.get(summary).status_code == 404, "a code opens no representative's draft"
    assert stranger.post(summary, {"_submit": "1"}).status_code == 404
    taro.post(summary, {"_submit": "1"})
    bundle = Bundle.objects.get()
    page, number = f"/together/{bundle.number}/", bundle.number
    case = bundle.cases.first()
    assert case is not None
    for client in (hanako, taro):
        assert f"/status/{case.number}/" in client.get(page).content.decode()
    assert number in hanako.get("/mypage/").content.decode()
    stranger.post("/status/", {"number": number, "code": code})
    stranger.post("/status/", {"number": case.number, "code": code})
    assert stranger.get(page).status_code == 404
    started = str(taro.post("/together/start/birth/", {"for": given.ref})["Location"])
    hanako.post(f"/mypage/delegations/{given.pk}/end/")
    assert (taro.get(page).status_code, hanako.get(page).status_code) == (404, 200)
    assert taro.get(started).status_code == 403
    assert taro.post("/together/start/birth/", {"for": given.ref}).status_code == 403
    assert taro.post("/together/start/birth/").status_code == 302, "for oneself nothing has changed"


def test_nothing_covered_is_said_at_the_door_and_nothing_left_on_the_result() -> None:
    hanako, taro = resident("hanako"), resident("taro")
    given = appoint(hanako, taro, "bunsho_kaiji")
    assert taro.post("/together/start/birth/").status_code == 302, "not asked for whom: nothing of it is covered"
    assert taro.post("/together/start/birth/", {"for": given.ref}).status_code == 403
    hanako.post(f"/mypage/delegations/{given.pk}/end/")
    other = resident("jiro")
    assert other.post("/together/start/birth/", {"for": given.ref}).status_code == 404


@pytest.fixture
def clerk() -> Client:
    """Return a clerk who may ask and write."""
    post = StaffPost.objects.filter(role_id="clerk").select_related("account").first()
    assert post is not None
    return signed_in(post.account)


def test_a_clerk_asks_and_the_same_interview_goes_from_phone_to_web_to_counter(clerk: Client) -> None:
    assert "/staff/entry/together/birth/start/" in clerk.get("/staff/entry/", {"q": "赤ちゃん"}).content.decode()
    assert clerk.post("/staff/entry/together/guide_care/start/", {"channel": "phone"}).status_code == 404
    started = str(clerk.post("/staff/entry/together/birth/start/", {"channel": "phone"})["Location"])
    result = answer(clerk, started)
    clerk.post(result, wanted(clerk.get(result).content.decode()))
    draft = Draft.objects.get(parent=None)
    assert set(draft.parts.values_list("channel", flat=True)) == {"phone"}
    code = clerk.get(f"/apply/{draft.pk}/saved/").context["code"]

    home = resident("hanako")
    home.post("/apply/resume/", {"code": code})
    assert home.get(result).status_code == 200
    assert clerk.get(result).status_code == 404, "what the resident took back is out of the clerk's hands"
    taken = clerk.post("/staff/entry/take/", {"channel": "counter", "code": f"http://x/apply/resume/#{code.lower()}"})
    assert arrive(clerk, str(taken["Location"])) == result
    assert "赤ちゃん" in clerk.get("/staff/entry/").content.decode().split('id="hand"')[1].split("</section>")[0]
    summary = onward(clerk, result)
    page = clerk.get(summary).content.decode()
    assert "窓口で職員が聞き取って入力中です" in page
    assert 'name="_submit"' in page, "the clerk checks the person: nobody is led to a sign-in"
    assert home.post(summary, {"_submit": "1"}).status_code == 409, "not while a clerk has it in hand"
    refused = clerk.post(summary, {"_submit": "1", "confirmed": "read"})
    assert refused.status_code == 422
    assert "本人をどう確かめたか" in refused.content.decode()
    assert not Submission.objects.exists()
    done = clerk.post(summary, {"_submit": "1", "paper": "my_number_card", "confirmed": "read"})
    assert done.status_code == 302, done.content.decode()
    cases = list(Case.objects.all())
    assert len(cases) == 5
    for case in cases:
        assert (case.channel, case.mandate, case.filer_ref) == ("counter", "entry:counter", "")
        assert case.submission is not None
        assert case.submission.channel == "counter"
        note = case.events.get(kind="opened").payload["note"]
        assert "読み上げて確認" in note
        assert "電話" in note.split("受け渡し")[1]
    assert [item.channel for item in hands_of(draft.pk)] == ["phone", "online", "counter"]
    assert "職員が聞き取って入力" in clerk.get(f"/status/{cases[0].number}/").content.decode()


def test_what_a_resident_began_signed_in_stays_theirs_when_a_clerk_hands_it_in(clerk: Client) -> None:
    hanako = resident("hanako")
    result = answer(hanako, str(hanako.post("/together/start/birth/")["Location"]))
    draft = Draft.objects.get()
    code = hanako.get(f"/apply/{draft.pk}/saved/").context["code"]
    clerk.post("/staff/entry/take/", {"channel": "phone", "code": code})
    clerk.post(onward(clerk, result), {"_submit": "1", "paper": "questions", "confirmed": "read"})
    bundle, account = Bundle.objects.get(), Account.objects.get(name="hanako")
    assert {bundle.applicant_ref, *bundle.cases.values_list("applicant_ref", flat=True)} == {account.ref}
    assert bundle.number in hanako.get("/mypage/").content.decode()


def test_an_interview_at_a_terminal_is_kept_as_such() -> None:
    terminal = Client()
    terminal.get("/kiosk/")
    terminal.post("/together/start/birth/")
    assert Draft.objects.get().channel == "kiosk"
