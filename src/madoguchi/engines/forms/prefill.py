"""Which questions of a form are about the person who fills it in, and what is known about that person in their shape.

Pure: no Django. Owns the match by type, autocomplete token and stable id. Never touches 個人番号 and never decides to fill:
the person does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.compiler import CompiledField, CompiledForm

_MATCH: dict[str, tuple[str, frozenset[str], frozenset[str]]] = {
    "name": ("person_name", frozenset({"name"}), frozenset({"applicant"})),
    "birth_date": ("date", frozenset({"bday"}), frozenset({"birth_on", "applicant_birth_on"})),
    "address": ("address", frozenset({"street-address"}), frozenset({"address", "applicant_address", "current_address"})),
    "phone": ("phone", frozenset({"tel"}), frozenset({"phone", "applicant_phone"})),
    "email": ("email", frozenset({"email"}), frozenset({"email", "applicant_email"})),
    "bank_account": ("bank_account", frozenset(), frozenset({"account"})),
    "company": ("text", frozenset({"organization"}), frozenset()),
    "corporate_number": ("corporate_number", frozenset(), frozenset({"corporate_number"})),
}  # fmt: skip
"""What is known by its key: the type of the question, and the token or the id by which it is about the person."""
_PLACE = re.compile(
    r"(?P<prefecture>東京都|北海道|(?:京都|大阪)府|.{2,3}県)"
    r"(?P<city>(?:[^市区町村]{1,6}郡)?[^0-9０-９]{1,6}?[市区町村])"
    r"(?P<town>[^0-9０-９]*?)"
    r"(?P<block>(?:[一二三四五六七八九十]+丁目)?[0-9０-９].*)?"
)


def own_fields(form: CompiledForm) -> dict[str, CompiledField]:
    """Return the questions about the person who fills the form in, by what they ask: the first of each that fits."""
    found: dict[str, CompiledField] = {}
    for item in form.fields.values():
        if item.group is not None and form.fields[item.group].repeats:
            continue
        for key, (kind, tokens, ids) in _MATCH.items():
            if key not in found and item.fd.type == kind and (item.fd.autocomplete in tokens or item.id in ids):
                found[key] = item
    return found


def values_of(person: Mapping[str, str]) -> dict[str, Any]:
    """Return what is known about a person (plain texts by the identity engine's words) as answers by key."""
    found: dict[str, Any] = {}
    name = {
        part: person.get(source, "")
        for part, source in (
            ("family", "family_name"),
            ("given", "given_name"),
            ("family_kana", "family_kana"),
            ("given_kana", "given_kana"),
        )
    }
    if name["family"] or name["given"]:
        found["name"] = name
    if address := _address(person):
        found["address"] = address
    for key in ("birth_date", "phone", "email", "company", "corporate_number"):
        if person.get(key):
            found[key] = person[key]
    return found


def _address(person: Mapping[str, str]) -> dict[str, str]:
    parts = {part: person.get(part, "") for part in ("postal_code", "prefecture", "city", "town", "block", "building")}
    if parts["prefecture"] and parts["city"]:
        return parts
    match = _PLACE.fullmatch(person.get("address", "").strip())
    if match is None:
        return {}
    read = {part: text or "" for part, text in match.groupdict().items()}
    return {**parts, **read, "postal_code": person.get("postal_code", "")}
