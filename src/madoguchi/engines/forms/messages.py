"""The engine's own words: error messages and standard labels in every language of the frame (``texts/messages.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.kernel.ui.texts import text


def message(key: str, lang: str, params: Mapping[str, Any] | None = None) -> str:
    """Return the text ``forms.<key>`` in *lang* with ``{name}`` filled in."""
    return text(f"forms.{key}", lang, **(params or {}))
