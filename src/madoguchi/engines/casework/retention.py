"""The engine's kinds of personal data for retention: the case itself, and what was written about it.

Anonymised, a case keeps number, procedure, section, days and outcome, so that figures still open to their rows; deleted, it and
its history are gone. Owns which words of an event are personal: everything but what the replay of its columns needs.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import QuerySet

from madoguchi.kernel.retention import DataClass, Holding, How, data_classes

from .models import Bundle, Case, CaseEvent, CaseMessage, CaseNote, CorrectionRequest, ExpectedOriginal

_KEPT = frozenset(
    {
        "section",
        "received_on",
        "standard_days",
        "channel",
        "assignee_ref",
        "assignee_name",
        "to_section",
        "yen",
        "due_on",
    }
)
_GONE = {
    "applicant_name": "",
    "applicant_folded": "",
    "applicant_kana_folded": "",
    "applicant_ref": "",
    "filer_ref": "",
    "mandate": "",
    "contact_email": "",
}


def register() -> None:
    """Register the classes."""
    for item in (
        DataClass("correspondence", "やりとり・メモ・補正", _count_words, _export_words, _erase_words, order=30),
        DataClass("originals", "郵送の原本", _count_originals, _export_originals, _erase_originals, order=35),
        DataClass("case", "案件", _count_cases, _export_cases, _erase_cases, order=80),
    ):
        data_classes.register(item.id, item)


def _cases(holding: Holding) -> QuerySet[Case]:
    return Case.objects.filter(number__in=holding.cases)


def _of(model: Any, holding: Holding) -> QuerySet[Any]:
    return model.objects.filter(case__number__in=holding.cases)


def _count_words(holding: Holding) -> int:
    messages = _of(CaseMessage, holding).exclude(body="").count()
    return messages + _of(CaseNote, holding).count() + _of(CorrectionRequest, holding).exclude(message="").count()


def _export_words(holding: Holding) -> list[dict[str, Any]]:
    """Return messages and corrections; notes of colleagues are no part of what a person is given (行政内部のメモ)."""
    rows = [
        {"number": item.case.number, "kind": "message", "from": item.side, "at": item.at.isoformat(), "text": item.body}
        for item in _of(CaseMessage, holding).select_related("case")
    ]
    rows += [
        {
            "number": item.case.number,
            "kind": "correction",
            "from": "section",
            "at": item.asked_at.isoformat(),
            "text": item.message,
        }
        for item in _of(CorrectionRequest, holding).select_related("case")
    ]
    return rows


def _erase_words(holding: Holding, how: How) -> int:
    notes = _of(CaseNote, holding).delete()[0]
    if how == "delete":
        return notes + _of(CaseMessage, holding).delete()[0] + _of(CorrectionRequest, holding).delete()[0]
    messages = _of(CaseMessage, holding).update(body="", author_ref="", author_name="")
    return notes + messages + _of(CorrectionRequest, holding).update(message="", changes=[], prepared={})


def _count_originals(holding: Holding) -> int:
    return _of(ExpectedOriginal, holding).count()


def _export_originals(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "number": item.case.number,
            "paper": item.title.get("ja", ""),
            "due_on": item.due_on.isoformat(),
            "state": item.state,
        }
        for item in _of(ExpectedOriginal, holding).select_related("case")
    ]


def _erase_originals(holding: Holding, how: How) -> int:
    return _of(ExpectedOriginal, holding).delete()[0]


def _count_cases(holding: Holding) -> int:
    return _cases(holding).exclude(applicant_name="", contact_email="", applicant_ref="").count()


def _export_cases(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "number": item.number,
            "procedure": item.procedure_title,
            "received_at": item.received_at.isoformat(),
            "name": item.applicant_name,
            "email": item.contact_email,
            "section": item.section,
            "outcome": item.outcome_label,
            "closed_at": item.closed_at.isoformat() if item.closed_at else None,
        }
        for item in _cases(holding)
    ]


def _erase_cases(holding: Holding, how: How) -> int:
    rows = list(_cases(holding))
    events = CaseEvent.objects.filter(case__in=rows)
    if how == "delete":
        events.delete()
        together = [item.bundle_id for item in rows if item.bundle_id]
        gone = Case.objects.filter(pk__in=[item.pk for item in rows]).delete()[1].get("casework.Case", 0)
        Bundle.objects.filter(pk__in=together).exclude(cases__isnull=False).delete()
        return gone
    for event in events:
        outsider = event.actor_ref.partition(":")[0] in {"resident", "guest"}
        payload = {key: value for key, value in event.payload.items() if key in _KEPT}
        if payload != event.payload or outsider:
            ref = "erased" if outsider else event.actor_ref
            CaseEvent.objects.filter(pk=event.pk).update(payload=payload, actor_ref=ref)
    for item in rows:
        # a key that nobody holds: the old lookup code opens nothing any more
        Case.objects.filter(pk=item.pk).update(**_GONE, lookup_secret_hash=secrets.token_hex(32))
    named = Case.objects.exclude(applicant_name="", applicant_ref="", contact_email="")
    bundles = Bundle.objects.filter(pk__in=[item.bundle_id for item in rows if item.bundle_id])
    for bundle in bundles.exclude(cases__in=named):
        Bundle.objects.filter(pk=bundle.pk).update(applicant_ref="", lookup_secret_hash=secrets.token_hex(32))
    return len(rows)
