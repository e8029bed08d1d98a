"""Signed submission through the portal: no way round the signature, altered answers are found out, the clerk sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.staff import signed_in

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft
from madoguchi.engines.identity.api import sign_with_demo_card, signatures_of
from madoguchi.engines.identity.models import Account, ReceivedSignature, StaffPost
from madoguchi.kernel import audit, clock
from madoguchi.rooms.catalogue.api import get_procedure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
PROCEDURE = "inkan_shomei"


@pytest.fixture(autouse=True)
def _demo_authority(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def at_summary() -> tuple[Client, str]:
    """Return a guest in front of the summary of a procedure that asks for a signature."""
    assert get_procedure(PROCEDURE).assurance.signature
    client, definition = Client(), definition_of(PROCEDURE)
    return client, fill(client, start(client, PROCEDURE), definition, valid_example(definition))


def upload(client: Client, summary: str, signature: bytes) -> Any:
    return client.post(summary.replace("/summary/", "/sign/"), {"signature": SimpleUploadedFile("a.p7s", signature)})


def test_nothing_is_handed_in_without_a_signature(at_summary: tuple[Client, str]) -> None:
    client, summary = at_summary
    page = client.get(summary).content.decode()
    assert "/sign/" in page
    response = client.post(summary, {"_submit": "1"})
    assert response["Location"] == summary.replace("/summary/", "/sign/")
    assert not Case.objects.filter(procedure_id=PROCEDURE).exists()
    other_ways = client.get(response["Location"]).content.decode()
    assert "窓口" in other_ways


def test_signed_answers_are_handed_in_and_the_clerk_sees_who_signed(at_summary: tuple[Client, str]) -> None:
    client, summary = at_summary
    content = client.get(summary.replace("/summary/", "/sign/to-sign.json")).content
    assert upload(client, summary, sign_with_demo_card("good", content, at=clock.now()))["Location"] == summary
    assert "見本 花子" in client.get(summary).content.decode()
    receipt = submit(client, summary)
    case = Case.objects.select_related("submission").get(number=receipt.number)
    assert case.submission is not None
    kept = signatures_of(case.submission.draft_id)[0]
    assert (kept.verdict, "見本認証局" in kept.issuer) == ("good", True)
    post = StaffPost.objects.filter(department_id=case.section, account__kind="staff").first()
    assert post is not None
    desk = signed_in(Account.objects.get(pk=post.account_id)).get(f"/desk/cases/{case.number}/").content.decode()
    assert kept.serial in desk
    assert "見本 花子" in desk
    assert audit.verify().ok


def test_an_answer_changed_after_signing_is_found_out(at_summary: tuple[Client, str]) -> None:
    client, summary = at_summary
    content = client.get(summary.replace("/summary/", "/sign/to-sign.json")).content
    signature = sign_with_demo_card("good", content, at=clock.now())
    upload(client, summary, signature)
    draft = Draft.objects.get(pk=summary.split("/")[2])
    name = next(key for key, value in draft.answers.items() if isinstance(value, dict) and "family" in value)
    Draft.objects.filter(pk=draft.pk).update(answers={**draft.answers, name: {**draft.answers[name], "family": "別人"}})
    assert client.post(summary, {"_submit": "1"})["Location"].endswith("/sign/")
    refused = upload(client, summary, signature)
    assert refused.status_code == 422
    assert "署名の後で内容が変わったか" in refused.content.decode()
    assert not Case.objects.filter(procedure_id=PROCEDURE).exists()


@pytest.mark.parametrize(("kind", "words"), [("expired", "有効期間が過ぎています"), ("revoked", "失効しています")])
def test_bad_cards_are_refused_in_words_and_kept(at_summary: tuple[Client, str], kind: str, words: str) -> None:
    client, summary = at_summary
    page = client.post(summary.replace("/summary/", "/sign/"), {"_demo": kind})
    assert page.status_code == 422
    assert words in page.content.decode()
    kept = ReceivedSignature.objects.get()
    assert (kept.verdict, kept.reasons[0]["code"]) == ("bad", f"signing.{kind}")
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        ReceivedSignature.objects.update(verdict="good")


def test_outside_a_demo_no_demo_card_is_trusted(at_summary: tuple[Client, str], settings: Any) -> None:
    client, summary = at_summary
    content = client.get(summary.replace("/summary/", "/sign/to-sign.json")).content
    signature = sign_with_demo_card("good", content, at=clock.now())
    settings.DEMO = False
    refused = upload(client, summary, signature)
    assert refused.status_code == 422
    assert "信頼する認証局がまだ決められていません" in refused.content.decode()
    assert client.post(summary.replace("/summary/", "/sign/"), {"_demo": "good"}).status_code == 422
