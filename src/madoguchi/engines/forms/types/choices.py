"""One answer, several answers, yes or no, consent, relationship."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from madoguchi.engines.forms.messages import message
from madoguchi.engines.forms.schema import FieldDef, Option
from madoguchi.engines.forms.types.base import FieldKind, Part, Post, Problem, clean, register
from madoguchi.kernel.l10n import LANGUAGES, LocalText

RELATIONSHIPS = (
    "self", "spouse", "child", "parent", "grandparent", "grandchild", "sibling", "other_family", "cohabitant",
    "guardian", "agent", "other",
)  # fmt: skip


def options_of(fd: FieldDef) -> list[Option]:
    """Return the options of a choice; ``relationship`` brings the standard list unless the form narrows it."""
    if fd.options:
        return fd.options
    if fd.type == "relationship":
        return [
            Option(
                value=value,
                label=LocalText({lang: message(f"relationship.{value}", lang) for lang in LANGUAGES}),
            )
            for value in RELATIONSHIPS
        ]
    return []


def values_of(fd: FieldDef) -> Collection[str]:
    """Return the values a choice knows."""
    return [option.value for option in fd.options] if fd.options else RELATIONSHIPS


def _label(fd: FieldDef, value: str, lang: str) -> str:
    for option in options_of(fd):
        if option.value == value:
            return option.label.get(lang)
    return value


@register
class ChoiceKind(FieldKind):
    type = "choice"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return [] if value in bounds.get("options", values_of(fd)) else [Problem(fd.id, "option")]

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", _label(fd, value, lang))]


@register
class RelationshipKind(ChoiceKind):
    type = "relationship"


@register
class ChoicesKind(FieldKind):
    type = "choices"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        chosen = [clean(item) for item in post.getlist(name)[:200]]
        return list(dict.fromkeys(item for item in chosen if item)) or None

    def shaped(self, value: Any) -> bool:
        return isinstance(value, list) and len(value) <= 200 and all(isinstance(item, str) for item in value)

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        if not set(value) <= set(bounds.get("options", values_of(fd))):
            return [Problem(fd.id, "option")]
        if fd.min_items and len(value) < fd.min_items:
            return [Problem(fd.id, "min_items", params={"min": fd.min_items})]
        if fd.max_items and len(value) > fd.max_items:
            return [Problem(fd.id, "max_items", params={"max": fd.max_items})]
        return []

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", _label(fd, item, lang)) for item in value]


@register
class YesNoKind(FieldKind):
    type = "yes_no"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        return {"1": True, "0": False}.get(clean(post.get(name)))

    def shaped(self, value: Any) -> bool:
        return isinstance(value, bool)

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", message("yes" if value else "no", lang))]

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return []


@register
class ConsentKind(YesNoKind):
    type = "consent"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        return True if clean(post.get(name)) in {"1", "on", "true"} else None

    def empty(self, value: Any) -> bool:
        return value is not True

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", message("consented", lang))]
