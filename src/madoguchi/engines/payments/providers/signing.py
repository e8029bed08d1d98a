"""Signatures of notifications: HMAC-SHA256 over time and body, as ``t=<unix seconds>,v1=<hex>`` (the scheme Stripe uses). Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from .base import BadSignature

TOLERANCE_S = 300


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """Return the header for a body signed at *at*."""
    moment = int(at.timestamp())
    return f"t={moment},v1={_digest(body, secret, moment)}"


def check(header: str, body: bytes, *, secret: str, at: datetime) -> None:
    """Raise BadSignature unless the body was signed with the secret within five minutes of *at*."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    try:
        moment = int(parts["t"])
    except (KeyError, ValueError):
        raise BadSignature("no time") from None
    if not hmac.compare_digest(_digest(body, secret, moment), parts.get("v1", "")):
        raise BadSignature("wrong signature")
    if abs(at.timestamp() - moment) > TOLERANCE_S:
        raise BadSignature("too old")


def _digest(body: bytes, secret: str, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
