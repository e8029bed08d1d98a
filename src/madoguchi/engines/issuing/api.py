"""The face of the issuing engine: documents given to residents.

Promises: a document is issued only for a decided case, once per kind unless it replaces the one before; number, PDF, hash and
events never change; a public check says nothing about a person; every write is one transaction with its audit record.
"""

from __future__ import annotations

from .codes import check_code
from .composing import Face, compose_pdf
from .models import Delivery, IssuedDocument
from .rules import EXPIRY_TOLD, PICKUP_TOLD
from .schema import DocumentTemplate
from .selectors import DocumentView, desks, documents_of_case, get_delivery, get_document, waiting_deliveries
from .services import (
    choose_delivery,
    documents_expiring,
    documents_left,
    erase_documents,
    issue_document,
    mark_handed_over,
    mark_posted,
    mark_told,
    open_document,
    read_inputs,
    revoke_document,
    template_of,
    templates_for,
)

__all__ = [
    "EXPIRY_TOLD",
    "PICKUP_TOLD",
    "Delivery",
    "DocumentTemplate",
    "DocumentView",
    "Face",
    "IssuedDocument",
    "check_code",
    "choose_delivery",
    "compose_pdf",
    "desks",
    "documents_expiring",
    "documents_left",
    "documents_of_case",
    "erase_documents",
    "get_delivery",
    "get_document",
    "issue_document",
    "mark_handed_over",
    "mark_posted",
    "mark_told",
    "open_document",
    "read_inputs",
    "revoke_document",
    "template_of",
    "templates_for",
    "waiting_deliveries",
]
