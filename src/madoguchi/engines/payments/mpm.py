"""The merchant-presented QR code of EMVCo, as JPQR uses it: build and read the text of the code. Pure: no Django, no clock, no I/O.

A text is a row of data objects, each an id (2 digits), a length (2 digits) and a value; ids 26–51, 62 and 64 hold such rows
themselves. Object 63 ends it: CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) over all before and its own ``6304``.
Source: EMVCo, QR Code Specification for Payment Systems, Merchant-Presented Mode. JPQR's own additions are unverified and data.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from madoguchi.kernel.errors import InvalidInput

Objects = tuple[tuple[str, str], ...]
"""Data objects in order: id and value."""

FORMAT, METHOD, MCC, CURRENCY, AMOUNT, COUNTRY, NAME, CITY, POSTAL, MORE, CRC = (
    "00", "01", "52", "53", "54", "58", "59", "60", "61", "62", "63",
)  # fmt: skip
BILL: Final = "01"
"""The bill number within object 62."""
STATIC, DYNAMIC = "11", "12"
YEN: Final = "392"
TEMPLATES: Final = frozenset(str(number) for number in range(26, 52))
LONGEST: Final = 99
LONGEST_NAME, LONGEST_CITY, LONGEST_BILL = 25, 15, 25


@dataclass(frozen=True, slots=True)
class MerchantCode:
    """What a code says. ``amount_yen`` None is a static code: the payer types the amount."""

    templates: tuple[tuple[str, Objects], ...]
    mcc: str
    name: str
    city: str
    postal: str = ""
    amount_yen: int | None = None
    bill: str = ""


def crc16(data: bytes) -> int:
    """Return CRC-16/CCITT-FALSE; of ``123456789`` it is 0x29B1."""
    return binascii.crc_hqx(data, 0xFFFF)


def join_objects(objects: Iterable[tuple[str, str]]) -> str:
    """Return data objects as text. Raises InvalidInput for a value that is empty, too long or not printable ASCII."""
    parts = []
    for number, value in objects:
        if not 0 < len(value) <= LONGEST or not _is_plain(value):
            raise InvalidInput(f"QRコードの項目{number}の値が使えません。", code="payments.qr_value")
        parts.append(f"{number}{len(value):02}{value}")
    return "".join(parts)


def split_objects(text: str) -> Objects:
    """Read data objects. Raises InvalidInput when ids or lengths do not fit or an id stands twice."""
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        head, value = text[place : place + 4], ""
        if len(head) == 4 and head.isascii() and head.isdigit():
            value = text[place + 4 : place + 4 + int(head[2:])]
        if not value or len(value) != int(head[2:]) or head[:2] in found:
            raise InvalidInput("QRコードの形が正しくありません。", code="payments.qr_shape")
        found[head[:2]] = value
        place += 4 + len(value)
    return tuple(found.items())


def write_code(code: MerchantCode) -> str:
    """Return the text of a code. Raises InvalidInput for an amount below 1 yen or a value that does not fit."""
    if code.amount_yen is not None and code.amount_yen < 1:
        raise InvalidInput("QRコードの金額は1円からです。", code="payments.qr_yen")
    if len(code.name) > LONGEST_NAME or len(code.city) > LONGEST_CITY or len(code.bill) > LONGEST_BILL:
        raise InvalidInput("QRコードの店名・市区町村・請求番号が長すぎます。", code="payments.qr_long")
    objects = [(FORMAT, "01"), (METHOD, STATIC if code.amount_yen is None else DYNAMIC)]
    objects += [(number, join_objects(inside)) for number, inside in code.templates]
    objects += [(MCC, code.mcc), (CURRENCY, YEN)]
    objects += [] if code.amount_yen is None else [(AMOUNT, str(code.amount_yen))]
    objects += [(COUNTRY, "JP"), (NAME, code.name), (CITY, code.city)]
    objects += [(POSTAL, code.postal)] if code.postal else []
    objects += [(MORE, join_objects([(BILL, code.bill)]))] if code.bill else []
    body = f"{join_objects(objects)}{CRC}04"
    return f"{body}{crc16(body.encode()):04X}"


def read_code(text: str) -> MerchantCode:
    """Read the text of a code. Raises InvalidInput when the CRC, the shape, the currency or the country is not right."""
    if not _is_plain(text) or text[-8:-4] != f"{CRC}04" or text[-4:] != f"{crc16(text[:-4].encode()):04X}":
        raise InvalidInput("QRコードの検査符号が合いません。", code="payments.qr_crc")
    objects = dict(split_objects(text[:-8]))
    try:
        amount = objects.get(AMOUNT)
        if (objects[FORMAT], objects[CURRENCY], objects[COUNTRY]) != ("01", YEN, "JP"):
            raise InvalidInput("日本円のQRコードではありません。", code="payments.qr_currency")
        return MerchantCode(
            tuple((number, split_objects(value)) for number, value in objects.items() if number in TEMPLATES),
            objects[MCC], objects[NAME], objects[CITY], objects.get(POSTAL, ""),
            None if amount is None else int(amount), dict(split_objects(objects.get(MORE, ""))).get(BILL, ""),
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise InvalidInput("QRコードに必要な項目がありません。", code="payments.qr_shape") from error


def in_template(fields: Sequence[tuple[str, str]]) -> Objects:
    """Return the objects of a merchant account template in the order of their ids."""
    return tuple(sorted(fields))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
