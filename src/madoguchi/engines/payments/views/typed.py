"""What staff type on the pages about money, read."""

from __future__ import annotations

import datetime as dt
import re

from madoguchi.kernel.calendar import parse_date_ja
from madoguchi.kernel.errors import DomainError, InvalidInput


def yen_typed(text: str, what: str) -> int:
    """Return an amount in yen. Raises InvalidInput, which names *what* it is."""
    plain = re.sub(r"[,，円¥￥\s]", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        raise InvalidInput(f"{what}を、円の整数で入力してください。", code="payments.yen", mend="例：300")
    return int(plain)


def day_or_none(text: str) -> dt.date | None:
    """Return a day of an address, None when it is none."""
    try:
        return parse_date_ja(text) if text else None
    except DomainError:
        return None


def day_typed(text: str, what: str) -> dt.date:
    """Return a day. Raises InvalidInput, which names *what* it is."""
    found = day_or_none(text.strip())
    if found is None:
        raise InvalidInput(f"{what}を入力してください。", code="payments.day", mend="例：2026-12-10、令和8年12月10日")
    return found
