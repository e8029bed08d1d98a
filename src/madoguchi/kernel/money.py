"""Amounts of money as a person reads them.

Owns the printing of yen. Amounts are integers named `*_yen` everywhere; no floating point.
"""

from __future__ import annotations

_UNITS = {"en": " yen", "zh": "日元", "ko": "엔"}


def yen(amount_yen: int, lang: str = "ja") -> str:
    """Print an amount in yen: 1234 → 「1,234円」, -500 → 「-500円」; in English "1,234 yen", 日元, 엔."""
    return f"{amount_yen:,}{_UNITS.get(lang, '円')}"
