"""Signed submission (電子署名): is this the signature of a trusted certificate over exactly these answers?

Cryptography only: no Django, no database, no clock. What is signed is ``canonical``; reading an uploaded signature is
``reading``; the way of the certificate up to a trust anchor, with revocation lists, is ``path``; ``verifying`` puts
them together into a decision with reasons. Who must sign, and where signatures are kept, is decided outside.
"""

from .canonical import canonical_bytes
from .path import Anchors, CertificateFacts, read_anchors, read_revocation_lists
from .verifying import Decision, Reason, verify_signature

__all__ = [
    "Anchors",
    "CertificateFacts",
    "Decision",
    "Reason",
    "canonical_bytes",
    "read_anchors",
    "read_revocation_lists",
    "verify_signature",
]
