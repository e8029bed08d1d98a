"""Sealing of 個人番号: encrypted with a key derived from the secret key, never written in clear.

Owns the only place where a sealed number is opened; opening is for a named purpose and is audited by the caller.
"""

from __future__ import annotations

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from madoguchi.kernel.errors import InvalidInput


@functools.lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"madoguchi.forms.sealing.v1").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def seal(digits: str) -> str:
    """Encrypt digits (authenticated, with time stamp); the same digits never give the same text twice."""
    return _box(settings.SEALING_KEY).encrypt(digits.encode()).decode()


def unseal(token: str) -> str:
    """Open a sealed number. Raises InvalidInput when the key is another or the text was altered."""
    try:
        return _box(settings.SEALING_KEY).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise InvalidInput(
            "封印された番号を開けません。", code="seal_broken", mend="鍵の設定を確かめてください。"
        ) from error
