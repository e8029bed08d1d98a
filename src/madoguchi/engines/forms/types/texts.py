"""Text, long text, kana, telephone, e-mail; and what is shown but not asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.schema import FieldDef
from madoguchi.engines.forms.types.base import FieldKind, Part, Post, Problem, register
from madoguchi.kernel import text

_EMAIL = re.compile(r"^[^@\s\"(),:;<>\[\\\]]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9\-]+)+$")


def judge_length(fd: FieldDef, value: str, *, default_max: int) -> list[Problem]:
    """Judge the number of characters a person sees (a base and its variation selector count as one)."""
    longest = fd.max_length or default_max
    if len(value) <= longest and not fd.min_length:
        return []  # never fewer code points than characters
    length = text.grapheme_len(value)
    if length > longest:
        return [Problem(fd.id, "length", params={"max": longest, "length": length})]
    if fd.min_length and length < fd.min_length:
        return [Problem(fd.id, "min_length", params={"min": fd.min_length, "length": length})]
    return []


@register
class TextKind(FieldKind):
    type = "text"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        problems = judge_length(fd, value, default_max=200)
        if not problems and "\n" in value:
            problems = [Problem(fd.id, "type")]
        if not problems and fd.pattern and not re.fullmatch(fd.pattern, text.normalise_width(value)):
            problems = [Problem(fd.id, "pattern", text=fd.pattern_message)]
        return problems

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", f"{value}{fd.unit.get(lang) if fd.unit else ''}")]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        normal = text.normalise_width(value)
        return normal if normal != value else None


@register
class TextareaKind(FieldKind):
    type = "textarea"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return judge_length(fd, value, default_max=2000)


@register
class KanaKind(FieldKind):
    type = "kana"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        problems = judge_length(fd, value, default_max=100)
        return problems or ([] if text.is_kana(value) else [Problem(fd.id, "kana")])

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        normal = text.to_katakana(text.normalise_width(value))
        return normal if normal != value else None


@register
class PhoneKind(FieldKind):
    type = "phone"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return [] if phone_digits(value) else [Problem(fd.id, "phone")]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        digits = phone_digits(value)
        return digits if digits and digits != value else None


def phone_digits(value: str) -> str | None:
    """Return the digits of a Japanese number (10 or 11, leading 0) or an international one (+…), or None.

    The numbering plan itself is not judged: a ward must be able to call a number the plan does not know yet.
    """
    plain = re.sub(r"[\s\-‐‑‒–—―ー−()（）]", "", text.normalise_width(value))
    if re.fullmatch(r"0[0-9]{9,10}", plain) or re.fullmatch(r"\+[0-9]{8,15}", plain):
        return plain
    return None


@register
class EmailKind(FieldKind):
    type = "email"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        plain = text.normalise_width(value)
        fits = len(plain) <= 254 and _EMAIL.match(plain) and ".." not in plain
        return [] if fits else [Problem(fd.id, "email")]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        plain = text.normalise_width(value)
        return plain if plain != value else None


class _Silent(FieldKind):
    asks = False

    def html_names(self, fd: FieldDef, name: str) -> set[str]:
        return set()

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        return None

    def judge(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return []


@register
class NoteKind(_Silent):
    type = "note"


@register
class GroupKind(_Silent):
    """A fieldset; with ``repeat`` its rows are edited one at a time, so the group itself posts nothing."""

    type = "group"


@register
class ComputedKind(_Silent):
    type = "computed"

    def shaped(self, value: Any) -> bool:
        return isinstance(value, str | int | float)

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        unit = fd.unit.get(lang) if fd.unit else ""
        if fd.format == "yen" and isinstance(value, int | float):
            return [Part("", f"{int(value):,}円")]
        if fd.format == "integer" and isinstance(value, int | float):
            return [Part("", f"{int(value):,}{unit}")]
        if fd.format == "date":
            from madoguchi.engines.forms.types.dates import show_date

            return [Part("", show_date(str(value), lang))]
        return [Part("", f"{value}{unit}")]
