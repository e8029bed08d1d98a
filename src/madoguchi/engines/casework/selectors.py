"""Reads about one case: its answers as they now stand, its neighbours, the cases of an applicant.

Owns no permission: ``desk.access`` and ``portal.access`` decide who may ask. Lists are in ``queue``, the resident's
view in ``status``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from .models import Bundle, Case, CaseEvent, CorrectionRequest


def current_answers(case: Case) -> dict[str, Any]:
    """Return the answers of the submission with every answered correction laid over them, in order; {} without a
    submission.
    """
    if case.submission is None:
        return {}
    answers: dict[str, Any] = dict(case.submission.answers)
    for request in case.corrections.all():
        apply_changes(answers, request)
    return answers


def apply_changes(answers: dict[str, Any], request: CorrectionRequest) -> None:
    """Lay the changes of one answered correction over *answers* in place."""
    changes: list[Mapping[str, Any]] = request.changes if request.answered_at else []
    for change in changes:
        answers[change["field"]] = change["after"]


def open_correction(case: Case) -> CorrectionRequest | None:
    """Return the correction whose answer is awaited, or None (one SQL statement unless prefetched)."""
    return next((item for item in case.corrections.all() if item.is_open), None)


def corrections_due(first: date, last: date) -> list[CorrectionRequest]:
    """Return the awaited corrections due from *first* to *last* of which nobody was reminded, with their cases.

    One SQL statement. Generated sample cases are left out: nobody is behind them.
    """
    rows = CorrectionRequest.objects.filter(answered_at=None, closed_at=None, reminded_at=None, case__is_sample=False)
    return list(rows.filter(due_on__range=(first, last)).select_related("case").order_by("due_on", "id"))


def corrections_left() -> list[CorrectionRequest]:
    """Return the corrections closed without an answer for which files had arrived, with their cases and submissions."""
    rows = CorrectionRequest.objects.filter(closed_at__isnull=False).exclude(prepared={})
    return list(rows.select_related("case__submission").prefetch_related("case__corrections"))


def answers_before(case: Case, request: CorrectionRequest) -> dict[str, Any]:
    """Return the answers as they stood when *request* was made."""
    answers: dict[str, Any] = dict(case.submission.answers) if case.submission else {}
    for earlier in case.corrections.all():
        if earlier.pk == request.pk:
            break
        apply_changes(answers, earlier)
    return answers


def same_applicant(case: Case, *, sections: frozenset[str] | None, limit: int = 10) -> list[Case]:
    """Return other cases of the same person, newest first (one SQL statement).

    The same account, mail address, or name and kana; only cases of *sections* (None: every section).
    """
    same = Q(pk__in=[])
    if case.applicant_ref:
        same |= Q(applicant_ref=case.applicant_ref)
    if case.contact_email:
        same |= Q(contact_email=case.contact_email)
    if case.applicant_folded and case.applicant_kana_folded:
        same |= Q(applicant_folded=case.applicant_folded, applicant_kana_folded=case.applicant_kana_folded)
    rows = Case.objects.filter(same).exclude(pk=case.pk)
    if sections is not None:
        rows = rows.filter(section__in=sections)
    return list(rows.order_by("-received_at", "-id")[:limit])


def cases_of_applicant(applicant_ref: str) -> QuerySet[Case]:
    """Return the cases of a resident's account, newest first."""
    if not applicant_ref:
        return Case.objects.none()
    return Case.objects.filter(applicant_ref=applicant_ref).order_by("-received_at", "-id")


def cases_filed_by(filer_ref: str, mandates: Collection[str]) -> QuerySet[Case]:
    """Return the cases a representative filed for others under these mandates, newest first."""
    if not filer_ref or not mandates:
        return Case.objects.none()
    return Case.objects.filter(filer_ref=filer_ref, mandate__in=mandates).order_by("-received_at", "-id")


def acts_under(mandates: Collection[str]) -> list[CaseEvent]:
    """Return every act done under these mandates with its case, newest first (one SQL statement)."""
    if not mandates:
        return []
    rows = CaseEvent.objects.filter(case__mandate__in=mandates, payload__behalf__mandate__in=list(mandates))
    return list(rows.select_related("case").order_by("-at", "-id")[:200])


def bundle_of_submission(submission_id: UUID) -> Bundle:
    """Return the bundle that the answers of an interview became."""
    return Bundle.objects.get(submission_id=submission_id)


def cases_of_bundle(bundle: Bundle) -> list[Case]:
    """Return the cases of a bundle with their corrections, in the order they were opened (two SQL statements)."""
    return list(bundle.cases.prefetch_related("corrections").order_by("id"))


def beside_in_bundle(case: Case, *, sections: frozenset[str] | None) -> tuple[list[Case], int]:
    """Return the other cases of a case's bundle that belong to *sections* (None: all), and how many others there are.

    One SQL statement; none for a case that was handed in alone.
    """
    if case.bundle_id is None:
        return [], 0
    rows = list(Case.objects.filter(bundle_id=case.bundle_id).exclude(pk=case.pk).order_by("id"))
    seen = [row for row in rows if sections is None or row.section in sections]
    return seen, len(rows) - len(seen)


def bundles_of_applicant(applicant_ref: str, *, limit: int = 50) -> list[Bundle]:
    """Return what a resident's account handed in together, newest first, with its cases (two SQL statements)."""
    if not applicant_ref:
        return []
    rows = Bundle.objects.filter(applicant_ref=applicant_ref).order_by("-received_at", "-id")
    return list(rows.prefetch_related("cases")[:limit])
