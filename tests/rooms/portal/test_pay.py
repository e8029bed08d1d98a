"""The fee of an application: charged when it is handed in or after review, paid at the local provider, seen by both sides."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from bench._histories import CASHIER
from django.test import Client
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.payments import hear_here
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import (
    Case,
    CaseEvent,
    CaseHappening,
    WorkflowDefinition,
    advance,
)
from madoguchi.engines.casework.api import (
    definition_of as workflow_of,
)
from madoguchi.engines.identity.models import Account
from madoguchi.engines.notices.models import Notice
from madoguchi.engines.payments.api import charges_of_case, outstanding_of_case
from madoguchi.engines.payments.models import LocalSession
from madoguchi.engines.payments.services import counts_of, read_settlement, reduce_charge
from madoguchi.engines.payments.slip import SlipCode, write_code
from madoguchi.kernel import clock, jobs, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict
from madoguchi.rooms.catalogue.schema import PaymentTime
from madoguchi.rooms.portal import services
from madoguchi.rooms.portal.views import pay

pytestmark = [pytest.mark.django_db]
CLERK = Actor(
    kind="staff",
    id="1",
    name="職員",
    roles=frozenset({"clerk", "section_chief"}),
    sections=frozenset({"jumin", "kumin"}),
)


@pytest.fixture
def paid_form(sample_town: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> Case:
    hear_here(monkeypatch)
    form = definition_of("juminhyo")
    receipt = submit(client, fill(client, start(client, "juminhyo"), form, valid_example(form, "whole_by_mail")))
    Case.objects.filter(number=receipt.number).update(contact_email="hanako@example.jp")
    return Case.objects.get(number=receipt.number)


def definition_of_workflow(case: Case) -> WorkflowDefinition:
    return workflow_of(case.workflow_version_id)


def step(case: Case, *names: str) -> None:
    for name in names:
        advance(case, name, actor=CLERK, at=clock.now(), calendar=municipality.current().calendar)


def test_a_certificate_is_issued_when_it_is_paid(paid_form: Case, client: Client) -> None:
    case, pages = paid_form, f"/status/{paid_form.number}/"
    assert outstanding_of_case(case.number) == 600
    assert "600円" in client.get(pages).content.decode()
    step(case, "check", "prepare")
    with pytest.raises(Conflict, match="手数料がまだ支払われていません"):
        step(case, "issue")
    page = client.get(f"{pages}pay/").content.decode()
    charge = charges_of_case(case.number)[0].charge
    assert str(charge.id) in page
    refused = client.post(f"{pages}pay/?lang=en", {"charge": charge.id})
    assert refused.status_code == 422
    assert "Choose how you want to pay." in refused.content.decode()
    client.get("/?lang=ja")
    answer = client.post(f"{pages}pay/", {"charge": charge.id, "way": "local:card"})
    session = LocalSession.objects.get()
    assert answer["Location"] == f"/pay/local/{session.ref}/"
    assert "600円" in client.get(answer["Location"]).content.decode()
    back = client.post(answer["Location"], {"action": "pay", "manner": "doubled"})
    assert "確かめています" in client.get(back["Location"]).content.decode()
    jobs.run_pending()
    assert "支払いは済んでいます" in client.get(back["Location"]).content.decode()
    assert outstanding_of_case(case.number) == 0
    assert CaseEvent.objects.filter(case=case, kind="paid").count() == 1
    assert Notice.objects.filter(case_number=case.number, letter="payment_received").count() == 1
    assert "手数料を受け取りました" in client.get(pages).content.decode()
    step(case, "issue")


def test_a_slip_is_paid_at_a_till(paid_form: Case, client: Client) -> None:
    number, pages = paid_form.number, f"/status/{paid_form.number}/pay/"
    charge = charges_of_case(number)[0].charge
    assert client.post(pages, {"charge": charge.id, "way": "konbini:slip"})["Location"] == pages
    payment = charges_of_case(number)[0].payments[0]
    link = f"{pages}slip/{payment.id}.pdf"
    assert link in client.get(pages).content.decode()
    paper = client.get(link)
    assert paper.content.startswith(b"%PDF")
    assert b"StructTreeRoot" in paper.content
    assert Client().get(link).status_code == 404
    code = write_code(SlipCode("954321", payment.provider_ref or "", charge.due_on, 600))
    head, day = "データ種別,バーコード,収納金額,手数料,収納日", clock.today()
    for word in ("速報", "確報"):
        lines = [head, f"{word},{code},600,60,{day}", f"{word},{code[:-1]}{(int(code[-1]) + 1) % 10},600,60,{day}"]
        file = read_settlement("konbini", name="k.csv", data="\n".join(lines).encode(), actor=CASHIER, at=clock.now())
        assert counts_of(file) == {"unreadable": 1} | ({"matched": 1} if word == "確報" else {})
        assert outstanding_of_case(number) == (0 if word == "確報" else 600)
    assert client.get(link).status_code == 404
    assert CaseEvent.objects.filter(case=paid_form, kind="paid").count() == 1


def test_what_a_till_cannot_give_back_goes_to_an_account(
    paid_form: Case, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip is paid, the fee halved: the clerk's pages lead to a transfer, which the resident follows."""
    number, pages = paid_form.number, f"/status/{paid_form.number}/pay/"
    charge = charges_of_case(number)[0].charge
    client.post(pages, {"charge": charge.id, "way": "konbini:slip"})
    code = write_code(SlipCode("954321", charges_of_case(number)[0].payments[0].provider_ref or "", charge.due_on, 600))
    rows = f"データ種別,バーコード,収納金額,手数料,収納日\n確報,{code},600,60,{clock.today()}"
    read_settlement("konbini", name="k.csv", data=rows.encode(), actor=CASHIER, at=clock.now())
    reduce_charge(charge, amount_yen=300, reason="1通の取消し", basis="", actor=CASHIER, at=clock.now())
    jobs.run_pending()
    assert "支払った方法では返せませんでした" in client.get(pages).content.decode()
    assert "還付金の振込先を届け出る" not in client.get(pages).content.decode()
    monkeypatch.setattr(pay, "refund_account_procedure", lambda: "zei_shomei")
    assert 'href="/procedures/zei_shomei/">還付金の振込先を届け出る' in client.get(pages).content.decode()
    [refund] = charges_of_case(number)[0].refunds
    desk, here = signed_in(Account.objects.get(login="kaikei")), f"/staff/payments/charges/{charge.id}/"
    assert f"{here}#refund-{refund.pk}" in desk.get("/staff/payments/refunds/").content.decode()
    page = desk.get(here).content.decode()
    assert "口座に振り込む" in page
    assert "もう一度還付する" not in page  # no till gives money back
    order = {"action": "transfer", "order_number": "支-1", "planned_on": "", "reason": "コンビニで支払ったため"}
    wrong = desk.post(f"{here}refunds/{refund.pk}/", order)
    assert wrong.status_code == 422
    assert "振込予定日を入力してください" in wrong.content.decode()
    assert 'value="コンビニで支払ったため"' in wrong.content.decode()
    assert desk.post(f"{here}refunds/{refund.pk}/", order | {"planned_on": "2026-12-10"}).status_code == 302
    assert "支-1,2026-12-10,300" in desk.get("/staff/payments/refunds/?format=csv").content.decode()
    assert "令和8年12月10日に口座へ振り込む予定です" in client.get(pages).content.decode()
    made = charges_of_case(number)[0].refunds[-1]
    desk.post(f"{here}refunds/{made.pk}/", {"action": "made", "on": clock.today().isoformat()})
    assert "口座へ振り込みました" in client.get(pages).content.decode()
    assert "transferred to your bank account" in client.get(f"{pages}?lang=en").content.decode()
    assert "ありません" in desk.get("/staff/payments/refunds/").content.decode()


def test_a_refused_payment_can_be_made_another_way(paid_form: Case, client: Client) -> None:
    number = paid_form.number
    charge = charges_of_case(number)[0].charge
    for way, action in (("local:card", "refuse"), ("local:code", "abandon"), ("local:code", "pay")):
        place = client.post(f"/status/{number}/pay/", {"charge": charge.id, "way": way})["Location"]
        back = client.post(place, {"action": action, "manner": "never"})
        page = client.get(back["Location"]).content.decode()
        assert ("支払いができませんでした" in page) == (action == "refuse")
    assert outstanding_of_case(number) == 0


def test_nobody_else_sees_or_pays_the_fee(paid_form: Case) -> None:
    stranger = Client()
    for page in ("pay/", "pay/back/"):
        assert stranger.get(f"/status/{paid_form.number}/{page}").status_code == 404
    assert stranger.post(f"/status/{paid_form.number}/pay/", {"way": "local:card"}).status_code == 404


def test_a_strange_way_is_refused_in_japanese(paid_form: Case, client: Client) -> None:
    charge: Any = charges_of_case(paid_form.number)[0].charge
    for data in ({"way": "nobody:card"}, {"way": "local:gold"}, {"way": ""}):
        answer = client.post(f"/status/{paid_form.number}/pay/", {"charge": charge.id, **data})
        assert answer.status_code == 422
    assert charge.due_on == charge.raised_at.date() + dt.timedelta(days=14)


def test_a_reduced_fee_after_review_is_paid_late_and_twice_and_half_goes_back(
    sample_town: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """減免 with proof, paid after review; the notification comes late and twice; half of it goes back, with its letters."""
    hear_here(monkeypatch)
    known = services.get_procedure("juminhyo")
    after_review = known.model_copy(update={"payment": PaymentTime(when="review")})
    monkeypatch.setattr(services, "get_procedure", lambda _: after_review)
    form = definition_of("juminhyo")
    receipt = submit(client, fill(client, start(client, "juminhyo"), form, valid_example(form, "whole_by_mail")))
    Case.objects.filter(number=receipt.number).update(contact_email="hanako@example.jp")
    case = Case.objects.select_related("submission").get(number=receipt.number)
    assert charges_of_case(case.number) == []
    assert case.submission is not None
    for line in case.submission.fees:
        line |= {
            "exemption": {"id": "half", "title": {"ja": "半額"}, "source": "条例第5条", "percent": 50}, "proof": "手帳の写し",
        }  # fmt: skip
    arrow = next(step for step in definition_of_workflow(case).transitions if step.id == "check")
    event = CaseEvent.objects.filter(case=case).latest("seq")
    services.charge_after_review(
        CaseHappening(
            case, event, definition_of_workflow(case), arrow.model_copy(update={"charge": True}), CLERK, clock.now(), {}
        )
    )
    view = charges_of_case(case.number)[0]
    assert (view.balance.total_yen, view.lines[0].exemption_proof) == (300, "手帳の写し")
    chief = signed_in(Account.objects.get(kind="staff", login="jumin-chief"))
    desk = f"/staff/payments/charges/{view.charge.id}/"
    page = chief.get(desk).content.decode()
    assert "減免の確認" in page
    assert "手帳の写し" in page
    assert "条例第5条" in page
    refused = chief.post(f"{desk}exemption/1/", {"action": "refuse", "exemption_reason": ""})
    assert refused.status_code == 422
    assert "認めない理由を入力してください" in refused.content.decode()
    assert chief.post(f"{desk}exemption/1/", {"action": "accept"}).status_code == 302
    assert "確認済み" in chief.get(desk).content.decode()
    pages = f"/status/{case.number}/pay/"
    back = client.post(client.post(pages, {"charge": view.charge.id, "way": "local:card"})["Location"],
                       {"action": "pay", "manner": "doubled_late"})  # fmt: skip
    assert back.status_code == 302
    later = clock.now() + dt.timedelta(minutes=3)
    with time_machine.travel(later, tick=False):
        jobs.run_pending()
        jobs.run_pending()
        assert outstanding_of_case(case.number) == 0
        reduce_charge(view.charge, amount_yen=150, reason="面積の更正", basis="", actor=CASHIER, at=clock.now())
        jobs.run_pending()
        jobs.run_pending()
        assert "150円を返しました" in client.get(pages).content.decode()
    letters = Notice.objects.filter(case_number=case.number).values_list("letter", flat=True)
    assert sorted(letters) == ["payment_due", "payment_received", "refund_made"]
