"""The demo's own certification authority and its three cards: good, expired, revoked. Exists in a demo and in tests only.

Owns the file they are kept in, under ``MADOGUCHI_VAR``. Nothing outside a demo trusts them (``signatures.anchors_on``).
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings

from madoguchi.kernel import clock
from madoguchi.kernel.errors import NotAllowed

from .signing.demo import Authority, Card, Key, issue_card, issue_list, make_authority, sign

CARDS = {"good": "見本 花子", "expired": "見本 期限切れ", "revoked": "見本 失効"}
"""The cards by kind, with the name on each."""
_DAY = timedelta(days=1)


def demand_demo() -> None:
    """Raise NotAllowed outside a demo."""
    if settings.ENV == "production":
        raise NotAllowed("見本の署名カードは、見本の環境だけで使えます。", code="signing.not_demo")


def authority() -> Authority:
    """Return the demo's authority."""
    return _cards(Path(settings.VAR) / "demo_cards.pem")[0]


def card(kind: str) -> Card:
    """Return a card by kind. Raises KeyError for a kind that is not in ``CARDS``."""
    return _cards(Path(settings.VAR) / "demo_cards.pem")[1][kind]


def revocation_list(*, at: datetime) -> bytes:
    """Return the authority's list as of *at*: the revoked card stands on it."""
    revoked = [card("revoked").certificate]
    return issue_list(authority(), at=at - _DAY, next_at=at + 7 * _DAY, revoked=revoked)


def sign_with(kind: str, content: bytes, *, at: datetime) -> bytes:
    """Sign *content* with one of the cards: a detached CMS signature. Raises NotAllowed outside a demo."""
    demand_demo()
    return sign(content, card(kind), at=at)


@cache
def _cards(path: Path) -> tuple[Authority, dict[str, Card]]:
    """Read authority and cards from their file, made at the first use."""
    demand_demo()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(_made(at=clock.now()))
        fresh.replace(path)
    blocks = path.read_bytes().split(b"-----BEGIN ")[1:]
    pairs = []
    for key, certificate in zip(blocks[::2], blocks[1::2], strict=True):
        secret = serialization.load_pem_private_key(b"-----BEGIN " + key, None)
        pairs.append((secret, x509.load_pem_x509_certificate(b"-----BEGIN " + certificate)))
    root = Authority(pairs[0][1], pairs[0][0])  # type: ignore[arg-type]
    cards = {
        kind: Card(certificate, secret, (root.certificate,))  # type: ignore[arg-type]
        for kind, (secret, certificate) in zip(CARDS, pairs[1:], strict=True)
    }
    return root, cards


def _made(*, at: datetime) -> bytes:
    root = make_authority("見本認証局（デモ専用）", at=at, path_length=0)
    out = _written(root.certificate, root.key)
    for kind, name in CARDS.items():
        first, last = (900, -200) if kind == "expired" else (400, 1800)
        made = issue_card(name, issuer=root, valid_from=at - first * _DAY, valid_to=at + last * _DAY)
        out += _written(made.certificate, made.key)
    return out


def _written(certificate: x509.Certificate, key: Key) -> bytes:
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return secret + certificate.public_bytes(serialization.Encoding.PEM)
