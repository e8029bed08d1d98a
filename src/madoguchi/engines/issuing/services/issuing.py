"""Issue, replace and revoke documents.

Owns the one place where a document is written: number, PDF, file, row, event, audit record and the note on the case in one
transaction. Who may act on the case is decided by the room; the rights ``issuing.issue`` and ``issuing.revoke`` here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from madoguchi.engines.casework.api import Case, definition_of, guard_names, money_facts, note_document
from madoguchi.kernel import audit, clock, ids, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import fiscal_year
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

from ..codes import check_code, code_hash
from ..composing import Face, compose_pdf, section_name
from ..folder import digest_of_template, setting_in_force, templates_in_force
from ..models import DocumentEvent, IssuedDocument, NumberSeries
from ..rules import ISSUED, REPLACED, REVOKED, UNPAID, document_number, last_day, matching, missing_inputs
from ..schema import DocumentTemplate, Input

ISSUE, REVOKE = "issuing.issue", "issuing.revoke"


def templates_for(case: Case) -> list[DocumentTemplate]:
    """Return the documents that go with a decided case (no SQL once the folder and the workflow are read)."""
    workflow = definition_of(case.workflow_version_id).id
    found = templates_in_force().values()
    return matching(found, procedure=case.procedure_id, workflow=workflow, outcome=case.outcome)


def template_of(case: Case, template_id: str) -> DocumentTemplate:
    """Return a document that may be issued for a case now. Raises Conflict with the mend."""
    found = next((item for item in templates_for(case) if item.id == template_id), None)
    if found is None:
        raise Conflict(
            "今の状態では、この文書は交付できません。",
            code="issuing.no_template",
            mend="案件の結果と、文書の型（documents/）を確かめてください。",
            number=case.number,
        )
    return found


def read_inputs(template: DocumentTemplate, given: Mapping[str, str]) -> dict[str, str]:
    """Return what the clerk filled in, judged. Raises InvalidInput naming the item."""
    missing = missing_inputs(template.inputs, given)
    if missing:
        words = "、".join(item.label for item in missing)
        raise InvalidInput(f"{words}を入力してください。", code="issuing.missing", fields=[item.id for item in missing])
    return {item.id: _judged(item, given.get(item.id, "").strip()) for item in template.inputs}


def _judged(item: Input, value: str) -> str:
    if len(value) > item.max_length:
        raise InvalidInput(f"{item.label}は{item.max_length}文字までです。", code="issuing.too_long", fields=[item.id])
    if item.type == "yen" and value and not (value.isascii() and value.isdigit()):
        raise InvalidInput(
            f"{item.label}は、円の整数を数字だけで書いてください。", code="issuing.yen", fields=[item.id]
        )
    if item.type == "date" and value:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            raise InvalidInput(
                f"{item.label}は、ある日付を書いてください。", code="issuing.date", fields=[item.id]
            ) from None
    return value


@transaction.atomic
def issue_document(
    case: Case,
    template_id: str,
    *,
    actor: Actor,
    at: dt.datetime,
    inputs: Mapping[str, str] | None = None,
    replaces: IssuedDocument | None = None,
    reason: str = "",
    auto: bool = False,
) -> IssuedDocument:
    """Issue a document for a decided case and return it.

    *replaces* makes it the successor of an earlier document, which is no longer valid from then on (a *reason* is needed).
    Raises NotAllowed, Conflict (wrong outcome, unpaid, already issued), InvalidInput (inputs, reason).
    """
    actor.demand(ISSUE)
    locked = Case.objects.select_for_update(of=("self",)).select_related("submission").get(pk=case.pk)
    if locked.applicant_ref == actor.ref:
        raise NotAllowed("自分の申請の文書は交付できません。", code="issuing.own", number=locked.number)
    template = template_of(locked, template_id)
    _demand_paid(locked)
    _demand_first(locked, template, replaces, reason)
    document = _write(locked, template, read_inputs(template, inputs or {}), replaces, actor=actor, at=at)
    if replaces is not None:
        add_event(replaces, REPLACED, actor=actor, at=at, reason=reason.strip())
    add_event(document, ISSUED, actor=actor, at=at)
    note_on_case(document, "document_issued", actor=actor, at=at, auto=auto)
    return document


def _demand_paid(case: Case) -> None:
    """Raise Conflict while the fee is unpaid, when the workflow asks for it before the outcome of the case."""
    steps = [item for item in definition_of(case.workflow_version_id).transitions if item.outcome == case.outcome]
    if any(UNPAID in guard_names(item.guard) for item in steps) and money_facts.get(UNPAID)(case) > 0:
        raise Conflict(
            "手数料がまだ支払われていないため、交付できません。",
            code="issuing.unpaid",
            mend="支払いを待つか、窓口で受け取ってください。",
            number=case.number,
        )


def _demand_first(case: Case, template: DocumentTemplate, replaces: IssuedDocument | None, reason: str) -> None:
    """Raise when a valid document of the kind is there and is not the one replaced, or a reason is missing."""
    rows = IssuedDocument.objects.filter(case_number=case.number, template_id=template.id, replaced_by=None)
    standing = rows.exclude(events__kind=REVOKED)
    if replaces is None:
        if standing.exists():
            raise Conflict(
                "この文書は、すでに交付しています。",
                code="issuing.twice",
                mend="作り直すときは、交付済みの文書から差し替えてください。",
                number=case.number,
            )
        return
    if not standing.filter(pk=replaces.pk).exists():
        raise Conflict("この文書は差し替えられません。", code="issuing.no_replace", number=case.number)
    if not reason.strip():
        raise InvalidInput("差し替える理由を書いてください。", code="issuing.reason", fields=["reason"])


def _write(
    case: Case,
    template: DocumentTemplate,
    inputs: Mapping[str, str],
    replaces: IssuedDocument | None,
    *,
    actor: Actor,
    at: dt.datetime,
) -> IssuedDocument:
    document_id, day = ids.uuid7(), clock.local(at).date()
    number = _take_number(case.section, fiscal_year(day))
    code = check_code(document_id)
    body = compose_pdf(case, template, inputs=inputs, face=Face(number, code), at=at)
    return IssuedDocument.objects.create(
        id=document_id,
        number=number,
        fiscal_year=fiscal_year(day),
        template_id=template.id,
        template_digest=digest_of_template(template),
        kind=template.kind,
        title=dict(template.title),
        case_number=case.number,
        procedure_id=case.procedure_id,
        section=case.section,
        section_name=section_name(case.section),
        issued_at=at,
        issued_on=day,
        expires_on=last_day(day, template.valid_days),
        issued_by_ref=actor.ref,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        stored=default_storage.save(f"issued/{document_id}.pdf", ContentFile(body)),
        code_hash=code_hash(code),
        ways=list(template.ways),
        replaces=replaces,
        is_sample=case.is_sample or template.sample or municipality.current().sample,
    )


def _take_number(section: str, year: int) -> str:
    """Return the next document number of a section's sign in a fiscal year; the series is locked until the end."""
    setting = setting_in_force()
    if setting is None:
        raise NotFound("文書番号の決まり（issuing.yaml）がありません。", code="issuing.no_setting")
    sign = setting.sign_of(section)
    NumberSeries.objects.get_or_create(fiscal_year=year, sign=sign)
    series = NumberSeries.objects.select_for_update().get(fiscal_year=year, sign=sign)
    series.last += 1
    series.save(update_fields=["last"])
    return document_number(setting.number_format, fiscal_year=year, sign=sign, serial=series.last)


@transaction.atomic
def revoke_document(document: IssuedDocument, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Withdraw a document (取消し); whoever checks it reads so from then on. Raises InvalidInput, Conflict."""
    actor.demand(REVOKE)
    if not reason.strip():
        raise InvalidInput("取り消す理由を書いてください。", code="issuing.reason", fields=["reason"])
    Case.objects.select_for_update().get(number=document.case_number)
    if document.events.filter(kind__in=[REVOKED, REPLACED]).exists():
        raise Conflict("この文書は、すでに効力がありません。", code="issuing.gone", number=document.case_number)
    add_event(document, REVOKED, actor=actor, at=at, reason=reason.strip()[:2000])
    note_on_case(document, "document_revoked", actor=actor, at=at)


def add_event(document: IssuedDocument, kind: str, *, actor: Actor, at: dt.datetime, reason: str = "") -> None:
    """Write one event of a document and its audit record; the reason stays out of the audit log."""
    name = actor.name if actor.is_staff else ""
    DocumentEvent.objects.create(
        document=document, kind=kind, at=at, actor_ref=actor.ref, actor_name=name, reason=reason
    )
    payload = {"case": document.case_number, "template": document.template_id}
    audit.record(actor=actor, action=f"issuing.{kind}", subject=f"document:{document.id}", payload=payload, at=at)


def note_on_case(document: IssuedDocument, kind: str, *, actor: Actor, at: dt.datetime, auto: bool = False) -> None:
    """Note on the case what happened to its document; listeners of casework (letters) hear of it."""
    payload = {"number": document.number, "title": document.title["ja"], "auto": auto}
    calendar = municipality.current().calendar
    note_document(document.case_number, kind, payload=payload, actor=actor, at=at, calendar=calendar)
