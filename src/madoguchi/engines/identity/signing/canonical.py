"""The one way to write data down as bytes that are signed: RFC 8785 (JSON Canonicalization Scheme).

Owns the serialisation only. Keys are sorted by UTF-16 code units, nothing stands between tokens, strings are escaped
as little as ECMAScript does and written in UTF-8. Names stay exactly as typed: there is no Unicode normalisation.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from madoguchi.kernel.errors import InvalidInput

SAFE_INTEGER = 2**53 - 1
"""Beyond this, readers in other languages would round (RFC 8785, section 3.2.2.3)."""


def canonical_bytes(value: Any) -> bytes:
    """Write plain data as canonical JSON in UTF-8. Raises InvalidInput for what has no one way of writing."""
    return _written(value).encode()


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise InvalidInput("署名する数が大きすぎます。", code="signing.number")
        return str(value)
    if isinstance(value, float):
        return _fraction(value)
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=lambda pair: str(pair[0]).encode("utf-16-be"))
        return "{" + ",".join(f"{_written(str(key))}:{_written(each)}" for key, each in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_written, value)) + "]"
    raise InvalidInput("署名できない種類の値があります。", code="signing.value")


def _fraction(value: float) -> str:
    """Write a number as ECMAScript's ``Number::toString`` does: the shortest digits that read back as the same number."""
    if not math.isfinite(value):
        raise InvalidInput("署名できない数があります。", code="signing.number")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    plain, point = "".join(map(str, digits)), len(digits) + int(exponent)
    if 0 < point <= 21:
        text = plain.ljust(point, "0") if len(plain) <= point else f"{plain[:point]}.{plain[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{plain}"
    else:
        text = f"{plain[0]}{'.' if plain[1:] else ''}{plain[1:]}e{point - 1:+d}"
    return f"-{text}" if sign else text
