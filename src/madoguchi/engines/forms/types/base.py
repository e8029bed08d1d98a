"""What every field type offers, and the registry of types.

Owns the ``FieldKind`` interface. A kind is stateless: the field's definition is passed in.

An answer that could not be understood is kept as ``{"@raw": …}`` exactly as typed, so nothing typed is lost; it is
judged as a ``type`` problem until it is mended.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from madoguchi.engines.forms.schema import FieldDef
from madoguchi.kernel.registry import Registry

RAW = "@raw"
MAX_PART_LENGTH = 20_000


class Post(Protocol):
    """Posted values: Django's ``QueryDict`` fits."""

    def get(self, key: str) -> str | None: ...

    def getlist(self, key: str) -> Sequence[str]: ...

    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer: a code, the part of a composite answer, values for the message."""

    field: str
    code: str
    part: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    row: int | None = None
    text: Any = None
    """The message's own text when the definition brings one (pattern, cross-field check)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a shown answer; ``label`` is a message key or empty."""

    label: str
    text: str


def clean(value: str | None) -> str:
    """Trim the ends and drop NUL and over-long tails; everything else stays as typed."""
    text = (value or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(" \t\n\u3000")[:MAX_PART_LENGTH]


def is_raw(value: Any) -> bool:
    """Tell whether an answer is kept as typed because it could not be understood."""
    return isinstance(value, dict) and RAW in value


class FieldKind:
    """Base of the field types: a single line of text."""

    type: ClassVar[str]
    parts: ClassVar[tuple[str, ...]] = ()
    """Names of the parts of a composite answer (``applicant.family``)."""
    required_parts: ClassVar[tuple[str, ...]] = ()
    asks: ClassVar[bool] = True
    """False for what is shown but never asked (note, computed)."""

    def html_names(self, fd: FieldDef, name: str) -> set[str]:
        """Return every HTML name this field may post."""
        return {f"{name}.{part}" for part in self.parts} if self.parts else {name}

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        """Turn posted text into an answer, ``None`` when nothing was typed, ``{"@raw": …}`` when not understood."""
        if self.parts:
            value = {part: clean(post.get(f"{name}.{part}")) for part in self.parts}
            return value if any(value.values()) else None
        return clean(post.get(name)) or None

    def empty(self, value: Any) -> bool:
        """Tell whether nothing was answered."""
        if isinstance(value, dict) and not is_raw(value):
            return not any(value.values())
        return value is None or value in ("", [])

    def judge(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        """Return what is wrong with a non-empty answer."""
        if is_raw(value) or not self.shaped(value):
            return [Problem(fd.id, "type")]
        return self.judge_value(fd, value, bounds)

    def shaped(self, value: Any) -> bool:
        """Tell whether the value has this type's Python shape."""
        if self.parts:
            return (
                isinstance(value, dict)
                and set(value) <= set(self.parts)
                and all(isinstance(item, str) and len(item) <= MAX_PART_LENGTH for item in value.values())
            )
        return isinstance(value, str) and len(value) <= MAX_PART_LENGTH

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        """Judge a well-shaped value; composite types check their required parts here."""
        return [Problem(fd.id, "required", part) for part in self.required_parts if not value.get(part)]

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        """Return the answer as lines to read."""
        if self.parts:
            return [Part(part, value[part]) for part in self.parts if value.get(part)]
        return [Part("", str(value))]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        """Return the normalised copy kept *beside* the original, or None when there is none."""
        return None


def show_raw(value: Any) -> str:
    """Return what was typed into a field whose answer could not be understood."""
    raw = value[RAW]
    return " ".join(str(item) for item in raw.values() if item) if isinstance(raw, dict) else str(raw)


field_kinds: Registry[FieldKind] = Registry("field type")


def register(kind: type[FieldKind]) -> type[FieldKind]:
    """Class decorator: make the type known under its ``type``."""
    field_kinds.register(kind.type, kind())
    return kind


def kind_of(fd: FieldDef) -> FieldKind:
    """Return the kind of a field definition."""
    return field_kinds.get(fd.type)
