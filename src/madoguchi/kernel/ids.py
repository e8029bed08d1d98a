"""Numbers and codes that people read aloud, copy and mistype.

Owns the receipt number, the short code and the sortable unique id. Every code that a person handles carries a check
symbol, so that one wrong character or two swapped neighbours are noticed at once.
"""

from __future__ import annotations

import os
import re
import time
import unicodedata
from uuid import UUID

from madoguchi.kernel.errors import InvalidInput

REIWA_OFFSET = 2018
"""令和 year = fiscal year - 2018."""

# The quasigroup of H. M. Damm (2004): catches every single-digit error and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_RECEIPT = re.compile(r"R?(\d{2})(\d{7})(\d)")
_BUNDLE = re.compile(r"M(\d{2})(\d{7})(\d)")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−ーｰ－_・.]+")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_SYMBOLS = 12
_CODE_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_GF32_POLYNOMIAL = 0b100101  # x⁵ + x² + 1


def uuid7() -> UUID:
    """Return a new time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 64) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


def receipt_number(fiscal_year: int, serial: int) -> str:
    """Write a receipt number: (2026, 12345) → 「R08-0012345-N」 with the 令和 year, a serial and a check digit.

    Raises InvalidInput when the year lies outside 令和1–99 or the serial outside 0–9,999,999.
    """
    era_year = fiscal_year - REIWA_OFFSET
    if not 1 <= era_year <= 99 or not 0 <= serial <= 9_999_999:
        raise InvalidInput(
            "受付番号の年度または連番が範囲外です。",
            code="receipt_number.range",
            fiscal_year=fiscal_year,
            serial=serial,
        )
    digits = f"{era_year:02d}{serial:07d}"
    return f"R{digits[:2]}-{digits[2:]}-{_damm(digits)}"


def bundle_number(fiscal_year: int, serial: int) -> str:
    """Write the number of applications handed in together: (2026, 123) → 「M08-0000123-N」, else like a receipt number."""
    return "M" + receipt_number(fiscal_year, serial)[1:]


def parse_bundle_number(text: str) -> str | None:
    """Read a bundle number as people type it; None when it is none, or mistyped."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = _BUNDLE.fullmatch(plain) if plain.isascii() else None
    if match is None or _damm(match[1] + match[2]) != int(match[3]):
        return None
    return f"M{match[1]}-{match[2]}-{match[3]}"


def parse_receipt_number(text: str) -> str:
    """Read a receipt number as people type it (full width, spaces, no hyphens) and return its normal form.

    Raises InvalidInput with code `receipt_number.form` or `receipt_number.check`.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = _RECEIPT.fullmatch(plain) if plain.isascii() else None
    if match is None:
        raise InvalidInput(
            "受付番号の形が正しくありません。",
            code="receipt_number.form",
            mend="「R08-0012345-7」のように、Rと10けたの数字を入力してください。",
        )
    year, serial, check = match.groups()
    if _damm(year + serial) != int(check):
        raise InvalidInput(
            "受付番号に打ち間違いがあります。",
            code="receipt_number.check",
            mend="受付控えの番号と一字ずつ見くらべて、もう一度入力してください。",
        )
    return f"R{year}-{serial}-{check}"


def receipt_check_digit(digits: str) -> int:
    """Return the check digit (Damm) of a string of decimal digits."""
    return _damm(digits)


def short_code(seed: bytes) -> str:
    """Write the first 55 bits of `seed` (at least 7 bytes) as 「K7QM-3XTP-9W2H」; the last symbol is a check symbol."""
    if len(seed) < 7:
        raise InvalidInput("再開コードのもとが短すぎます。", code="short_code.seed")
    number = int.from_bytes(seed[:7], "big") >> 1
    values = [(number >> (5 * place)) & 31 for place in reversed(range(_CODE_SYMBOLS - 1))]
    return _grouped("".join(_CROCKFORD[value] for value in [*values, _code_check(values)]))


def new_short_code() -> str:
    """Return a new random short code (55 random bits and a check symbol)."""
    return short_code(os.urandom(7))


def parse_short_code(text: str) -> str:
    """Read a short code as people type it (lower case, full width, O for 0, I or L for 1) and return its normal form.

    Raises InvalidInput with code `short_code.form` or `short_code.check`.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_CODE_LOOKALIKES)
    if len(plain) != _CODE_SYMBOLS or any(symbol not in _CROCKFORD for symbol in plain):
        raise InvalidInput(
            "再開コードの形が正しくありません。",
            code="short_code.form",
            mend="「K7QM-3XTP-9W2H」のように、英数字12文字を入力してください。",
        )
    values = [_CROCKFORD.index(symbol) for symbol in plain]
    if _code_check(values[:-1]) != values[-1]:
        raise InvalidInput(
            "再開コードに打ち間違いがあります。",
            code="short_code.check",
            mend="控えのコードと一字ずつ見くらべて、もう一度入力してください。",
        )
    return _grouped(plain)


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def _code_check(values: list[int]) -> int:
    """Return Σ xᵏ⁺¹·valueₖ over GF(32): distinct non-zero weights catch any one error and any swap of two symbols.

    The check symbol itself has weight 1 (x⁰), distinct from all others because x generates the 31 non-zero elements.
    """
    total = 0
    weight = 1
    for value in values:
        weight = _times(weight, 2)
        total ^= _times(weight, value)
    return total


def _times(left: int, right: int) -> int:
    """Multiply in GF(32) modulo x⁵ + x² + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= _GF32_POLYNOMIAL
        right >>= 1
    return product


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + 4] for start in range(0, len(symbols), 4))
