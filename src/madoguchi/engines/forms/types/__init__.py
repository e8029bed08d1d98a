"""The field types: one class per type with everything about it in one place (parse, judge, show, normalise)."""

from madoguchi.engines.forms.types.base import FieldKind, Part, Post, Problem, field_kinds, kind_of

__all__ = ["FieldKind", "Part", "Post", "Problem", "field_kinds", "kind_of"]

from madoguchi.engines.forms.types import choices, composite, dates, files, numbers, official, texts  # noqa: F401
