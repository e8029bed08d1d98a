"""Writes of the issuing engine."""

from __future__ import annotations

from .delivering import choose_delivery, erase_documents, mark_handed_over, mark_posted, open_document
from .issuing import issue_document, read_inputs, revoke_document, template_of, templates_for
from .reminding import documents_expiring, documents_left, mark_told

__all__ = [
    "choose_delivery",
    "documents_expiring",
    "documents_left",
    "erase_documents",
    "issue_document",
    "mark_handed_over",
    "mark_posted",
    "mark_told",
    "open_document",
    "read_inputs",
    "revoke_document",
    "template_of",
    "templates_for",
]
