"""The night's erasing: what the dry run lists and nothing else, no trace left, the books and the audit chain whole."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.rooms.portal.journey import apply_as_guest, chief_of, decide
from tests.support.staff import signed_in

from madoguchi.cli.main import main
from madoguchi.engines.casework.api import Case, CaseEvent, add_note
from madoguchi.engines.forms.api import Attachment, Draft, Submission
from madoguchi.engines.identity.models import Account
from madoguchi.engines.records import planning
from madoguchi.engines.records.api import lift_hold, place_hold, plan_retention, policy_of, run_retention
from madoguchi.engines.records.schema import RetentionRule
from madoguchi.kernel import audit, clock, municipality
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.models import Erasure
from madoguchi.rooms.catalogue.api import get_procedure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town", "november")]


def closed_case() -> Case:
    """Hand in an application by its pages and bring it to its end."""
    receipt = apply_as_guest(Client(), "juminhyo")
    case = Case.objects.get(number=receipt.number)
    chief, calendar = chief_of(case.section), municipality.current().calendar
    add_note(case, body=f"電話で {case.applicant_name} に確かめた", actor=chief, at=clock.now(), calendar=calendar)
    decide(case)
    return case


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> list[RetentionRule]:
    """Return the list of rules that hold for every procedure of the test; a test puts its own in."""
    found: list[RetentionRule] = []
    monkeypatch.setattr(planning, "policies", lambda: {"juminhyo": policy_of(None, found)})
    return found


def everywhere(text: str) -> list[str]:
    """Return the tables that hold a text anywhere in a row (the queue's own tables, the ward's folder and the staff aside)."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(
                (
                    "procrastinate",
                    "kernel_folder",
                    "forms_formversion",
                    "casework_workflow",
                    "django_",
                    "identity_account",
                )
            ):
                continue
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def later(days: int = 31) -> tuple[date, datetime]:
    return clock.today() + timedelta(days=days), clock.now() + timedelta(days=days)


def test_an_anonymised_case_leaves_no_trace_of_the_person(
    rules: list[RetentionRule], django_capture_on_commit_callbacks: Any
) -> None:
    rules.append(RetentionRule(what="case", days=30, then="anonymise", source="文書管理規程"))
    case = closed_case()
    attachment = Attachment.objects.get()
    name, email = case.applicant_name, case.contact_email
    family = name.split()[0]
    assert len(everywhere(name)) + len(everywhere(family)) > 2
    as_of, at = later(30)
    assert not plan_retention(as_of=as_of - timedelta(days=1)).due
    plan = plan_retention(as_of=as_of)
    assert [(item.subject, item.what, item.how) for item in plan.due] == [(f"case:{case.number}", "case", "anonymise")]
    with django_capture_on_commit_callbacks(execute=True):
        result = run_retention(as_of=as_of, at=at)
    assert (result.erased, result.refused) == (1, [])
    for text in {name, family, email} - {""}:
        assert everywhere(text) == [], text
    assert not default_storage.exists(attachment.stored)
    case.refresh_from_db()
    assert (case.number, case.outcome != "", case.events.count() > 1) == (case.number, True, True)
    entry = Erasure.objects.get()
    assert entry.subject == f"case:{case.number}"
    assert entry.counts["attachments"] == 1
    assert "文書管理規程" in entry.rule
    assert audit.verify().ok
    assert run_retention(as_of=as_of, at=at).erased == 0, "what went is not taken twice"


def test_a_deleted_case_is_gone_with_its_history(rules: list[RetentionRule]) -> None:
    rules.append(RetentionRule(what="case", days=1, then="delete"))
    case = closed_case()
    as_of, at = later()
    result = run_retention(as_of=as_of, at=at)
    assert result.refused == []
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()
    assert not Submission.objects.exists()
    assert Erasure.objects.get(subject=f"case:{case.number}").counts["case"] == 1
    assert audit.verify().ok


def test_files_may_go_before_the_case_and_drafts_on_their_own(rules: list[RetentionRule]) -> None:
    rules.append(RetentionRule(what="attachments", days=10, then="delete"))
    case = closed_case()
    Client().post("/apply/start/juminhyo/")
    as_of, at = later(40)
    scopes = {item.what for item in plan_retention(as_of=as_of).due}
    assert scopes == {"attachments", "drafts"}
    run_retention(as_of=as_of, at=at)
    assert not Attachment.objects.exists()
    assert Submission.objects.get().answers
    assert (
        not Draft.objects.filter(updated_at__lt=at - timedelta(days=31)).exclude(pk=case.submission.draft_id).exists()
    )


def test_a_hold_keeps_a_case_until_it_is_lifted(rules: list[RetentionRule]) -> None:
    rules.append(RetentionRule(what="case", days=1, then="delete"))
    case = closed_case()
    chief, at = chief_of(case.section), clock.now()
    with pytest.raises(InvalidInput):
        place_hold(case.number, reason=" ", actor=chief, at=at)
    with pytest.raises(InvalidInput):
        place_hold(case.number, reason="審査請求", actor=chief_of("elsewhere"), at=at)
    hold = place_hold(case.number, reason="審査請求が出ているため", actor=chief, at=at)
    with pytest.raises(Conflict):
        place_hold(case.number, reason="もう一度", actor=chief, at=at)
    as_of, then = later()
    plan = plan_retention(as_of=as_of)
    assert (plan.due, plan.held) == ([], 1)
    assert run_retention(as_of=as_of, at=then).erased == 0
    lift_hold(hold, actor=chief, at=then)
    assert run_retention(as_of=as_of, at=then).erased == 1


@transaction.atomic
def claimed(claim: str, statement: str) -> None:
    """Run a statement as somebody who says that an erasure is under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('madoguchi.erasure', %s, true)", [claim])
        cursor.execute(statement)


STATEMENTS = [
    "UPDATE forms_submission SET answers = '{}'",
    "UPDATE casework_caseevent SET payload = '{}'",
    "DELETE FROM casework_caseevent",
    "UPDATE kernel_erasure SET subject = 'x'",
    "DELETE FROM kernel_erasure",
]


@pytest.mark.parametrize("claim", ["", "5b1f0f6e-0000-4000-8000-000000000000", "old"])
def test_nothing_immutable_goes_outside_a_logged_erasure(rules: list[RetentionRule], claim: str) -> None:
    rules.append(RetentionRule(what="attachments", days=1, then="delete"))
    closed_case()
    run_retention(as_of=later()[0], at=later()[1])
    entry = Erasure.objects.get()
    if claim == "old":  # a row of another transaction, named again
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE kernel_erasure SET xact = '1'")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        claim = str(entry.id)
    for statement in STATEMENTS:
        with pytest.raises(DatabaseError):
            claimed(claim, statement)


def test_even_an_erasure_changes_no_number_state_or_day(rules: list[RetentionRule]) -> None:
    closed_case()
    entry = Erasure.objects.create(
        id=uuid.uuid4(), at=clock.now(), actor_ref="x", subject="x", scope="x", how="delete", reason="x"
    )
    for statement in (
        "UPDATE casework_caseevent SET at = now()",
        "UPDATE forms_submission SET submitted_at = now()",
        "UPDATE casework_workflowversion SET version = 9",
        "DELETE FROM forms_formversion",
    ):
        with pytest.raises(DatabaseError):
            claimed(str(entry.id), statement)


def test_the_command_counts_and_erases_nothing_in_a_dry_run(
    rules: list[RetentionRule], capsys: pytest.CaptureFixture[str]
) -> None:
    rules.append(RetentionRule(what="case", days=1, then="delete"))
    case = closed_case()
    as_of = later()[0].isoformat()
    assert main(["retention", "--dry-run", "--as-of", as_of, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["subjects"] == [{"subject": f"case:{case.number}", "what": "case", "how": "delete"}]
    assert Case.objects.count() == 1
    assert main(["retention", "--as-of", as_of]) == 2, "a day to come is only ever counted"
    assert Case.objects.count() == 1


def test_the_plan_page_names_procedures_and_receipt_numbers(rules: list[RetentionRule]) -> None:
    rules.append(RetentionRule(what="case", days=30, then="anonymise", source="文書管理規程"))
    case, clerk = closed_case(), signed_in(Account.objects.get(login="jumin-chief"))
    title = get_procedure("juminhyo").title.get("ja")
    page = clerk.get("/records/?ahead=365").content.decode()
    assert f">{case.number}</span>　{title}" in page
    assert f">{title}</th>" in page
    assert f"case:{case.number}" not in page
