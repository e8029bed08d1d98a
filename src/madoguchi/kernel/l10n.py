"""Localised texts in data: one string per language, falling back to Japanese.

Owns the languages of the product and the ``Text`` value. May not know any page or procedure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

LANGUAGES: dict[str, str] = {
    "ja": "日本語",
    "easy": "やさしい日本語",
    "en": "English",
    "zh": "简体中文",
    "ko": "한국어",
}
FALLBACK = "ja"


class LocalText(dict[str, str]):
    """A text by language code. ``get(lang)`` falls back to Japanese; ``str()`` is Japanese."""

    def get(self, lang: str, default: str | None = None) -> str:  # type: ignore[override]
        """Return the text in *lang*, else in Japanese, else *default* or ''."""
        return super().get(lang) or super().get(FALLBACK) or default or ""

    def has(self, lang: str) -> bool:
        """Tell whether this language was written (no fallback)."""
        return bool(super().get(lang))

    def __str__(self) -> str:
        return self.get(FALLBACK)


def to_text(value: Any) -> LocalText:
    """Build a text from a string (Japanese) or a map of languages. Raises ValueError for anything else."""
    if isinstance(value, LocalText):
        return value
    if isinstance(value, str):
        if not value.strip():
            raise ValueError("文が空です")
        return LocalText(ja=value)
    if isinstance(value, Mapping):
        unknown = set(value) - set(LANGUAGES)
        if unknown:
            raise ValueError(f"知らない言語です: {', '.join(sorted(map(str, unknown)))}")
        if not value.get(FALLBACK):
            raise ValueError("ja（日本語）の文がありません")
        if not all(isinstance(item, str) for item in value.values()):
            raise ValueError("文は文字列で書いてください")
        return LocalText({str(lang): str(item) for lang, item in value.items()})
    raise ValueError("文は文字列か {ja: …, easy: …, en: …} で書いてください")


Text = Annotated[
    LocalText,
    PlainValidator(to_text),
    PlainSerializer(lambda text: dict(text), return_type=dict),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {code: {"type": "string"} for code in sorted(LANGUAGES)},
                    "required": ["ja"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
