"""Writes of casework. Each is one transaction with event, projection, audit record and listeners inside."""

from .bundling import open_bundle
from .correcting import (
    answer_correction,
    forget_prepared,
    lock_prepared,
    mark_reminded,
    prepare_files,
    request_correction,
)
from .handling import add_note, assign, note_document, note_money, transfer
from .importing import PastCase, PastCorrection, PastEvent, PastOriginal, import_cases
from .messaging import mark_thread_read, send_message, settle_messages
from .moving import BulkResult, advance, available_steps, bulk_advance, take_own_step, withdraw
from .opening import Applicant, OpenedCase, ProcedureFacts, hash_secret, open_case
from .projecting import rebuild_projection

__all__ = [
    "Applicant",
    "BulkResult",
    "OpenedCase",
    "PastCase",
    "PastCorrection",
    "PastEvent",
    "PastOriginal",
    "ProcedureFacts",
    "add_note",
    "advance",
    "answer_correction",
    "assign",
    "available_steps",
    "bulk_advance",
    "forget_prepared",
    "hash_secret",
    "import_cases",
    "lock_prepared",
    "mark_reminded",
    "mark_thread_read",
    "note_document",
    "note_money",
    "open_bundle",
    "open_case",
    "prepare_files",
    "rebuild_projection",
    "request_correction",
    "send_message",
    "settle_messages",
    "take_own_step",
    "transfer",
    "withdraw",
]
