"""The case page and what is done there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from madoguchi.engines.casework.api import Applicant, Case, OpenedCase, answer_correction, open_case
from madoguchi.engines.forms.api import Submission
from madoguchi.engines.identity.models import Account
from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.jobs import run_pending
from madoguchi.rooms.catalogue.api import facts_of, get_procedure

from .conftest import AT

pytestmark = pytest.mark.django_db


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.number}/").content.decode()


def test_the_case_page_shows_everything_in_nineteen_statements(
    clerk: Client, hand_in: Callable[..., OpenedCase], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before, case, after = (hand_in(at=AT - timedelta(hours=hour), email="a@example.jp").case for hour in (3, 2, 1))
    page = page_of(clerk, case)
    for words in (case.number, "申請の内容", "経過", "メモ", "同じ方の案件", "業務の流れ", before.number, after.number):
        assert words in page
    with django_assert_max_num_queries(19):
        clerk.get(f"/desk/cases/{case.number}/")


def test_a_step_is_taken_once_and_a_stale_page_is_refused(clerk: Client, case: Case) -> None:
    step = clerk.get(f"/desk/cases/{case.number}/").context["steps"][0]
    url = f"/desk/cases/{case.number}/step/{step.id}/"
    assert "行いました" in clerk.post(url, {"seen": "1"}, follow=True).content.decode()
    case.refresh_from_db()
    assert case.state == step.to
    assert "できません" in clerk.post(url, {"seen": "1"}, follow=True).content.decode()
    clerk.post(f"/desk/cases/{case.number}/note/", {"body": "メモ"})
    following = clerk.get(f"/desk/cases/{case.number}/").context["steps"][0]
    stale = clerk.post(f"/desk/cases/{case.number}/step/{following.id}/", {"seen": "2", "reason": "x"}, follow=True)
    assert "更新されています" in stale.content.decode()


def test_a_step_with_a_reason_asks_for_it(clerk: Client, case: Case) -> None:
    url = f"/desk/cases/{case.number}/step/withdraw/"
    assert "理由" in clerk.get(url).content.decode()
    assert clerk.post(url, {"reason": " "}).status_code == 422
    clerk.post(url, {"reason": "本人から電話があった"})
    case.refresh_from_db()
    assert case.outcome == "withdrawn"
    assert "本人から電話があった" in page_of(clerk, case)


def test_only_the_chief_refuses(clerk: Client, chief: Client, case: Case) -> None:
    clerk.post(f"/desk/cases/{case.number}/step/check/")
    assert "reject" not in {step.id for step in clerk.get(f"/desk/cases/{case.number}/").context["steps"]}
    clerk.post(f"/desk/cases/{case.number}/step/reject/", {"reason": "x"})
    case.refresh_from_db()
    assert case.outcome == ""
    chief.post(f"/desk/cases/{case.number}/step/reject/", {"reason": "対象外"})
    case.refresh_from_db()
    assert case.outcome == "rejected"


def test_assigning_to_a_colleague_and_to_nobody(clerk: Client, case: Case) -> None:
    colleagues = clerk.get(f"/desk/cases/{case.number}/").context["colleagues"]
    assert {item.name for item in colleagues} == {"見本 太郎", "例示 幸子"}
    url = f"/desk/cases/{case.number}/assign/"
    clerk.post(url, {"assignee": colleagues[1].ref})
    case.refresh_from_db()
    assert case.assignee_name == colleagues[1].name
    clerk.post(url, {"assignee": ""})
    case.refresh_from_db()
    assert case.assignee_ref == ""
    assert clerk.post(url, {"assignee": "staff:999999"}).status_code == 404


def test_a_transfer_moves_the_case_out_of_sight(clerk: Client, sit_down: Callable[[str], Client], case: Case) -> None:
    url = f"/desk/cases/{case.number}/transfer/"
    assert clerk.post(url, {"section": "fukushi", "reason": ""}).status_code == 422
    assert clerk.post(url, {"section": "nowhere", "reason": "x"}).status_code == 422
    clerk.post(url, {"section": "fukushi", "reason": "所管が違う"})
    assert clerk.get(f"/desk/cases/{case.number}/").status_code == 404
    assert "所管が違う" in page_of(sit_down("fukushi"), case)


def test_a_correction_is_previewed_sent_and_compared(clerk: Client, guest: Actor, case: Case) -> None:
    url = f"/desk/cases/{case.number}/correction/"
    page = clerk.get(url)
    field = next(row["field"] for section in page.context["sections"] for row in section["rows"] if row["field"])
    reason = page.context["reasons"][0]
    assert clerk.post(url, {"due_on": "2026-11-20"}).status_code == 422
    choice = {"fields": [field, "made_up"], "reason_id": reason.id, "due_on": "2026-11-20"}
    preview = clerk.post(url, {**choice, "preview": "1"})
    assert "区民に見える内容" in preview.content.decode()
    assert str(reason.message) in preview.content.decode()
    case.refresh_from_db()
    assert case.clock == "running"
    clerk.post(url, {**choice, "send": "1", "seen": "1"})
    case.refresh_from_db()
    request = case.corrections.get()
    assert (case.clock, request.fields, request.reason_id) == ("paused", [field], reason.id)
    assert case.submission is not None
    fresh = {field: case.submission.answers[field]}
    answer_correction(
        case, answers=fresh, actor=guest, at=AT + timedelta(hours=1), calendar=municipality.current().calendar
    )
    diff = clerk.get(f"/desk/cases/{case.number}/corrections/{request.pk}/")
    assert "補正の前と後" in diff.content.decode()
    assert clerk.get(f"/desk/cases/{case.number}/corrections/{request.pk + 1}/").status_code == 404


def test_a_correction_on_a_closed_day_is_refused(clerk: Client, case: Case) -> None:
    url = f"/desk/cases/{case.number}/correction/"
    page = clerk.get(url)
    field = next(row["field"] for section in page.context["sections"] for row in section["rows"] if row["field"])
    closed = clerk.post(url, {"fields": [field], "message": "x", "due_on": "2026-11-08", "send": "1"})
    assert closed.status_code == 422
    assert "閉庁日" in closed.content.decode()


def test_only_files_that_the_answers_name_are_given_out(
    clerk: Client, sit_down: Callable[[str], Client], case: Case, tmp_path: object
) -> None:
    from madoguchi.engines.forms.api import Attachment

    assert case.submission is not None
    stray = Attachment.objects.create(
        id=uuid.uuid4(),
        draft_id=case.submission.draft_id,
        field_id="x",
        name="x.pdf",
        size=1,
        media_type="application/pdf",
        sha256="0" * 64,
        stored=default_storage.save("test/x.pdf", ContentFile(b"x")),
        created_at=AT,
    )
    assert clerk.get(f"/desk/cases/{case.number}/files/{stray.pk}/").status_code == 404
    default_storage.delete(stray.stored)


def test_a_file_is_given_out_as_a_download_and_the_log_keeps_who_fetched_it(clerk: Client, case: Case) -> None:
    from madoguchi.engines.forms.api import Attachment

    answers = Submission.objects.get(pk=case.submission_id).answers
    field, files = next((key, value) for key, value in answers.items() if _is_file_list(value))
    wanted = uuid.uuid4()
    version, stored = case.submission.form_version, default_storage.save("test/y.pdf", ContentFile(b"%PDF-1.7"))  # type: ignore[union-attr]
    submission = Submission.objects.create(
        id=uuid.uuid4(),
        draft_id=uuid.uuid4(),
        form_version=version,
        procedure_id=case.procedure_id,
        answers={**answers, field: [{**files[0], "id": str(wanted)}]},
        submitted_at=AT,
    )
    attachment = Attachment.objects.create(
        id=wanted,
        draft_id=submission.draft_id,
        field_id=field,
        name="本人確認.pdf",
        size=8,
        media_type="application/pdf",
        sha256="0" * 64,
        stored=stored,
        created_at=AT,
    )
    other = open_case(
        submission=submission,
        procedure=facts_of(get_procedure(case.procedure_id)),
        applicant=Applicant(),
        actor=Actor(kind="guest", id="x"),
        channel="online",
        at=AT,
        calendar=municipality.current().calendar,
    )
    answer = clerk.get(f"/desk/cases/{other.number}/files/{attachment.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(action="desk.open_file", subject=f"case:{other.number}").count() == 1
    default_storage.delete(stored)


def _is_file_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "size" in value[0]


def test_an_elevation_opens_the_case_and_every_look_is_audited(sit_down: Callable[[str], Client], case: Case) -> None:
    administrator = sit_down("admin")
    answer = administrator.post("/staff/elevation/", {"reason": "申請者からの問合せに答えるため"})
    assert answer.status_code in {200, 302}
    page = administrator.get(f"/desk/cases/{case.number}/")
    assert page.status_code == 200
    assert page.context["steps"] == []
    assert AuditEntry.objects.filter(action="desk.elevated_view", subject=f"case:{case.number}").count() == 1


def test_notes_stay_with_the_staff(clerk: Client, case: Case) -> None:
    clerk.post(f"/desk/cases/{case.number}/note/", {"body": "書類は棚の三段目"})
    assert "書類は棚の三段目" in page_of(clerk, case)
    assert "1～4000" in clerk.post(f"/desk/cases/{case.number}/note/", {"body": ""}, follow=True).content.decode()


def test_the_case_page_says_which_letters_went_out(clerk: Client, hand_in: Callable[..., OpenedCase]) -> None:
    case = hand_in(email="hanako@example.jp").case
    assert "送ったお知らせ" in page_of(clerk, case)
    clerk.post(f"/desk/cases/{case.number}/step/withdraw/", {"reason": "本人から"})
    (waiting,) = clerk.get(f"/desk/cases/{case.number}/").context["letters"]
    assert waiting["sent"].state == "waiting"
    run_pending()
    page = page_of(clerk, case)
    assert f"{waiting['title']}：メール：送信済み" in page
    assert "hanako@example.jp" in page


def test_nobody_handles_an_application_of_their_own(clerk: Client, case: Case) -> None:
    own = Account.objects.get(kind="staff", login="jumin")
    Case.objects.filter(pk=case.pk).update(applicant_ref=own.ref)
    page = clerk.get(f"/desk/cases/{case.number}/")
    assert page.context["steps"] == []
    assert "ほかの職員が扱います" in page.content.decode()


def test_every_workflow_has_its_picture(clerk: Client) -> None:
    page = clerk.get("/desk/workflows/").content.decode()
    assert page.count('<svg class="workflow"') == 3


@pytest.mark.parametrize("number", ["R08-9999999-0", "x", "R08-0000001-9"])
def test_a_number_that_is_none_is_not_found(clerk: Client, town: None, number: str) -> None:
    assert clerk.get(f"/desk/cases/{number}/").status_code == 404
