"""Which documents their owners should be reminded of, and that they were: once for each document and reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.kernel.access import SYSTEM

from ..models import IssuedDocument
from ..rules import ERASED, EXPIRY_TOLD, PICKUP_TOLD, REVOKED
from .issuing import add_event


def documents_expiring(first: dt.date, last: dt.date) -> list[IssuedDocument]:
    """Return the valid documents whose last day lies from *first* to *last* and whose owners were not told (one statement)."""
    return list(_untold(EXPIRY_TOLD).filter(expires_on__range=(first, last)).order_by("expires_on", "id"))


def documents_left(chosen_before: dt.datetime, *, today: dt.date) -> list[IssuedDocument]:
    """Return the valid documents that wait at a desk since before a time and whose owners were not told (one statement)."""
    rows = _untold(PICKUP_TOLD).filter(
        delivery__way="pickup", delivery__done_at=None, delivery__chosen_at__lt=chosen_before
    )
    return list(rows.exclude(expires_on__lt=today).order_by("delivery__chosen_at"))


def _untold(kind: str) -> QuerySet[IssuedDocument]:
    rows = IssuedDocument.objects.filter(replaced_by=None)
    for ended in (kind, REVOKED, ERASED):
        rows = rows.exclude(events__kind=ended)
    return rows


@transaction.atomic
def mark_told(document: IssuedDocument, kind: str, *, at: dt.datetime) -> bool:
    """Note that the owner was reminded (``expiry_told``, ``pickup_told``); tell whether this was the first time."""
    IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if document.events.filter(kind=kind).exists():
        return False
    add_event(document, kind, actor=SYSTEM, at=at)
    return True
