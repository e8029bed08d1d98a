"""The papers that the office of the sample year gave out: a few of each kind, for its newest decisions.

Owns which cases get one and when. Each is a real document with number, PDF and check code, and is marked as a sample.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter

from madoguchi.engines.casework.api import Case
from madoguchi.engines.issuing.api import DocumentTemplate, issue_document, templates_for
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import Conflict

NEWEST, OF_A_KIND = 400, 2
FILLED = {"text": "サンプル", "textarea": "サンプル", "yen": "10000"}


def issue_samples(*, until: dt.datetime) -> int:
    """Issue documents for the newest decided sample cases, at most two of a kind; return how many."""
    rows = Case.objects.filter(is_sample=True, decided_at__isnull=False).select_related("submission")
    kinds: Counter[str] = Counter()
    for case in rows.prefetch_related("events").order_by("-decided_at", "-id")[:NEWEST]:
        assert case.decided_at is not None
        at = case.decided_at + dt.timedelta(minutes=10)
        if at > until or any(event.at > at for event in case.events.all()):
            continue
        for template in templates_for(case):
            if kinds[template.id] < OF_A_KIND:
                with contextlib.suppress(Conflict):  # a fee that is still unpaid
                    issue_document(case, template.id, actor=SYSTEM, at=at, inputs=_filled(template, at), auto=True)
                    kinds[template.id] += 1
    return kinds.total()


def _filled(template: DocumentTemplate, at: dt.datetime) -> dict[str, str]:
    """Return what a clerk would fill in."""
    return {item.id: FILLED.get(item.type, at.date().isoformat()) for item in template.inputs}
