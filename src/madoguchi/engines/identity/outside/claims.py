"""What a provider says about a person, in the words of the house. Pure: no Django, no network.

Owns the reading of claims and of levels. A claim that is not mapped is never kept; what cannot be read is left out, not
guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from .schema import OidcProvider

MAX_LENGTH = 300
_SEX = {"male": "男", "female": "女", "1": "男", "2": "女", "男": "男", "女": "女"}
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")


def read_claims(provider: OidcProvider, said: Mapping[str, Any]) -> dict[str, str]:
    """Return the mapped claims of a provider as plain texts by the house's own words, empty ones left out.

    A full name is split at its space into family and given name when those do not come by themselves; ``birth_date`` is
    ISO (YYYY-MM-DD).
    """
    found: dict[str, str] = {key: text for key, path in provider.claims.items() if (text := _text(said, path))}
    if (birth := found.pop("birth_date", "")) and (day := day_of(birth)):
        found["birth_date"] = day
    if sex := found.pop("sex", ""):
        found["sex"] = _SEX.get(sex.casefold(), sex)
    _split(found, "name", ("family_name", "given_name"))
    _split(found, "kana", ("family_kana", "given_kana"))
    return found


def levels_of(provider: OidcProvider, acr: Any) -> tuple[int, int]:
    """Return (身元確認, 当人認証) of an ``acr``; one that the folder does not name is worth 1 and 1."""
    for level in provider.levels:
        if level.acr == acr:
            return level.identity, level.authentication
    return 1, 1


def authenticated_at(said: Mapping[str, Any], *, at: dt.datetime) -> dt.datetime:
    """Return when the person was authenticated: ``auth_time``, or *at* when the provider does not say (never later)."""
    moment = said.get("auth_time")
    if not isinstance(moment, int | float) or isinstance(moment, bool):
        return at
    try:
        return min(dt.datetime.fromtimestamp(moment, tz=dt.UTC), at)
    except (OverflowError, OSError, ValueError):
        return at


def _text(said: Mapping[str, Any], path: str) -> str:
    value: Any = said
    if path in said:
        value = said[path]
    else:
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", str(value)).strip()[:MAX_LENGTH]


def day_of(text: str) -> str:
    """Return an ISO day of 8 digits with or without hyphens, '' when it is none."""
    match = _DAY.fullmatch(text)
    if match is None:
        return ""
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""


def _split(found: dict[str, str], whole: str, parts: tuple[str, str]) -> None:
    """Fill the two parts from the whole, or the whole from the parts; a whole without a space stays whole."""
    first, second = parts
    if whole not in found and (found.get(first) or found.get(second)):
        found[whole] = f"{found.get(first, '')} {found.get(second, '')}".strip()
    pieces = found.get(whole, "").replace("\u3000", " ").split()
    if len(pieces) == 2 and first not in found and second not in found:
        found[first], found[second] = pieces
