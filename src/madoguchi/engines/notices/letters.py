"""The letters in force, kept in memory between requests. Owns that copy; the table ``Letter`` is the truth."""

from __future__ import annotations

from time import monotonic

from madoguchi.kernel.errors import NotFound

from . import models
from .schema import Letter

_MAX_AGE_SECONDS = 60.0
_known: dict[str, tuple[Letter, str]] = {}
_read_at: float = float("-inf")


def letter(letter_id: str) -> tuple[Letter, str]:
    """Return a letter and its digest. Asks the database once a minute per process. Raises NotFound."""
    if letter_id not in _known or monotonic() - _read_at > _MAX_AGE_SECONDS:
        _read()
    try:
        return _known[letter_id]
    except KeyError:
        raise NotFound(
            f"文面「{letter_id}」がありません。",
            code="notices.letter",
            mend=f"自治体フォルダーの letters/{letter_id}.yaml を作り、municipality load を実行してください。",
        ) from None


def forget() -> None:
    """Drop the copy, so that the next use reads the table again (after a load of the folder, and between tests)."""
    global _read_at
    _known.clear()
    _read_at = float("-inf")


def _read() -> None:
    global _read_at
    rows = models.Letter.objects.values_list("id", "digest", "definition")
    _known.clear()
    _known.update({row_id: (Letter.model_validate(definition), digest) for row_id, digest, definition in rows})
    _read_at = monotonic()
