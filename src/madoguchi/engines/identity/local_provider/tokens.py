"""Signing for the demo's provider: its key, its ID tokens, and the faults that can be asked for in a test."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

LIFE_SECONDS = 300
FAULTS = {
    "": "なし",
    "nonce": "nonce が違う",
    "signature": "署名が違う",
    "expired": "期限の切れたトークン",
    "audience": "宛先が違う",
    "subject": "利用者情報が別の人のもの",
    "stale": "二時間前に認証した",
}


class Signer:
    """Holds a key made at the start; the public half is what ``jwks`` shows."""

    def __init__(self) -> None:
        self.kid = uuid.uuid4().hex[:12]
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._other: rsa.RSAPrivateKey | None = None

    def jwks(self) -> dict[str, Any]:
        """Return the public keys as a JSON Web Key Set (RFC 7517)."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def id_token(
        self,
        *,
        issuer: str,
        subject: str,
        audience: str,
        nonce: str,
        acr: str,
        claims: Mapping[str, Any],
        fault: str = "",
    ) -> str:
        """Return a signed ID token; *fault* spoils it in one of the ways of ``FAULTS``."""
        now = int(time.time())
        payload = {
            "iss": issuer,
            "sub": subject,
            "aud": "somebody-else" if fault == "audience" else audience,
            "iat": now,
            "exp": now - 3600 if fault == "expired" else now + LIFE_SECONDS,
            "auth_time": now - 7200 if fault == "stale" else now,
            "nonce": "x" * 32 if fault == "nonce" else nonce,
            "acr": acr,
            "jti": uuid.uuid4().hex,
            **claims,
        }
        return jwt.encode(payload, self._stranger() if fault == "signature" else self._key, "RS256", {"kid": self.kid})

    def _stranger(self) -> rsa.RSAPrivateKey:
        """Return a key nobody knows, for a token that only looks like ours."""
        if self._other is None:
            self._other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._other
