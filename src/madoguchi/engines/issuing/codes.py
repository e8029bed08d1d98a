"""The two codes of a document: by which anybody checks it, by which its owner picks it up. Derived, stored nowhere."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from madoguchi.kernel import ids
from madoguchi.kernel.errors import InvalidInput


def check_code(document_id: uuid.UUID) -> str:
    """Return the code printed on a document (確認コード), such as K7QM-3XTP-9W2H."""
    return ids.short_code(salted_hmac("issuing.check", str(document_id), algorithm="sha256").digest())


def code_hash(code: str) -> str:
    """Return the keyed hash under which a check code is found again. Raises InvalidInput when it is mistyped."""
    return salted_hmac("issuing.check.hash", ids.parse_short_code(code), algorithm="sha256").hexdigest()


def verify_url(code: str) -> str:
    """Return the full address that the QR code of a document holds."""
    return f"{settings.BASE_URL}{reverse('issuing:verify_code', args=[code.replace('-', '')])}"


def pickup_code(document_id: uuid.UUID) -> str:
    """Return the code the owner says at the desk (受取コード)."""
    return ids.short_code(salted_hmac("issuing.pickup", str(document_id), algorithm="sha256").digest())


def is_pickup_code(document_id: uuid.UUID, typed: str) -> bool:
    """Tell whether a code as typed is the one of the document."""
    try:
        given = ids.parse_short_code(typed)
    except InvalidInput:
        return False
    return constant_time_compare(given, pickup_code(document_id))
