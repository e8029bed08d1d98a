"""Answers of several parts: names, Latin names, addresses, bank accounts.

Names and addresses are kept exactly as typed (異体字, IVS); the normalised copy stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.messages import message
from madoguchi.engines.forms.schema import FieldDef
from madoguchi.engines.forms.types.base import FieldKind, Part, Problem, register
from madoguchi.kernel import text

_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ .'\-]+")


def _too_long(fd: FieldDef, value: Mapping[str, str], limit: int) -> list[Problem]:
    return [
        Problem(fd.id, "length", part, {"max": limit, "length": text.grapheme_len(item)})
        for part, item in value.items()
        if len(item) > limit and text.grapheme_len(item) > limit
    ]


@register
class PersonNameKind(FieldKind):
    type = "person_name"
    parts = ("family", "given", "family_kana", "given_kana")
    required_parts = ("family", "given", "family_kana", "given_kana")

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        problems = super().judge_value(fd, value, bounds) + _too_long(fd, value, 60)
        for part in ("family_kana", "given_kana"):
            if value.get(part) and not text.is_kana(value[part]):
                problems.append(Problem(fd.id, "kana", part))
        return problems

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        kana = f"{value.get('family_kana', '')} {value.get('given_kana', '')}".strip()
        name = f"{value.get('family', '')} {value.get('given', '')}".strip()
        return [Part("", f"{name}（{kana}）" if kana else name)]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        kana = {
            part: text.to_katakana(text.normalise_width(value.get(part, ""))) for part in ("family_kana", "given_kana")
        }
        folded = text.fold(f"{value.get('family', '')}{value.get('given', '')}")
        return {**kana, "folded": folded}


@register
class LatinNameKind(FieldKind):
    type = "latin_name"
    parts = ("surname", "given_names")
    required_parts = ("surname",)

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        problems = super().judge_value(fd, value, bounds) + _too_long(fd, value, 100)
        for part, item in value.items():
            if item and not _LATIN.fullmatch(text.normalise_width(item)):
                problems.append(Problem(fd.id, "latin", part))
        return problems

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", f"{value.get('surname', '')} {value.get('given_names', '')}".strip())]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        return {part: text.normalise_width(item).upper() for part, item in value.items()}


@register
class AddressKind(FieldKind):
    type = "address"
    parts = ("postal_code", "prefecture", "city", "town", "block", "building")
    required_parts = ("prefecture", "city", "town")

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        problems = super().judge_value(fd, value, bounds) + _too_long(fd, value, 120)
        if value.get("postal_code") and postal_digits(value["postal_code"]) is None:
            problems.append(Problem(fd.id, "postal_code", "postal_code"))
        return problems

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        code = postal_digits(value.get("postal_code", ""))
        first = f"〒{code[:3]}-{code[3:]} " if code else ""
        place = "".join(value.get(part, "") for part in ("prefecture", "city", "town", "block"))
        building = f" {value['building']}" if value.get("building") else ""
        return [Part("", f"{first}{place}{building}")]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        joined = "".join(value.get(part, "") for part in ("prefecture", "city", "town", "block"))
        return {
            "postal_code": postal_digits(value.get("postal_code", "")) or "",
            "address": text.normalise_address(joined),
            "building": text.normalise_width(value.get("building", "")),
        }


def postal_digits(typed: str) -> str | None:
    """Return the seven digits of a postal code typed in any width, with or without 〒 and hyphen, or None."""
    plain = re.sub(r"[\s〒\-‐‑–—―ー−]", "", text.normalise_width(typed))
    return plain if re.fullmatch(r"[0-9]{7}", plain) else None


@register
class BankAccountKind(FieldKind):
    type = "bank_account"
    parts = ("bank_name", "bank_code", "branch_name", "branch_code", "kind", "number", "holder_kana")
    required_parts = ("bank_name", "branch_name", "kind", "number", "holder_kana")
    _DIGITS: tuple[tuple[str, int], ...] = (("bank_code", 4), ("branch_code", 3), ("number", 7))

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        problems = super().judge_value(fd, value, bounds) + _too_long(fd, value, 60)
        for part, digits in self._DIGITS:
            typed = text.normalise_width(value.get(part, ""))
            if typed and not re.fullmatch(rf"[0-9]{{{digits}}}", typed):
                problems.append(Problem(fd.id, "digits", part, {"digits": digits}))
        if value.get("kind") and value["kind"] not in {"ordinary", "checking", "savings"}:
            problems.append(Problem(fd.id, "option", "kind"))
        holder = text.normalise_width(value.get("holder_kana", ""))
        if holder and not re.fullmatch(r"[ァ-ヶーぁ-ゖA-Za-z0-9 .,()（）・\-－／/　]+", holder):
            problems.append(Problem(fd.id, "kana", "holder_kana"))
        return problems

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        kind = message(f"account.{value['kind']}", lang) if value.get("kind") else ""
        number = value.get("number", "")
        hidden = "●" * max(len(number) - 3, 0) + number[-3:]
        bank = f"{value.get('bank_name', '')} {value.get('branch_name', '')}".strip()
        return [Part("", bank), Part("", f"{kind} {hidden}".strip()), Part("", value.get("holder_kana", ""))]

    def normalise(self, fd: FieldDef, value: Any) -> Any:
        plain = {part: text.normalise_width(value.get(part, "")) for part, _ in self._DIGITS}
        return {**plain, "holder_kana": text.to_katakana(text.normalise_width(value.get("holder_kana", "")))}
