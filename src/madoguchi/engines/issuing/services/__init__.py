"""Writes of the issuing engine."""

from __future__ import annotations

from .delivering import choose_delivery, erase_documents, mark_handed_over, mark_posted, open_document
from .issuing import issue_document, read_inputs, revoke_document, template_of, templates_for

__all__ = [
    "choose_delivery",
    "erase_documents",
    "issue_document",
    "mark_handed_over",
    "mark_posted",
    "open_document",
    "read_inputs",
    "revoke_document",
    "template_of",
    "templates_for",
]
