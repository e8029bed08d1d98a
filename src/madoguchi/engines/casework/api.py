"""The face of casework: what rooms and other engines may use.

Promises: every write is one transaction with event, projection, audit record and listeners; ``at`` and the office
calendar are passed in; a receipt number and a day of receipt never change; what a resident reads comes from the
workflow's own words.
"""

from __future__ import annotations

from .definitions import (
    current_definitions,
    current_version_id,
    definition_of,
    forget_current,
    preload_definitions,
    publish_workflow,
)
from .diagram import workflow_svg
from .facts import guard_names, money_facts
from .faults import WorkflowFault, find_faults
from .happenings import CaseHappening, on_transition
from .models import Case, CaseEvent, CaseNote, CorrectionRequest, WorkflowVersion
from .queue import ORDERS, SHOWS, UNASSIGNED, QueueFilter, QueuePage, beside, count_queue, list_cases, search_cases
from .rules import changed_answers, is_overdue, may_take, promise, received_day
from .schema import OUTCOME_LABELS, CorrectionReason, StateDefinition, TransitionDefinition, WorkflowDefinition
from .selectors import (
    answers_before,
    cases_of_applicant,
    corrections_due,
    current_answers,
    open_correction,
    same_applicant,
)
from .services import (
    Applicant,
    BulkResult,
    OpenedCase,
    PastCase,
    PastCorrection,
    PastEvent,
    ProcedureFacts,
    add_note,
    advance,
    answer_correction,
    assign,
    available_steps,
    bulk_advance,
    import_cases,
    mark_reminded,
    note_money,
    open_case,
    rebuild_projection,
    request_correction,
    take_own_step,
    transfer,
    withdraw,
)
from .status import StatusView, TimelineEntry, find_status, public_timeline, staff_timeline, stage_titles, status_of

__all__ = [
    "ORDERS",
    "OUTCOME_LABELS",
    "SHOWS",
    "UNASSIGNED",
    "Applicant",
    "BulkResult",
    "Case",
    "CaseEvent",
    "CaseHappening",
    "CaseNote",
    "CorrectionReason",
    "CorrectionRequest",
    "OpenedCase",
    "PastCase",
    "PastCorrection",
    "PastEvent",
    "ProcedureFacts",
    "QueueFilter",
    "QueuePage",
    "StateDefinition",
    "StatusView",
    "TimelineEntry",
    "TransitionDefinition",
    "WorkflowDefinition",
    "WorkflowFault",
    "WorkflowVersion",
    "add_note",
    "advance",
    "answer_correction",
    "answers_before",
    "assign",
    "available_steps",
    "beside",
    "bulk_advance",
    "cases_of_applicant",
    "changed_answers",
    "corrections_due",
    "count_queue",
    "current_answers",
    "current_definitions",
    "current_version_id",
    "definition_of",
    "find_faults",
    "find_status",
    "forget_current",
    "guard_names",
    "import_cases",
    "is_overdue",
    "list_cases",
    "mark_reminded",
    "may_take",
    "money_facts",
    "note_money",
    "on_transition",
    "open_case",
    "open_correction",
    "preload_definitions",
    "promise",
    "public_timeline",
    "publish_workflow",
    "rebuild_projection",
    "received_day",
    "request_correction",
    "same_applicant",
    "search_cases",
    "staff_timeline",
    "stage_titles",
    "status_of",
    "take_own_step",
    "transfer",
    "withdraw",
    "workflow_svg",
]
