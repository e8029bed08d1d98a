"""Writes of this engine: the night's erasing, holds, requests to erase, asking for an export.

Each case goes in a transaction of its own: what refuses is listed with its reason and keeps nothing else from going.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from madoguchi.engines.casework.api import Case
from madoguchi.engines.notices.api import Recipient, send_notice
from madoguchi.kernel import jobs
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed
from madoguchi.kernel.ids import parse_receipt_number, uuid7
from madoguchi.kernel.retention import erase

from .models import DataExport, ErasureRequest, LegalHold
from .person import PersonPlan, plan_person
from .planning import plan_retention

log = structlog.get_logger(__name__)
EXPORT_DAYS = 7
MAX_EXPORTS_A_DAY = 3


@dataclass(slots=True)
class RunResult:
    """What a run did: erased subjects with their counts, and those that refused with the class of the fault."""

    erased: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)


def run_retention(*, as_of: date, actor: Actor = SYSTEM, at: datetime, limit: int = 2_000) -> RunResult:
    """Erase what may go on *as_of*, at most *limit* subjects (the next night goes on), and return what was done."""
    result = RunResult()
    for item in plan_retention(as_of=as_of).due[:limit]:
        how: Any = item.how
        try:
            counts = erase(
                item.holding,
                item.classes,
                subject=item.subject,
                scope=item.what,
                how=how,
                reason="retention",
                rule=item.rule,
                actor=actor,
                at=at,
            )
        except (ProtectedError, IntegrityError) as error:
            log.warning("retention.refused", subject=item.subject, error=type(error).__name__)
            result.refused.append((item.subject, type(error).__name__))
            continue
        result.erased += 1
        for name, number in counts.items():
            result.counts[name] = result.counts.get(name, 0) + number
    return result


@transaction.atomic
def place_hold(number: str, *, reason: str, actor: Actor, at: datetime) -> LegalHold:
    """Keep a case from going, with a reason. Raises InvalidInput (no reason, no such case, another section), Conflict (held)."""
    if not reason.strip():
        raise InvalidInput("理由を入力してください。", code="records.reason", mend="例：審査請求が出ているため")
    case = Case.objects.filter(number=parse_receipt_number(number)).first()
    if case is None or not (case.section in actor.sections or actor.may("desk.all_sections")):
        raise InvalidInput(
            "この受付番号の案件は見つかりません。", code="records.no_case", mend="番号を確かめてください。"
        )
    if LegalHold.objects.filter(case_number=case.number, lifted_at=None).exists():
        raise Conflict("この案件は、すでに廃棄を止めています。", code="records.held")
    hold = LegalHold.objects.create(case_number=case.number, reason=reason.strip()[:300], at=at, by_ref=actor.ref)
    record(actor=actor, action="retention.hold", subject=f"case:{case.number}", payload={"hold": hold.pk}, at=at)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, actor: Actor, at: datetime) -> None:
    """End a hold; doing it twice changes nothing."""
    changed = LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=at, lifted_by_ref=actor.ref)
    if changed:
        subject = f"case:{hold.case_number}"
        record(actor=actor, action="retention.lift_hold", subject=subject, payload={"hold": hold.pk}, at=at)


@transaction.atomic
def ask_erasure(*, actor: Actor, at: datetime) -> ErasureRequest:
    """Take in a resident's request to erase their data; an open one is returned again."""
    account = get_user_model().objects.select_for_update().get(pk=int(actor.id))
    open_one = ErasureRequest.objects.filter(account=account, done_at=None).first()
    if open_one is not None:
        return open_one
    request = ErasureRequest.objects.create(id=uuid7(), account=account, asked_at=at)
    record(actor=actor, action="retention.ask_erasure", subject=actor.ref, payload={"request": request.id}, at=at)
    return request


@transaction.atomic
def review_erasure(request: ErasureRequest, *, note: str, actor: Actor, at: datetime) -> None:
    """First look of a member of staff: what goes and what stays was read; *note* is told to the resident."""
    if request.done_at is not None:
        raise Conflict("この求めは、すでに終わっています。", code="records.done")
    request.reviewed_at, request.reviewed_by_ref, request.note = at, actor.ref, note.strip()[:500]
    request.save(update_fields=["reviewed_at", "reviewed_by_ref", "note"])
    record(actor=actor, action="retention.review", subject=_ref(request), payload={"request": request.id}, at=at)


@transaction.atomic
def carry_out_erasure(request: ErasureRequest, *, actor: Actor, at: datetime) -> PersonPlan:
    """Second look by another member of staff: what may go goes now, the resident is told. Raises NotAllowed, Conflict."""
    locked = ErasureRequest.objects.select_for_update().select_related("account").get(pk=request.pk)
    if locked.done_at is not None:
        raise Conflict("この求めは、すでに終わっています。", code="records.done")
    if locked.reviewed_at is None:
        raise Conflict(
            "先に一人目の確認が要ります。", code="records.not_reviewed", mend="内容を確かめて記録してください。"
        )
    if locked.reviewed_by_ref == actor.ref:
        raise NotAllowed(
            "確認した人と別の職員が実行します。",
            code="records.four_eyes",
            mend="同じ権限を持つほかの職員に依頼してください。",
        )
    ref = _ref(locked)
    plan = plan_person(ref, as_of=at.date())
    email, name, lang = locked.account.email, locked.account.name, "ja"
    if email:
        send_notice("erasure_done", to=Recipient(email=email, name=name), lang=lang, context={}, at=at)
    for item in plan.goes:
        how: Any = item.how
        erase(
            item.holding,
            item.classes,
            subject=item.subject,
            scope=item.scope,
            how=how,
            reason="request",
            rule="",
            actor=actor,
            at=at,
        )
    locked.done_at, locked.done_by_ref = at, actor.ref
    locked.outcome = {"erased": len(plan.goes), "kept": len(plan.stays)}
    locked.save(update_fields=["done_at", "done_by_ref", "outcome"])
    record(
        actor=actor, action="retention.carry_out", subject=ref, payload={"request": locked.id, **locked.outcome}, at=at
    )
    return plan


def _ref(request: ErasureRequest) -> str:
    return f"resident:{request.account_id}"


@transaction.atomic
def ask_export(account_id: int, *, purpose: str, actor: Actor, at: datetime) -> DataExport:
    """Ask for all data of a resident as one file, made by a job. Staff must say why. Raises InvalidInput, Conflict (too many)."""
    if actor.is_staff and not purpose.strip():
        raise InvalidInput(
            "目的を入力してください。", code="records.purpose", mend="例：本人からの開示の求めに応じるため"
        )
    get_user_model().objects.select_for_update().get(pk=account_id)
    today = DataExport.objects.filter(account_id=account_id, asked_at__gt=at - timedelta(days=1))
    if today.count() >= MAX_EXPORTS_A_DAY:
        raise Conflict("書き出しは1日に3回までです。", code="records.many_exports", mend="明日もう一度お試しください。")
    export = DataExport.objects.create(
        id=uuid7(),
        account_id=account_id,
        asked_by_ref=actor.ref,
        purpose=purpose.strip()[:300],
        asked_at=at,
        expires_at=at + timedelta(days=EXPORT_DAYS),
    )
    subject = f"resident:{account_id}"
    record(actor=actor, action="retention.ask_export", subject=subject, payload={"export": export.id}, at=at)
    jobs.enqueue("records.build_export", export_id=str(export.id))
    return export
