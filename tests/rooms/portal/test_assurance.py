"""The identity check at the one step where it counts: handing in. Everything before it is open to anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.outside import agree, running_provider, vouch

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft
from madoguchi.engines.identity.api import proofs_of
from madoguchi.engines.identity.models import ShownProof
from madoguchi.kernel.access import Actor, Proof
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import NotAllowed
from madoguchi.rooms.catalogue.api import get_procedure, list_procedures
from madoguchi.rooms.catalogue.schema import Assurance
from madoguchi.rooms.portal.assurance import Need, demand_assurance, lacking, need_of

AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
TWO = "juminhyo_utsushi"
"""A procedure that asks for levels 2 and 2 by sign-in."""
THREE = "jidou_teate_nintei"


@pytest.mark.parametrize(
    ("levels", "minutes", "lack"),
    [
        (None, 0, "nobody"),
        ((1, 1), 0, "level"),
        ((3, 1), 0, "level"),
        ((1, 3), 0, "level"),
        ((2, 2), 60, ""),
        ((2, 2), 61, "stale"),
        ((3, 3), 0, ""),
    ],
)
def test_what_a_session_lacks(levels: tuple[int, int] | None, minutes: int, lack: str) -> None:
    proof = Proof("card", *levels, AT - timedelta(minutes=minutes)) if levels else None
    assert lacking(Need(2, 2), proof, at=AT, limit_minutes=60) == lack
    assert lacking(Need(), proof, at=AT, limit_minutes=60) == ""


def test_level_two_may_be_shown_by_papers_and_level_three_may_not() -> None:
    assert not Assurance(identity=2, authentication=2).asks_sign_in
    assert Assurance(identity=2, by="sign_in").asks_sign_in
    assert Assurance(identity=3).asks_sign_in
    assert Assurance(authentication=3).asks_sign_in
    assert not Assurance(by="sign_in").asks_sign_in
    assert not Assurance(identity=3, signature=True).asks_sign_in, "the signature shows it"


@pytest.mark.django_db
@pytest.mark.usefixtures("suginami")
def test_several_procedures_need_the_highest_of_each_and_staff_are_never_asked() -> None:
    two, three = get_procedure(TWO), get_procedure(THREE)
    assert need_of([two, three]) == Need(3, 2)
    assert need_of(item for item in list_procedures() if item.audience == "staff").is_open
    guest = Actor("guest", "x")
    demand_assurance([two], "counter", actor=guest, at=AT)
    with pytest.raises(NotAllowed):
        demand_assurance([two], "online", actor=guest, at=AT)


@pytest.mark.django_db
@pytest.mark.usefixtures("suginami")
class TestJourney:
    """A guest fills, signs in at the running provider, and hands in."""

    @pytest.fixture(scope="class")
    def provider(self) -> Iterator[str]:
        with running_provider() as address:
            yield address

    @pytest.fixture(autouse=True)
    def _fresh(self, provider: str) -> None:
        cache.clear()

    def test_a_guest_is_told_what_is_needed_signs_in_and_goes_on_with_the_same_draft(self) -> None:
        client = Client()
        definition = definition_of(TWO)
        summary = fill(client, start(client, TWO), definition, valid_example(definition))
        page = client.get(summary).content.decode()
        assert 'name="_submit"' not in page
        for words in (
            "送る前に、本人確認が要ります",
            "送られた写しだけでは",
            "身元確認 2",
            "マイナンバーカードでサインイン",
            "窓口で",
        ):
            assert words in page, words
        assert "事業者の共通認証" not in page
        assert client.post(summary, {"_submit": "1"})["Location"] == summary, "the button's absence is not the lock"
        assert not Case.objects.exists()

        way = re.search(r'href="(/signin/with/card/[^"]*)"', page)
        assert way
        leaving = client.get(way[1].replace("&amp;", "&"))
        arrived = client.get(agree(leaving["Location"], "card-0001"))
        back = client.get(arrived["Location"])
        assert back["Location"] in summary or client.get(back["Location"])["Location"] == summary
        draft = Draft.objects.get()
        assert draft.owner_ref.startswith("resident:")
        assert 'name="_submit"' in client.get(summary).content.decode()

        receipt = submit(client, summary)
        case = Case.objects.get(number=receipt.number)
        assert case.applicant_ref == draft.owner_ref
        proof = proofs_of(f"case:{receipt.number}")[0]
        assert (proof.identity, proof.authentication, proof.provider_id) == (3, 3, "card")
        assert proof.claims["name"] == "杉並　花子"
        assert "email" not in proof.claims
        with pytest.raises(DatabaseError), transaction.atomic():
            ShownProof.objects.filter(pk=proof.pk).update(identity=1)

    @pytest.mark.parametrize("lang", ["easy", "en", "zh", "ko"])
    def test_every_language_says_it(self, lang: str) -> None:
        client = Client()
        definition = definition_of(THREE)
        summary = fill(client, start(client, THREE), definition, valid_example(definition))
        page = client.get(summary, {"lang": lang}).content.decode()
        gate = page.partition('id="gate"')[2].partition("</section>")[0]
        reason = get_procedure(THREE).assurance.reason
        assert reason is not None
        assert reason.get(lang) in gate
        assert "本人確認が要ります" not in gate

    def test_a_weak_or_old_sign_in_is_not_enough(self) -> None:
        client = Client()
        vouch(client, identity=2, authentication=2)
        definition = definition_of(THREE)
        summary = fill(client, start(client, THREE), definition, valid_example(definition))
        page = client.get(summary).content.decode()
        assert "必要な確かさに届きません" in page
        assert "link=" in page, "a further way is linked to the same account"
        vouch(client)
        assert 'name="_submit"' in client.get(summary).content.decode()
        with time_machine.travel(AT + timedelta(minutes=61), tick=True):
            page = client.get(summary).content.decode()
            assert "時間がたちました" in page
            assert "fresh=1" in page
            assert client.post(summary, {"_submit": "1"})["Location"] == summary
        assert not Case.objects.exists()

    def test_a_stale_authentication_at_the_provider_is_not_enough_either(self) -> None:
        client = Client()
        leaving = client.get("/signin/with/card/", {"fresh": "1"})
        client.get(agree(leaving["Location"], "card-0001", fault="stale"))
        definition = definition_of(TWO)
        summary = fill(client, start(client, TWO), definition, valid_example(definition))
        assert "時間がたちました" in client.get(summary).content.decode()

    def test_somebody_elses_draft_is_not_adopted(self) -> None:
        client, other = Client(), Client()
        url = start(client, TWO)
        back = url.partition("/step/")[0] + "/return/"
        vouch(other, identity=2)
        assert other.get(back).status_code == 404
        assert Draft.objects.get().owner_ref == ""
