"""Tie cases that are handed in together (まとめ申請): one number, one code, as many cases as there are procedures.

Owns the bundle's row only; its cases are opened, and go their own ways, one by one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.calendar import fiscal_year
from madoguchi.kernel.ids import bundle_number

from ..models import Bundle
from ..rules import day_of
from .opening import hash_secret


@transaction.atomic(savepoint=False)
def open_bundle(
    *, submission: Any, title: str, applicant_ref: str, language: str, lookup_secret: str, actor: Actor, at: datetime
) -> Bundle:
    """Open a bundle for the answers of an interview (three SQL statements: serial, row, audit record).

    *lookup_secret* is the short code the applicant already holds; it opens the bundle and each of its cases.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('casework_bundle_serial')")
        (serial,) = cursor.fetchone()
    bundle = Bundle.objects.create(
        number=bundle_number(fiscal_year(day_of(at)), serial),
        title=title,
        submission=submission,
        applicant_ref=applicant_ref,
        language=language,
        lookup_secret_hash=hash_secret(lookup_secret),
        received_at=at,
    )
    record(actor=actor, action="casework.bundle", subject=f"bundle:{bundle.number}", payload={}, at=at)
    return bundle
