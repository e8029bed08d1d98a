"""A document as paper: its variables, its data for the template, its PDF. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madoguchi.engines.casework.api import OUTCOME_LABELS, Case, current_answers
from madoguchi.engines.forms.api import answer_words, compiled_version, context_at, evaluate
from madoguchi.kernel import clock, municipality
from madoguchi.kernel.calendar import wareki

from .codes import verify_url
from .folder import setting_in_force
from .rules import fill, last_day, says_something
from .schema import Appeal, DocumentTemplate, Issuer, IssuingFile

TEMPLATE = Path(__file__).parent / "paper" / "document.typ"
DRAFT_NUMBER = "（交付のときに付きます）"


@dataclass(frozen=True, slots=True)
class Face:
    """What a document shows of itself: number and check code ('' for a preview)."""

    number: str = ""
    code: str = ""


def compose_pdf(
    case: Case, template: DocumentTemplate, *, inputs: Mapping[str, str], face: Face, at: dt.datetime
) -> bytes:
    """Return a document as PDF/UA-1; without a number it is a preview, marked so on every page."""
    from madoguchi.kernel.documents import render_pdf  # typst is heavy: only the process that prints loads it

    return render_pdf(TEMPLATE, document_data(case, template, inputs=inputs, face=face, at=at), at=at)


def document_data(
    case: Case, template: DocumentTemplate, *, inputs: Mapping[str, str], face: Face, at: dt.datetime
) -> dict[str, Any]:
    """Return the data of the paper."""
    setting = setting_in_force()
    assert setting is not None  # templates are loaded only beside it
    day, ward = clock.local(at).date(), municipality.current()
    values = _values(case, template, inputs, day)
    issuer = next(item for item in setting.issuers if item.id == template.issuer)
    expires_on = last_day(day, template.valid_days)
    return {
        "municipality": ward.name.get("ja"),
        "draft": not face.number,
        "sample": ward.sample or case.is_sample or template.sample,
        "number": face.number or DRAFT_NUMBER,
        "issued_on": wareki(day),
        "title": template.title.get("ja"),
        "addressee": fill(template.addressee, values),
        **_issuer(issuer),
        "body": [fill(text, values) for text in template.body],
        "facts": [
            {"label": fact.label, "value": fill(fact.value, values)}
            for fact in template.facts
            if says_something(fact.value, values)
        ],
        "reason": decision_reason(case) if template.show_reason else "",
        "appeal": _appeal(template, setting),
        "notes": [fill(text, values) for text in template.notes],
        "contact": _contact(case.section),
        "expires_on": wareki(expires_on) if expires_on else "",
        **_verify(face),
    }


def _values(case: Case, template: DocumentTemplate, inputs: Mapping[str, str], day: dt.date) -> dict[str, str]:
    expires_on = last_day(day, template.valid_days)
    values = {
        "applicant": case.applicant_name,
        "number": case.number,
        "procedure": case.procedure_title,
        "received_on": wareki(case.received_on),
        "decided_on": wareki(clock.local(case.decided_at).date()) if case.decided_at else "",
        "issued_on": wareki(day),
        "expires_on": wareki(expires_on) if expires_on else "",
        "outcome": OUTCOME_LABELS.get(case.outcome, ""),
        "section": section_name(case.section),
        "ward": municipality.current().name.get("ja"),
    }
    values |= {f"input.{item.id}": shown_input(item.type, inputs.get(item.id, "")) for item in template.inputs}
    if any(name.startswith("answer.") for name in template.variables()):
        values |= {f"answer.{name}": text for name, text in _answers(case).items()}
    return values


def shown_input(kind: str, value: str) -> str:
    """Return what a clerk filled in as it is printed: dates in 和暦, amounts with 円; '' when it was left empty."""
    plain = value.strip()
    if kind == "date" and plain:
        return wareki(dt.date.fromisoformat(plain))
    if kind == "yen" and plain:
        return f"{int(plain):,}円"
    return plain


def _answers(case: Case) -> dict[str, str]:
    """Return the answers of a case as they now stand, as words."""
    submission = case.submission
    if submission is None:
        return {}
    context = context_at(submission.submitted_at, channel=submission.channel)
    return answer_words(evaluate(compiled_version(submission.form_version_id), current_answers(case), context))


def decision_reason(case: Case) -> str:
    """Return the reason given with the decision that now stands, '' when none was given."""
    event = case.events.filter(outcome=case.outcome).order_by("-seq").first() if case.outcome else None
    return str(event.payload.get("reason", "")) if event is not None else ""


def _issuer(issuer: Issuer) -> dict[str, str]:
    return {"issuer": issuer.name, "seal_note": issuer.seal_note, "seal_svg": issuer.seal_svg}


def _appeal(template: DocumentTemplate, setting: IssuingFile) -> dict[str, Any] | None:
    found: Appeal | None = next((item for item in setting.appeals if item.id == template.appeal), None)
    return {"title": found.title, "paragraphs": found.paragraphs} if found else None


@municipality.per_generation
def _sections() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in municipality.current().section("departments")}


def section_name(section: str) -> str:
    """Return the name of a section as the folder has it, its id when the folder has it no more."""
    return str(_sections().get(section, {}).get("name", section))


def _contact(section: str) -> str:
    row = _sections().get(section, {})
    return f"{section_name(section)}　{row.get('phone', '')}".strip("　")


def _verify(face: Face) -> dict[str, str]:
    if not face.code:
        return {"qr": "", "verify_url": "", "code": ""}
    from madoguchi.kernel.documents import qr_svg

    url = verify_url(face.code)
    return {"qr": qr_svg(url), "verify_url": url.rpartition("/verify/")[0] + "/verify/", "code": face.code}
