"""Dates in 西暦 and 和暦, months and times of day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.schema import FieldDef
from madoguchi.engines.forms.types.base import RAW, FieldKind, Part, Post, Problem, clean, register
from madoguchi.engines.forms.types.numbers import judge_bounds
from madoguchi.kernel import calendar, text
from madoguchi.kernel.errors import InvalidInput

_EARLIEST, _LATEST = "1868-01-25", "2199-12-31"


def show_date(value: str, lang: str) -> str:
    """Return an ISO date as people read it: 令和8年11月23日（2026年）, 23 November 2026."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return value
    words = calendar.day_in_words(day, lang)
    return f"{words}（{day.year}年）" if lang in {"ja", "easy"} else words


def _year(era: str, typed: str) -> int | None:
    plain = text.normalise_width(typed)
    if plain == "元":
        plain = "1"
    if not re.fullmatch(r"[0-9]{1,4}", plain):
        return None
    return int(plain)


@register
class DateKind(FieldKind):
    type = "date"
    parts = ("era", "y", "m", "d")

    def html_names(self, fd: FieldDef, name: str) -> set[str]:
        return super().html_names(fd, name) | {name}

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        whole = clean(post.get(name))
        if whole:
            return self._from_text(whole)
        typed = {part: clean(post.get(f"{name}.{part}")) for part in self.parts}
        if not any(typed[part] for part in ("y", "m", "d")):
            return None
        day = self._from_parts(typed)
        return day.isoformat() if day else {RAW: typed}

    def _from_text(self, typed: str) -> Any:
        try:
            return calendar.parse_date_ja(typed).isoformat()
        except InvalidInput:
            return {RAW: {"era": "", "y": typed[:40], "m": "", "d": ""}}

    def _from_parts(self, typed: Mapping[str, str]) -> dt.date | None:
        era, numbers = typed["era"], []
        for part in ("y", "m", "d"):
            number = _year(era, typed[part])
            if number is None:
                return None
            numbers.append(number)
        try:
            if era and era != "ce":
                return calendar.from_era(era, *numbers)
            return dt.date(*numbers) if numbers[0] >= 1000 else None
        except (ValueError, InvalidInput):
            return None

    def shaped(self, value: Any) -> bool:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return False
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
        return True

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        if not _EARLIEST <= value <= _LATEST:
            return [Problem(fd.id, "type")]
        return judge_bounds(fd, value, {key: str(bound) for key, bound in bounds.items() if bound is not None})

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", show_date(value, lang))]


@register
class YearMonthKind(FieldKind):
    type = "year_month"
    parts = ("era", "y", "m")

    def html_names(self, fd: FieldDef, name: str) -> set[str]:
        return super().html_names(fd, name) | {name}

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        whole = text.normalise_width(clean(post.get(name)))
        if whole:
            return whole if self.shaped(whole) else {RAW: {"era": "", "y": whole[:40], "m": ""}}
        typed = {part: clean(post.get(f"{name}.{part}")) for part in self.parts}
        if not typed["y"] and not typed["m"]:
            return None
        day = DateKind()._from_parts({**typed, "d": "1"}) or DateKind()._from_parts({**typed, "d": "28"})
        return day.isoformat()[:7] if day else {RAW: typed}

    def shaped(self, value: Any) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"(18|19|20|21)[0-9]{2}-(0[1-9]|1[0-2])", value))

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return judge_bounds(fd, value, {key: str(bound)[:7] for key, bound in bounds.items() if bound is not None})

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        if lang not in {"ja", "easy"}:
            return [Part("", value)]
        day = dt.date.fromisoformat(f"{value}-01")
        return [Part("", f"{calendar.wareki(day).split('月')[0]}月（{day.year}年）")]


@register
class TimeKind(FieldKind):
    type = "time"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        typed = clean(post.get(name))
        if not typed:
            return None
        match = re.fullmatch(r"([0-9]{1,2})[:：時]([0-9]{1,2})分?(?::[0-9]{2})?", text.normalise_width(typed))
        if match and int(match[1]) < 24 and int(match[2]) < 60:
            return f"{int(match[1]):02d}:{int(match[2]):02d}"
        return {RAW: typed}

    def shaped(self, value: Any) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value))

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        return judge_bounds(fd, value, {key: str(bound) for key, bound in bounds.items() if bound is not None})
