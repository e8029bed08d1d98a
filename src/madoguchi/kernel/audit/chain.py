"""The chain itself: which bytes are hashed, and what a payload may hold. No database here.

The bytes of one entry are seven netstrings (length in bytes, colon, bytes, comma), UTF-8, in this order: previous hash,
id, moment (UTC, `2026-11-23T04:05:06.123456Z`), actor, action, subject, payload. The hash is their SHA-256 in lower
case hexadecimal. The trigger in migration 0002 builds the same bytes; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from madoguchi.kernel.errors import InvalidInput

GENESIS = "0" * 64
"""The previous hash of the first entry."""

MAX_STRING = 200
MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Anchor:
    """The state of the log at one moment, to be noted outside the database: number of entries and the last hash."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """Read an anchor as it is printed (`count:hash`). Raises InvalidInput."""
        count, _, digest = text.strip().partition(":")
        if not count.isdigit() or len(digest) != 64:
            raise InvalidInput(
                "監査記録の控えの形が正しくありません。",
                code="audit.anchor",
                mend="「件数:ハッシュ値」の形で渡してください。",
            )
        return cls(int(count), digest)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome of a verification: `first_bad` is the id of the first entry that does not fit."""

    ok: bool
    count: int
    first_bad: int | None
    message: str
    anchor: Anchor


def entry_hash(previous: str, *, id: int, at: datetime, actor_ref: str, action: str, subject: str, payload: str) -> str:
    """Return the hash of one entry."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    digest = sha256()
    for part in (previous, str(id), moment, actor_ref, action, subject, payload):
        data = part.encode()
        digest.update(b"%d:%b," % (len(data), data))
    return digest.hexdigest()


def canonical_payload(payload: Mapping[str, Any]) -> str:
    """Write a payload as canonical JSON (sorted keys, no spaces, UTF-8).

    Raises InvalidInput for a text over 200 characters, a mail address, more than 3 levels or an unknown type: the log
    holds identifiers, not what people wrote.
    """
    return json.dumps(_checked(payload, 0), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _checked(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _refusal("入れ子が深すぎます")
    if isinstance(value, Mapping):
        return {str(key): _checked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_checked(item, depth + 1) for item in items]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        if len(value) > MAX_STRING or "@" in value:
            raise _refusal("長い文またはメールアドレスが入っています")
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    raise _refusal(f"{type(value).__name__} は記録できません")


def _refusal(why: str) -> InvalidInput:
    return InvalidInput(
        f"監査記録の内容を受け付けません：{why}。", code="audit.payload", mend="識別子と件数だけを渡してください。"
    )
