"""Reads of the desk: the queue page and the case page as their templates want them.

Owns the number of SQL statements of the two pages (tests hold them at 6 and 19; what was charged costs three more, signatures one). Cases come in already permitted
(``access``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from madoguchi.engines.casework.api import (
    SHOWS,
    UNASSIGNED,
    Case,
    CorrectionRequest,
    TransitionDefinition,
    answers_before,
    available_steps,
    beside,
    beside_in_bundle,
    count_queue,
    count_replies,
    current_answers,
    current_definitions,
    definition_of,
    list_cases,
    same_applicant,
    staff_timeline,
    stage_titles,
    workflow_svg,
)
from madoguchi.engines.forms.api import (
    Evaluation,
    answer_sections,
    compiled_version,
    context_at,
    evaluate,
    fees_context,
    papers_context,
    sheet_of,
    states_of_draft,
)
from madoguchi.engines.identity.api import signatures_of, staff_of_sections
from madoguchi.engines.issuing.api import documents_of_case, templates_for
from madoguchi.engines.notices.api import delivery, notices_of_case, owner_of, ways_of
from madoguchi.engines.payments.api import charges_of_case
from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import to_text
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS, DepartmentInfo, departments, get_procedure, list_procedures

from .access import visible_sections
from .filters import QueueAddress
from .proof import proof_context
from .rows import chip_of, rows_of
from .thread import desk_thread

_DRAWN = frozenset({"application/pdf", "image/jpeg", "image/png"})
_TONES = {"primary": 0, "plain": 1, "danger": 2}
SOON_DAYS = 3
"""When the ward has switched the alarm of the assignee off, a case is due soon within this many office days."""


def due_bound(today: date, calendar: OfficeCalendar) -> date:
    """Return the last day that counts as due soon."""
    return calendar.add_office_days(today, soon_days())


def soon_days() -> int:
    """Return within how many office days a promised day is near (``notices.yaml``, ``alarms``)."""
    return delivery().alarms.assignee_days or SOON_DAYS


def queue_context(
    address: QueueAddress, actor: Actor, *, today: date, calendar: OfficeCalendar, after: str, before: str
) -> dict[str, Any]:
    """Return the context of the queue (three SQL statements: two counts and the page; one more for unread messages)."""
    due_by = due_bound(today, calendar)
    page = list_cases(address.what, today=today, due_by=due_by, after=after, before=before)
    rows = rows_of(page.cases, today=today, due_by=due_by)
    bulk = bulk_steps(page.cases, actor)
    days = delivery().alarms.unassigned_days
    taken_by = calendar.add_office_days(today, -days) if days else None
    counts = count_queue(address.what.sections, today=today, due_by=due_by, taken_by=taken_by)
    counts["reply"] = count_replies(address.what.sections)
    return {
        "rows": rows,
        "tabs": _tabs(address, counts),
        "alarm": _alarm(address, counts["due_soon"]),
        "alone": _alone(address, counts["unassigned"] if days else 0, days),
        "bulk_steps": bulk,
        "bulk_reason": any("reason" in step.requires for step in bulk),
        "next_url": address.query(after=page.next_cursor) if page.next_cursor else "",
        "previous_url": address.query(before=page.previous_cursor) if page.previous_cursor else "",
        "many_sections": address.what.sections is None or len(address.what.sections) > 1,
        "sections": section_choices(visible_sections(actor)),
        "procedures": procedure_choices(visible_sections(actor)),
        "states": state_choices(),
        "channels": CHANNEL_LABELS,
    }


def _tabs(address: QueueAddress, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "url": address.query(show="" if show == "open" else show) or "?",
            "current": address.what.show == show,
            "count": counts.get(show),
        }
        for show, title in SHOWS.items()
    ]


def _alarm(address: QueueAddress, count: int) -> dict[str, Any] | None:
    """Return the alarm for cases whose promised day is near, None when there are none or their list is open."""
    if not count or address.what.show == "due_soon":
        return None
    return {"count": count, "days": soon_days(), "url": address.query(show="due_soon", order="due")}


def _alone(address: QueueAddress, count: int, days: int) -> dict[str, Any] | None:
    """Return the alarm for cases that nobody has taken for some office days, None when there are none or they are shown."""
    if not count or address.values.get("assignee") == UNASSIGNED:
        return None
    return {"count": count, "days": days, "url": address.query(show="", assignee=UNASSIGNED, order="oldest")}


def bulk_steps(cases: Iterable[Case], actor: Actor) -> list[TransitionDefinition]:
    """Return the steps that may be taken for several of these cases at once, by id."""
    steps: dict[str, TransitionDefinition] = {}
    for case in cases:
        for step in permitted_steps(case, actor):
            if step.bulk:
                steps.setdefault(step.id, step)
    return list(steps.values())


def permitted_steps(case: Case, actor: Actor) -> list[TransitionDefinition]:
    """Return the steps the actor may take: deciding ones only with ``desk.decide``, none for an application of their own."""
    if case.applicant_ref == actor.ref:
        return []
    may_decide = actor.may("desk.decide")
    return [step for step in available_steps(case, actor=actor) if may_decide or not step.outcome]


@municipality.per_generation
def state_choices() -> dict[str, str]:
    """Return the states of all current workflows by id; the first title wins."""
    states: dict[str, str] = {}
    for definition in current_definitions():
        for state in definition.states:
            states.setdefault(state.id, str(state.title))
    return states


def section_choices(sections: frozenset[str] | None) -> list[DepartmentInfo]:
    """Return the sections to choose from, in the order of the folder."""
    return [item for item in departments().values() if sections is None or item.id in sections]


def procedure_choices(sections: frozenset[str] | None) -> list[tuple[str, str]]:
    """Return (id, official name) of the procedures these sections handle."""
    known = [*list_procedures(), *list_procedures(staff=True)]
    return [(item.id, item.official_name) for item in known if sections is None or item.department in sections]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One attachment of a case."""

    id: str
    name: str
    size: int
    label: str
    state: str = "open"
    drawn: bool = False


def evaluated(case: Case, answers: dict[str, Any]) -> Evaluation | None:
    """Evaluate answers with the case's own form version as of the day of filing; None without a submission."""
    submission = case.submission
    if submission is None:
        return None
    context = context_at(submission.submitted_at, channel=submission.channel)
    return evaluate(compiled_version(submission.form_version_id), answers, context)


def case_context(
    case: Case, actor: Actor, address: QueueAddress, *, at: datetime, calendar: OfficeCalendar
) -> dict[str, Any]:
    """Return the context of the case page (nine SQL statements: events, corrections, notes, messages, neighbours,
    letters, documents, list, staff; one more for a case that was handed in together with others, two more
    for one of a resident with an account)."""
    today = at.date()
    definition = definition_of(case.workflow_version_id)
    corrections = list(case.corrections.all())
    case._prefetched_objects_cache = {"corrections": corrections}  # type: ignore[attr-defined]
    answers = current_answers(case)
    evaluation = evaluated(case, answers)
    due_by = due_bound(today, calendar)
    previous, following = beside(case, address.what, today=today, due_by=due_by)
    steps, procedure = permitted_steps(case, actor), _procedure(case)
    bundled, elsewhere = beside_in_bundle(case, sections=visible_sections(actor))
    handed_in_with = {item.pk for item in bundled}
    neighbours = [
        item for item in same_applicant(case, sections=visible_sections(actor)) if item.pk not in handed_in_with
    ]
    return {
        **_documents(case, actor, today),
        "case": case,
        "row": rows_of([case], today=today, due_by=due_by)[0],
        "chip": chip_of(case),
        "stage_titles": stage_titles(definition),
        "procedure": procedure,
        "answers": _answers(case, evaluation, corrections),
        "papers": papers_context(evaluation, answers, lang="ja") if evaluation else [],
        "charges": _charges(case) if procedure and procedure.payment else [],
        "may_see_money": actor.may("payments.view"),
        "signatures": _signatures(case, procedure),
        "identity": proof_context(case, evaluation, answers),
        "fees": fees_context(evaluation, lang="ja") if evaluation else [],
        "fee_total_yen": evaluation.fee_yen if evaluation else 0,
        "files": _files(case, evaluation, answers),
        "sheet": sheet_of(evaluation.form.definition.id) if evaluation else None,
        "corrections": corrections,
        "originals": _originals(case, actor),
        "open_correction": next((item for item in corrections if item.is_open), None),
        "timeline": staff_timeline(list(case.events.order_by("seq")), definition=definition),
        "desk_thread": desk_thread(case, actor, at=at),
        "notes": list(case.notes.all()),
        "bundled": rows_of(bundled, today=today, due_by=due_by),
        "bundled_elsewhere": elsewhere,
        "neighbours": rows_of(neighbours, today=today, due_by=due_by),
        "letters": [
            {"title": letter_titles().get(item.letter, item.letter), "sent": item}
            for item in notices_of_case(case.number)
        ],
        "ways": contact_ways(case),
        "previous": previous,
        "following": following,
        "steps": sorted(steps, key=lambda step: _TONES[step.tone]),
        "colleagues": staff_of_sections({case.section}, at=at) if actor.may("desk.work") else [],
        "picture": workflow_svg(definition, current=case.state, role_names=role_names()),
    }


def _charges(case: Case) -> list[dict[str, Any]]:
    """Return the charges of a case with its own share: a charge may be for several cases paid together."""
    return [
        {
            "charge": view.charge,
            "total_yen": view.owed_by_case.get(case.number, 0),
            "outstanding_yen": view.outstanding_of(case.number),
            "unchecked": any(line.case_number in ("", case.number) for line in view.unchecked),
            "is_together": view.charge.case_number != case.number,
        }
        for view in charges_of_case(case.number)
    ]


def _documents(case: Case, actor: Actor, today: date) -> dict[str, Any]:
    """Return what was issued for a case and what may be issued (one SQL statement, two when something was)."""
    views = documents_of_case(case.number, today=today)
    standing = {item.document.template_id for item in views if item.state in {"valid", "expired"}}
    return {
        "documents": views,
        "outdated": [item for item in views if item.disagrees(case.outcome)],
        "issuable": [item for item in templates_for(case) if item.id not in standing],
        "may_issue": actor.may("issuing.issue") and case.applicant_ref != actor.ref,
        "may_revoke": actor.may("issuing.revoke") and case.applicant_ref != actor.ref,
    }


WAY_TITLES = {"mail": "メール", "line": "LINE", "sms": "SMS"}
WAY_REASONS = {
    "refused": "宛先が受け付けられませんでした",
    "bounced": "届かずに戻りました",
    "blocked": "ブロックされています",
    "undeliverable": "この番号には届きません",
}


def contact_ways(case: Case) -> list[tuple[str, str]]:
    """Return by which ways the applicant can be told: title and '' or why nothing arrives (two SQL statements)."""
    account = case.applicant_ref.partition(":")[2] if case.applicant_ref.startswith("resident:") else ""
    owner = owner_of(account_id=int(account)) if account else owner_of(case_number=case.number)
    ways = ways_of(owner, email=case.contact_email)
    return [(WAY_TITLES[way.channel], WAY_REASONS.get(way.reason, "")) for way in ways if way.state in {"ok", "broken"}]


def _procedure(case: Case) -> Any | None:
    try:
        return get_procedure(case.procedure_id)
    except NotFound:
        return None


def _signatures(case: Case, procedure: Any | None) -> list[Any]:
    """Return the signatures received with an application that asks for one, newest first."""
    if case.submission is None or procedure is None or not procedure.assurance.signature:
        return []
    return signatures_of(case.submission.draft_id)


def _answers(case: Case, evaluation: Evaluation | None, corrections: list[CorrectionRequest]) -> list[dict[str, Any]]:
    if evaluation is None or case.submission is None:
        return []
    corrected = any(item.changes for item in corrections)
    return answer_sections(evaluation, lang="ja", before=case.submission.answers if corrected else None)


def files_of(evaluation: Evaluation | None, answers: dict[str, Any]) -> list[CaseFile]:
    """Return the attachments that the answers name, with the question each belongs to."""
    if evaluation is None:
        return []
    return [
        CaseFile(
            id=str(value["id"]),
            name=str(value["name"]),
            size=int(value["size"]),
            label=item.fd.label.get("ja"),
            drawn=value["type"] in _DRAWN,
        )
        for item in evaluation.form.fields.values()
        if item.fd.type == "file" and item.id in evaluation.visible
        for value in answers.get(item.id) or []
    ]


def _files(case: Case, evaluation: Evaluation | None, answers: dict[str, Any]) -> list[CaseFile]:
    """Return the attachments with the state of their virus scan (one SQL statement when there are any)."""
    files = files_of(evaluation, answers)
    if not files or case.submission is None:
        return files
    states = states_of_draft(case.submission.draft_id)
    return [replace(item, state=states.get(item.id, "open")) for item in files]


_MARKS: dict[str, list[tuple[str, str]]] = {
    "waiting": [("arrived", "届いた"), ("missing", "届いていない"), ("waived", "不要とする")],
    "missing": [("arrived", "届いた"), ("waived", "不要とする")],
    "arrived": [("returned", "返送した")],
}
_ORIGINAL_STATES = {
    "waiting": "到着待ち",
    "missing": "不着",
    "arrived": "到着",
    "returned": "返送済み",
    "waived": "不要",
}


def _originals(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """Return the originals that come by post, with the marks that may be made now (one SQL statement)."""
    may = actor.may("desk.work")
    return [
        {
            "row": item,
            "state": _ORIGINAL_STATES[item.state],
            "marks": [mark for mark in _MARKS.get(item.state, []) if may and (mark[0] != "returned" or item.goes_back)],
        }
        for item in case.originals.all()
    ]


def correction_diff(case: Case, request: CorrectionRequest) -> list[dict[str, Any]]:
    """Return the asked questions with before and after, by step."""
    before = answers_before(case, request)
    after = {**before, **{change["field"]: change["after"] for change in request.changes}}
    evaluation = evaluated(case, after)
    return answer_sections(evaluation, lang="ja", before=before, only=set(request.fields)) if evaluation else []


@municipality.per_generation
def letter_titles() -> dict[str, str]:
    """Return the titles of the letters by id, as staff know them."""
    return {row["id"]: str(to_text(row["title"])) for row in municipality.current().section("letters")}


@municipality.per_generation
def role_names() -> dict[str, str]:
    """Return the titles of the roles by id."""
    return {row["id"]: row["title"] for row in municipality.current().section("roles")}


def workflow_pictures() -> list[dict[str, Any]]:
    """Return every current workflow with its picture."""
    return [
        {"definition": definition, "picture": workflow_svg(definition, role_names=role_names())}
        for definition in current_definitions()
    ]
