"""Writing one entry. Owns the single INSERT; number, previous hash and hash are set by the table's own trigger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.chain import canonical_payload

_INSERT = "INSERT INTO kernel_auditentry (at, actor_ref, action, subject, payload) VALUES (%s, %s, %s, %s, %s)"


def record(*, actor: Actor, action: str, subject: str, payload: Mapping[str, Any], at: datetime) -> None:
    """Append one entry in the current transaction with one SQL statement.

    `action` is `area.verb_past`, `subject` a reference such as `case:R08-0012345-4`. Raises InvalidInput when the
    payload holds more than identifiers, codes and counts. Who acts for somebody else is said by itself.
    """
    if actor.mandate is not None:
        payload = {**payload, "mandate": actor.mandate.ref, "for": actor.mandate.principal_ref}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [at, actor.ref, action, subject, canonical_payload(payload)])
