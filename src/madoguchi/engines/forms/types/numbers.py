"""Whole numbers, decimals and yen. Full-width digits and thousands separators are understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from madoguchi.engines.forms.schema import FieldDef
from madoguchi.engines.forms.types.base import RAW, FieldKind, Part, Post, Problem, clean, register
from madoguchi.kernel import text
from madoguchi.kernel.money import yen

LIMIT = 10**15


def judge_bounds(fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
    """Judge ``min`` and ``max``; a bound that cannot be computed does not judge."""
    low, high = bounds.get("min"), bounds.get("max")
    if low is not None and value < low:
        return [Problem(fd.id, "min", params={"min": low, "max": high})]
    if high is not None and value > high:
        return [Problem(fd.id, "max", params={"min": low, "max": high})]
    return []


def _digits(typed: str) -> str:
    return re.sub(r"[,\s，、円]", "", text.normalise_width(typed)).replace("−", "-")


@register
class IntegerKind(FieldKind):
    type = "integer"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        typed = clean(post.get(name))
        if not typed:
            return None
        digits = _digits(typed)
        return int(digits) if re.fullmatch(r"-?[0-9]{1,15}", digits) else {RAW: typed}

    def shaped(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LIMIT

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        numeric = {key: bound for key, bound in bounds.items() if isinstance(bound, int | float)}
        return judge_bounds(fd, value, numeric)

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", f"{value:,}{fd.unit.get(lang) if fd.unit else ''}")]


@register
class YenKind(IntegerKind):
    type = "yen"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return super().judge_value(fd, value, {"min": 0, **{k: v for k, v in bounds.items() if v is not None}})

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", yen(value, lang))]


@register
class DecimalKind(FieldKind):
    type = "decimal"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        typed = clean(post.get(name))
        if not typed:
            return None
        digits = _digits(typed)
        return digits if re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", digits) else {RAW: typed}

    def shaped(self, value: Any) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", value))

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        exact = {}
        for key, bound in bounds.items():
            try:
                exact[key] = Decimal(str(bound)) if bound is not None else None
            except InvalidOperation:
                exact[key] = None
        return judge_bounds(fd, Decimal(value), exact)

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", f"{value}{fd.unit.get(lang) if fd.unit else ''}")]
