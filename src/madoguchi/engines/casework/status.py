"""What a resident may know of a case, and the history of a case for either side.

Owns the split between public and internal. Members of staff are never named to the resident; notes and assignments
stay inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.crypto import constant_time_compare

from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ids import parse_bundle_number, parse_receipt_number
from madoguchi.kernel.l10n import LocalText, to_text
from madoguchi.kernel.money import yen

from .definitions import definition_of
from .models import Bundle, Case, CaseEvent, CorrectionRequest
from .rules import (
    ASSIGNED,
    CHARGED,
    CORRECTION_ANSWERED,
    CORRECTION_REQUESTED,
    DOCUMENT_HANDED_OVER,
    DOCUMENT_ISSUED,
    DOCUMENT_KINDS,
    DOCUMENT_POSTED,
    DOCUMENT_REVOKED,
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
    MESSAGE_SETTLED,
    NOTED,
    OPENED,
    ORIGINAL_KINDS,
    PAID,
    REFUND_RETURNED,
    REFUNDED,
    TRANSFERRED,
    own_steps,
)
from .schema import TransitionDefinition, WorkflowDefinition
from .selectors import open_correction
from .services.opening import hash_secret

_ORIGINAL_WORDS = {"arrived": "到着", "missing": "不着", "waived": "提出を不要とした", "returned": "返送"}
_ORIGINAL_ARRIVED_PUBLIC = {
    "ja": "郵送の書類が届きました",
    "easy": "ゆうびんの しょるいが とどきました",
    "en": "Your posted papers have arrived",
    "zh": "已收到邮寄的文件",
    "ko": "우편 서류가 도착했습니다",
}
_OPENED_PUBLIC = {
    "ja": "受け付けました",
    "easy": "うけつけました",
    "en": "Received",
    "zh": "已受理",
    "ko": "접수했습니다",
}
_ASKED_PUBLIC = {
    "ja": "補正のお願いをしました",
    "easy": "なおしてほしい ところを つたえました",
    "en": "Correction requested",
    "zh": "已请您补正",
    "ko": "보정을 요청했습니다",
}
_ANSWERED_PUBLIC = {
    "ja": "補正を受け取りました",
    "easy": "なおした ものを うけとりました",
    "en": "Correction received",
    "zh": "已收到补正",
    "ko": "보정을 접수했습니다",
}


_MONEY_PUBLIC = {
    CHARGED: {
        "ja": "手数料の額が決まりました",
        "easy": "払う お金が きまりました",
        "en": "The fee was set",
        "zh": "手续费金额已确定",
        "ko": "수수료 금액이 정해졌습니다",
    },
    PAID: {
        "ja": "手数料を受け取りました",
        "easy": "お金を うけとりました",
        "en": "Payment received",
        "zh": "已收到手续费",
        "ko": "수수료를 받았습니다",
    },
    REFUNDED: {
        "ja": "お金を返しました",
        "easy": "お金を かえしました",
        "en": "Refund made",
        "zh": "已退款",
        "ko": "환급했습니다",
    },
    REFUND_RETURNED: {
        "ja": "返したお金が届かず、戻りました",
        "easy": "かえした お金が とどかないで、もどって きました",
        "en": "The refund could not be delivered and came back",
        "zh": "退款未能送达，已被退回",
        "ko": "환급금이 전달되지 못하고 돌아왔습니다",
    },
}

_DOCUMENT_PUBLIC = {
    DOCUMENT_ISSUED: {
        "ja": "文書を交付しました",
        "easy": "書類を 出しました",
        "en": "A document was issued",
        "zh": "已发放文件",
        "ko": "문서를 발급했습니다",
    },
    DOCUMENT_REVOKED: {
        "ja": "交付した文書を取り消しました",
        "easy": "出した 書類を とりけしました",
        "en": "An issued document was withdrawn",
        "zh": "已撤销所发放的文件",
        "ko": "발급한 문서를 취소했습니다",
    },
    DOCUMENT_POSTED: {
        "ja": "文書を郵送しました",
        "easy": "書類を 郵便で 送りました",
        "en": "The document was posted",
        "zh": "已邮寄文件",
        "ko": "문서를 우편으로 보냈습니다",
    },
    DOCUMENT_HANDED_OVER: {
        "ja": "文書を窓口でお渡ししました",
        "easy": "書類を 窓口で わたしました",
        "en": "The document was handed over",
        "zh": "已在窗口交付文件",
        "ko": "문서를 창구에서 전달했습니다",
    },
}
_DOCUMENT_STAFF = {
    DOCUMENT_ISSUED: "文書の交付",
    DOCUMENT_REVOKED: "文書の取消し",
    DOCUMENT_POSTED: "文書の郵送",
    DOCUMENT_HANDED_OVER: "文書の手渡し",
}


_MESSAGE_PUBLIC = {
    MESSAGE_RECEIVED: {
        "ja": "メッセージを送りました",
        "easy": "メッセージを おくりました",
        "en": "You sent a message",
        "zh": "您发送了消息",
        "ko": "메시지를 보냈습니다",
    },
    MESSAGE_SENT: {
        "ja": "担当課からメッセージが届きました",
        "easy": "係の 人から メッセージが きました",
        "en": "The section sent you a message",
        "zh": "收到负责课的消息",
        "ko": "담당과의 메시지가 도착했습니다",
    },
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the history; ``title`` is localised, ``detail`` and ``actor_name`` are for staff only.

    ``behalf`` says who acted for the applicant, in the resident's words; None when nobody did.
    """

    at: datetime
    kind: str
    title: LocalText
    detail: str = ""
    actor_name: str = ""
    behalf: LocalText | None = None


@dataclass(frozen=True, slots=True)
class StatusView:
    """Where a case is, in the resident's words. ``promised_on`` is None when none is set or the clock stands still;
    ``steps`` are those the resident may take beside correcting and withdrawing.
    """

    case: Case
    number: str
    procedure_title: str
    section: str
    received_on: date
    public: LocalText
    next: LocalText | None
    stage: int
    stage_titles: list[LocalText]
    clock: str
    promised_on: date | None
    is_done: bool
    may_withdraw: bool
    steps: list[TransitionDefinition]
    correction: CorrectionRequest | None
    timeline: list[TimelineEntry]


def find_status(number: str, secret: str) -> StatusView | None:
    """Return the status for a receipt number with its secret as typed; None when either is wrong (never says which)."""
    try:
        case = Case.objects.filter(number=parse_receipt_number(number)).first()
        given = hash_secret(secret)
    except InvalidInput:
        return None
    if case is None or not constant_time_compare(case.lookup_secret_hash, given):
        return None
    return status_of(case)


def find_bundle(number: str, secret: str) -> Bundle | None:
    """Return the bundle of a number with its secret as typed; None when either is wrong (never says which)."""
    wanted = parse_bundle_number(number)
    try:
        given = hash_secret(secret)
    except InvalidInput:
        return None
    bundle = Bundle.objects.filter(number=wanted).first() if wanted else None
    if bundle is None or not constant_time_compare(bundle.lookup_secret_hash, given):
        return None
    return bundle


@dataclass(frozen=True, slots=True)
class BundledCase:
    """One case of a bundle in the resident's words; ``steps`` are what the resident may do now beside correcting."""

    case: Case
    public: LocalText
    promised_on: date | None
    is_done: bool
    correction: CorrectionRequest | None
    steps: list[TransitionDefinition]


def bundled(case: Case) -> BundledCase:
    """Return a case as the page of its bundle shows it (no SQL when its corrections are at hand)."""
    definition = definition_of(case.workflow_version_id)
    state, correction = definition.by_state[case.state], open_correction(case)
    return BundledCase(
        case=case,
        public=state.public,
        promised_on=case.promised_on if case.clock == "running" else None,
        is_done=state.kind == "done",
        correction=correction,
        steps=own_steps(definition, state.id, asked=correction is not None),
    )


def status_of(case: Case) -> StatusView:
    """Return the resident's view of a case (two SQL statements: events and corrections)."""
    definition = definition_of(case.workflow_version_id)
    state = definition.by_state[case.state]
    correction = open_correction(case)
    return StatusView(
        case=case,
        number=case.number,
        procedure_title=case.procedure_title,
        section=case.section,
        received_on=case.received_on,
        public=state.public,
        next=state.next,
        stage=state.stage,
        stage_titles=stage_titles(definition),
        clock=case.clock,
        promised_on=case.promised_on if case.clock == "running" else None,
        is_done=state.kind == "done",
        may_withdraw=any(item.by_resident and item.outcome == "withdrawn" for item in definition.leaving(state.id)),
        steps=own_steps(definition, state.id, asked=correction is not None),
        correction=correction,
        timeline=public_timeline(case, list(case.events.order_by("seq")), definition=definition),
    )


def stage_titles(definition: WorkflowDefinition) -> list[LocalText]:
    """Return one title per public stage: the first state of the stage that does not wait for the resident."""
    titles: dict[int, LocalText] = {}
    for state in sorted(definition.states, key=lambda item: item.kind == "waiting_resident"):
        titles.setdefault(state.stage, state.title)
    return [titles[stage] for stage in sorted(titles)]


def public_timeline(case: Case, events: list[CaseEvent], *, definition: WorkflowDefinition) -> list[TimelineEntry]:
    """Return the history a resident may read, oldest first: the receipt, changes of state, corrections."""
    fixed = {
        OPENED: _OPENED_PUBLIC,
        ORIGINAL_KINDS["arrived"]: _ORIGINAL_ARRIVED_PUBLIC,
        CORRECTION_REQUESTED: _ASKED_PUBLIC,
        CORRECTION_ANSWERED: _ANSWERED_PUBLIC,
        **_MONEY_PUBLIC,
        **_MESSAGE_PUBLIC,
        **_DOCUMENT_PUBLIC,
    }
    return [
        TimelineEntry(
            at=event.at,
            kind=event.kind,
            title=to_text(fixed[event.kind]) if event.kind in fixed else definition.by_state[event.to_state].public,
            behalf=_behalf(event),
        )
        for event in events
        if event.to_state or event.kind in {*_MONEY_PUBLIC, *_MESSAGE_PUBLIC, *_DOCUMENT_PUBLIC}
    ]


def _behalf(event: CaseEvent) -> LocalText | None:
    """Return who acted for the applicant: a representative by name and capacity, staff by what they did, never by name."""
    if "behalf" not in event.payload:
        return None
    capacity = event.payload["behalf"]["capacity"]
    if event.actor_ref.startswith("staff:"):
        return to_text(capacity)
    return to_text({lang: f"{event.actor_name}（{words}）" for lang, words in capacity.items()})


def staff_timeline(events: list[CaseEvent], *, definition: WorkflowDefinition) -> list[TimelineEntry]:
    """Return the whole history for staff, newest first, with who did it and why."""
    return [
        TimelineEntry(
            at=event.at,
            kind=event.kind,
            title=to_text(_staff_title(event, definition)),
            detail=_staff_detail(event, definition),
            actor_name=_actor_word(event),
        )
        for event in reversed(events)
    ]


def _staff_title(event: CaseEvent, definition: WorkflowDefinition) -> str:
    if event.kind == ASSIGNED:
        name = event.payload["assignee_name"]
        return f"担当：{name}" if event.payload["assignee_ref"] else "担当を外しました"
    words = {OPENED: "受付", TRANSFERRED: "移送", NOTED: "メモ", CORRECTION_ANSWERED: "補正の回答"}
    words |= {ORIGINAL_KINDS[key]: f"原本の{name}" for key, name in _ORIGINAL_WORDS.items()}
    words |= {CHARGED: "手数料の請求", PAID: "手数料の収納", REFUNDED: "還付", REFUND_RETURNED: "還付が戻った"}
    words |= {
        MESSAGE_RECEIVED: "区民からのメッセージ",
        MESSAGE_SENT: "区民へのメッセージ",
        MESSAGE_SETTLED: "返事は不要",
    }
    words |= _DOCUMENT_STAFF
    if event.kind in words:
        return words[event.kind]
    step = definition.by_transition.get(event.transition)
    return step.title if step else event.kind


def _staff_detail(event: CaseEvent, definition: WorkflowDefinition) -> str:
    parts: list[str] = []
    if event.from_state and event.to_state:
        before, after = definition.by_state[event.from_state], definition.by_state[event.to_state]
        parts.append(f"{before.title} → {after.title}")
    if event.kind in _MONEY_PUBLIC:
        parts.append(yen(event.payload["yen"]))
    if event.kind in DOCUMENT_KINDS:
        parts.append(f"{event.payload['title']}（{event.payload['number']}）")
    for key in ("reason", "note"):
        if isinstance(text := event.payload.get(key), str) and text:
            parts.append(text)
    return "／".join(parts)


def _actor_word(event: CaseEvent) -> str:
    if "behalf" in event.payload:
        return f"{event.actor_name or '代理人'}（{to_text(event.payload['behalf']['capacity'])}）"
    if event.actor_name:
        return event.actor_name
    words = {"resident": "申請者", "guest": "申請者", "system": "システム", "staff": "職員"}
    return words.get(event.actor_ref.partition(":")[0], "")
