"""The sample year: marked, plausible, the same every time, equal to its own replay, made once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from madoguchi.engines.casework.api import (
    Case,
    CaseEvent,
    CorrectionRequest,
    ExpectedOriginal,
    definition_of,
    rebuild_projection,
    status_of,
)
from madoguchi.engines.forms.api import Attachment, Submission, draft_code, open_attachment, replay
from madoguchi.engines.issuing.api import IssuedDocument, get_document, open_document
from madoguchi.engines.payments.models import Charge, DayClosing, Payment, SettlementRow
from madoguchi.engines.payments.services import balance_of, cash_of_day
from madoguchi.kernel import audit, municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import get_procedure
from madoguchi.rooms.portal.api import SampleReport, load_sample_year

AT = datetime(2026, 11, 23, 15, 0, tzinfo=TOKYO)
"""A public holiday: the office is closed."""
SIZE = 700


class SampleYear:
    """Expectations of any municipality's year."""

    def test_it_is_made_once_and_audited_once(self, year: SampleReport) -> None:
        entries = AuditEntry.objects.filter(action="sample.loaded")
        assert entries.count() == 1
        assert set(json.loads(entries.get().payload)) == {"cases", "events", "seed"}
        assert year.cases == Case.objects.count() == Case.objects.filter(is_sample=True).count()
        assert year.events == CaseEvent.objects.count()
        assert load_sample_year(at=AT) == SampleReport()
        assert Case.objects.count() == year.cases
        assert entries.count() == 1
        assert audit.verify().ok

    def test_some_applicants_asked_something_and_some_wait(self, year: SampleReport) -> None:
        assert Case.objects.filter(messages__side="section").exists()
        waiting = Case.objects.filter(reply_since__isnull=False)
        assert waiting.exists()
        assert all(
            "（サンプル）" in words or "(sample)" in words for words in waiting.values_list("messages__body", flat=True)
        )

    def test_the_columns_equal_the_replay(self, year: SampleReport) -> None:
        calendar = municipality.current().calendar
        changed = [
            case.number for case in Case.objects.order_by("?")[:200] if rebuild_projection(case, calendar=calendar)
        ]
        assert changed == []

    def test_nothing_lies_in_the_future_and_time_runs_forward(self, year: SampleReport) -> None:
        calendar = municipality.current().calendar
        last: dict[int, datetime] = {}
        for event in CaseEvent.objects.order_by("case_id", "seq").select_related("case"):
            assert event.at <= AT
            assert event.at >= last.get(event.case_id, event.case.received_at)
            last[event.case_id] = event.at
            by_office = event.actor_ref not in ("guest:anonymous", "system:payments")
            if event.seq > 1 and by_office:
                assert calendar.is_open(event.at.astimezone(TOKYO).date())

    def test_every_answer_is_valid_on_its_day(self, year: SampleReport) -> None:
        for submission in Submission.objects.order_by("?")[:150]:
            assert replay(submission).problems == [], submission.procedure_id

    def test_people_differ_and_mail_goes_nowhere(self, year: SampleReport) -> None:
        cases = Case.objects.all()
        names = Counter(case.applicant_name for case in cases if case.applicant_name)
        assert len(names) > sum(names.values()) / 4
        assert all(case.contact_email.endswith("@example.jp") for case in cases if case.contact_email)

    def test_numbers_follow_the_days_and_codes_open_the_cases(self, year: SampleReport) -> None:
        cases = list(Case.objects.select_related("submission").order_by("id"))
        assert [case.received_at for case in cases] == sorted(case.received_at for case in cases)
        assert len({case.number for case in cases}) == len(cases)
        from madoguchi.engines.casework.api import find_status

        found = find_status(cases[-1].number, draft_code(cases[-1].submission.draft_id))
        assert found is not None

    def test_corrections_name_fields_and_their_differences(self, year: SampleReport) -> None:
        corrections = list(CorrectionRequest.objects.select_related("case__submission"))
        assert corrections
        for correction in corrections:
            assert correction.fields
            answers = correction.case.submission.answers
            for change in correction.changes:
                assert change["field"] in correction.fields
                assert change["before"] == answers.get(change["field"])
                assert change["after"] != change["before"]
        assert any(correction.changes for correction in corrections)
        assert any(correction.is_open for correction in corrections)

    def test_files_open(self, year: SampleReport) -> None:
        for attachment in Attachment.objects.all()[:5]:
            _, stream = open_attachment(attachment.draft_id, str(attachment.id))
            with stream:
                assert len(stream.read()) == attachment.size

    def test_it_looks_like_an_office(self, year: SampleReport) -> None:
        kinds = Counter(Case.objects.values_list("state_kind", flat=True))
        assert {"open", "waiting_resident", "done"} <= set(kinds)
        assert kinds["done"] > kinds["open"]
        assert {"online", "counter"} <= set(Case.objects.values_list("channel", flat=True))
        assert Case.objects.filter(closed_at=None, assignee_ref="").exists()
        assert Case.objects.exclude(assignee_ref="").exists()
        assert Case.objects.filter(closed_at=None, clock="running", promised_on__lt=AT.date()).exists()
        assert {2025, 2026} <= set(Case.objects.values_list("fiscal_year", flat=True))
        for case in Case.objects.all()[:50]:
            assert status_of(case).public

    def test_documents_were_given_out_and_are_marked(self, year: SampleReport) -> None:
        documents = list(IssuedDocument.objects.all())
        assert len(documents) == year.documents > 0
        assert all(item.is_sample and item.issued_at <= AT for item in documents)
        view = get_document(documents[0].case_number, documents[0].id, today=AT.date())
        with open_document(view.document, actor=SYSTEM, at=AT, today=AT.date()) as stream:
            assert stream.read(4) == b"%PDF"

    def test_the_money_adds_up_and_nearly_all_of_it_is_matched(self, year: SampleReport) -> None:
        assert year.payments == Payment.objects.count()
        assert year.payments > 0
        for charge in Charge.objects.filter(payments__state="paid").distinct()[:60]:
            assert balance_of(charge).is_settled, charge.case_number
            assert CaseEvent.objects.filter(case__number=charge.case_number, kind="paid").count() == 1
        results = Counter(SettlementRow.objects.values_list("result", flat=True))
        assert {"amount_differs", "unknown", "unreadable"} <= set(results)
        assert results["matched"] > 0.8 * sum(results.values())
        assert (
            not Payment.objects.filter(state="paid", settled_at=None, paid_at__lt=AT - timedelta(days=4))
            .exclude(provider="cash")
            .exclude(settlement_rows__result="amount_differs")
            .exists()
        )
        for closing in DayClosing.objects.all()[:20]:
            assert closing.expected_yen == cash_of_day(closing.section, closing.day)

    def states(self, procedure_id: str) -> set[str]:
        return set(Case.objects.filter(procedure_id=procedure_id).values_list("state", flat=True))


def _make(databases: Any, blocker: Any, folder: str, size: int) -> Any:
    """Use a folder's copy with a sample year in it; the year is taken out again afterwards."""
    from django.db import connection

    with databases.loaded(folder), blocker.unblock():
        report = load_sample_year(at=AT, size=size)
        yield report
        tables = "casework_case, casework_caseevent, casework_expectedoriginal, casework_casenote, casework_correctionrequest, forms_submission, forms_attachment, "
        tables += "payments_charge, payments_settlementfile, payments_dayclosing, issuing_issueddocument, issuing_numberseries"
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables} CASCADE")
        connection.close()


@pytest.mark.django_db
class TestSuginami(SampleYear):
    @pytest.fixture(scope="class")
    def year(self, folder_databases: Any, django_db_blocker: Any) -> Any:
        yield from _make(folder_databases, django_db_blocker, "suginami", SIZE)

    def test_demo_procedures_have_somebody_in_every_state(self, year: SampleReport) -> None:
        version = Case.objects.filter(procedure_id="tenshutsu").latest("id").workflow_version_id
        assert {state.id for state in definition_of(version).states} <= self.states("tenshutsu")

    def test_papers_by_post_came_before_the_review_or_are_awaited(self, year: SampleReport) -> None:
        originals = ExpectedOriginal.objects.all()
        assert originals.filter(arrived_at=None, case__closed_at=None).exists()
        assert originals.exclude(arrived_at=None).exists()
        early = {"received", "checking", "correction", "withdrawn"}
        late = originals.filter(arrived_at=None, case__workflow_version__workflow_id="benefit").exclude(
            case__state__in=early
        )
        assert not late.exists()

    def test_most_procedures_have_cases(self, year: SampleReport) -> None:
        ids = set(Case.objects.values_list("procedure_id", flat=True))
        assert len(ids) > 350
        assert any(get_procedure(item).audience == "staff" for item in ids)


@pytest.mark.django_db
class TestSampleTown(SampleYear):
    @pytest.fixture(scope="class")
    def year(self, folder_databases: Any, django_db_blocker: Any) -> Any:
        yield from _make(folder_databases, django_db_blocker, "sample-town", 400)

    def test_its_own_procedures_have_somebody_in_every_state(self, year: SampleReport) -> None:
        version = Case.objects.filter(procedure_id="juminhyo").latest("id").workflow_version_id
        assert {state.id for state in definition_of(version).states} <= self.states("juminhyo")


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_town")
def test_the_same_moment_gives_the_same_year() -> None:
    from django.db import transaction

    def made() -> list[tuple[Any, ...]]:
        with transaction.atomic():
            load_sample_year(at=AT, size=60)
            rows = list(
                Case.objects.order_by("id").values_list(
                    "procedure_id", "received_at", "state", "applicant_name", "promised_on"
                )
            )
            transaction.set_rollback(True)
        return rows

    first = made()
    assert first == made()
    assert len(first) > 50
