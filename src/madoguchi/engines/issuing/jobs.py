"""The job that issues the documents a decision brings with it (``auto: true``)."""

from __future__ import annotations

import structlog

from madoguchi.kernel import clock
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import Conflict
from madoguchi.kernel.jobs import job

log = structlog.get_logger(__name__)


@job("issuing.issue", queue="default", retry=6)
def issue(number: str, template_id: str) -> None:
    """Issue a document for a case; a decision that was taken back meanwhile, or a document already there, is left alone."""
    from madoguchi.engines.casework.api import Case

    from .services import issue_document

    case = Case.objects.get(number=number)
    try:
        issue_document(case, template_id, actor=SYSTEM, at=clock.now(), auto=True)
    except Conflict as refusal:
        log.info("issuing.left_alone", number=number, template=template_id, code=refusal.code)
