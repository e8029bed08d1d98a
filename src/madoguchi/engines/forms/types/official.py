"""Numbers given by the state: 個人番号 (sealed, never in clear), 法人番号, insured numbers.

Check digits: 個人番号 = 行政手続における特定の個人を識別するための番号の利用等に関する法律施行令第8条・総務省令第85号第5条;
法人番号 = 国税庁「チェックデジットの計算」. Other numbers are judged by their length only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms import sealing
from madoguchi.engines.forms.schema import FieldDef
from madoguchi.engines.forms.types.base import RAW, FieldKind, Part, Post, Problem, clean, register
from madoguchi.kernel import text


def my_number_fits(digits: str) -> bool:
    """Tell whether twelve digits carry the right check digit of a 個人番号."""
    if not re.fullmatch(r"[0-9]{12}", digits):
        return False
    total = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits[:11]), start=1))
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def corporate_number_fits(digits: str) -> bool:
    """Tell whether thirteen digits carry the right check digit of a 法人番号."""
    if not re.fullmatch(r"[0-9]{13}", digits):
        return False
    total = sum(int(digit) * (1 if n % 2 else 2) for n, digit in enumerate(reversed(digits[1:]), start=1))
    return int(digits[0]) == 9 - total % 9


def _plain(typed: str) -> str:
    return re.sub(r"[\s\-‐‑–—―ー−]", "", text.normalise_width(typed))


@register
class MyNumberKind(FieldKind):
    """個人番号: what is typed is sealed at once, whether right or wrong; only its verdict stays readable."""

    type = "my_number"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        typed = _plain(clean(post.get(name)))[:40]
        if not typed:
            return previous if isinstance(previous, dict) and "sealed" in previous else None
        return {"sealed": sealing.seal(typed), "fits": my_number_fits(typed)}

    def shaped(self, value: Any) -> bool:
        return isinstance(value, str) or (
            isinstance(value, dict) and set(value) == {"sealed", "fits"} and isinstance(value["sealed"], str)
        )

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        fits = my_number_fits(_plain(value)) if isinstance(value, str) else value["fits"] is True
        return [] if fits else [Problem(fd.id, "digit")]

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", "●●●●●●●●●●●●")]


@register
class CorporateNumberKind(FieldKind):
    type = "corporate_number"

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        plain = _plain(value)
        if not re.fullmatch(r"[0-9]{13}", plain):
            return [Problem(fd.id, "digits", params={"digits": 13})]
        return [] if corporate_number_fits(plain) else [Problem(fd.id, "digit")]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        return _plain(value) if _plain(value) != value else None


@register
class InsuredNumberKind(FieldKind):
    type = "insured_number"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        typed = clean(post.get(name))
        if not typed:
            return None
        plain = _plain(typed)
        return plain if re.fullmatch(r"[0-9]{1,20}", plain) else {RAW: typed}

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        if not re.fullmatch(r"[0-9]{1,20}", value):
            return [Problem(fd.id, "type")]
        if fd.digits and len(value) != fd.digits:
            return [Problem(fd.id, "digits", params={"digits": fd.digits})]
        return []
