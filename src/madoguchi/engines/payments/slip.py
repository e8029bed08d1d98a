"""The 44 digits of a convenience-store slip (コンビニ払込票) and their GS1-128 symbol. Pure: no Django, no clock, no I/O.

GS1-128 of Japan's 収納代行: AI 91, company code (6), free use (21), reissue (1), due day YYMMDD (6, 999999 = none),
stamp flag (1), yen (6), check digit (1). Source: 流通システム開発センター「GS1-128による標準料金代理収納ガイドライン」; the
check digit is GS1's, weights 3, 1, 3 … from the right (GS1 General Specifications, 7.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import barcode

from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.text import normalise_width

IDENTIFIER: Final = "91"
NO_DUE_DAY: Final = "999999"
MOST_YEN: Final = 999_999
QUIET_ZONE: Final = 10
"""Modules left white on both sides."""


@dataclass(frozen=True, slots=True)
class SlipCode:
    """What the 44 digits say. ``number`` has 21 digits and names the payment; yen are integers."""

    company_code: str
    number: str
    due_on: date | None
    amount_yen: int
    stamp: bool = False
    reissue: int = 0


def check_digit(digits: str) -> int:
    """Return the GS1 check digit of a row of digits."""
    return -sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits))) % 10


def write_code(slip: SlipCode) -> str:
    """Return the 44 digits. Raises InvalidInput for an amount that does not fit."""
    if not 0 < slip.amount_yen <= MOST_YEN:
        raise InvalidInput("払込票の金額は1円から999,999円までです。", code="payments.slip_yen")
    due = f"{slip.due_on:%y%m%d}" if slip.due_on else NO_DUE_DAY
    body = (
        f"{IDENTIFIER}{slip.company_code:0>6}{slip.number:0>21}{slip.reissue}{due}{int(slip.stamp)}{slip.amount_yen:06}"
    )
    return f"{body}{check_digit(body)}"


def read_code(text: str) -> SlipCode:
    """Read the 44 digits, spaces, brackets and hyphens allowed. Raises InvalidInput when they are none or one is wrong."""
    digits = re.sub(r"[\s()-]", "", normalise_width(text))
    if not re.fullmatch(rf"{IDENTIFIER}[0-9]{{42}}", digits):
        raise InvalidInput("払込票の番号は、91で始まる44桁の数字です。", code="payments.slip_code")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise InvalidInput("払込票の番号の検査数字が合いません。", code="payments.slip_digit")
    due = digits[30:36]
    try:
        due_on = None if due == NO_DUE_DAY else datetime.strptime(due, "%y%m%d").date()  # noqa: DTZ007 - a day, no moment
    except ValueError as error:
        raise InvalidInput(f"払込票の支払期限「{due}」は日付ではありません。", code="payments.slip_day") from error
    return SlipCode(digits[2:8], digits[8:29], due_on, int(digits[37:43]), digits[36] == "1", int(digits[29]))


def in_print(code: str) -> str:
    """Return the digits as they stand under the bars: ``(91)912345-…``, the second row after the free use."""
    return f"({code[:2]}){code[2:8]}-{code[8:29]}\n{code[29]}-{code[30:36]}-{code[36]}-{code[37:43]}-{code[43]}"


def barcode_svg(code: str) -> str:
    """Return the GS1-128 symbol as an SVG document, one unit per module, quiet zones included."""
    modules: str = barcode.get_barcode_class("gs1_128")(code).build()[0]
    bars = "".join(
        f'<rect x="{match.start() + QUIET_ZONE}" y="0" width="{len(match[0])}" height="60"/>'
        for match in re.finditer("1+", modules)
    )
    width = len(modules) + 2 * QUIET_ZONE
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 60" width="{width}" height="60">{bars}</svg>'
