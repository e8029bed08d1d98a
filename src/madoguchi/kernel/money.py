"""Amounts of money as a person reads them.

Owns the printing of yen. Amounts are integers named `*_yen` everywhere; no floating point.
"""

from __future__ import annotations


def yen(amount_yen: int) -> str:
    """Print an amount in yen: 1234 → 「1,234円」, -500 → 「-500円」."""
    return f"{amount_yen:,}円"
