"""Reading settlement files (精算データ) of providers. Pure: bytes in, good and bad rows out.

A layout is data: which column holds what, what the words for collected and given back are. Files come as UTF-8 or cp932.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from madoguchi.kernel.calendar import parse_date_ja
from madoguchi.kernel.csv_files import decoded
from madoguchi.kernel.errors import DomainError, InvalidInput

from .base import BadRow, Settled

Part = Literal["ref", "refund_ref", "kind", "gross", "fee", "on", "currency"]
MAX_ROWS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Column names by part, and the words that mean a payment, a refund or a refund that came back in ``kind``.

    ``fee``, ``currency`` and ``refund_ref`` (a refund's number where it stands in a column of its own) may be missing.
    Rows with one of ``ignored_words`` move no money of a payment (transfers to the ward, failed attempts).
    """

    columns: Mapping[Part, str]
    payment_words: frozenset[str]
    refund_words: frozenset[str]
    returned_words: frozenset[str] = frozenset()
    ignored_words: frozenset[str] = frozenset()


def read_csv(data: bytes, layout: Layout) -> tuple[list[Settled], list[BadRow]]:
    """Return good and bad rows; rows are numbered as a spreadsheet does (the head is row 1).

    Raises InvalidInput when the file is no such table at all (head missing, neither UTF-8 nor cp932).
    """
    text = decoded(data)
    if text is None:
        raise InvalidInput(
            "文字コードを読み取れません。",
            code="payments.file_encoding",
            mend="UTF-8 か Shift_JIS の CSV にしてください。",
        )
    lines = _cells(text)
    if not lines:
        raise InvalidInput("ファイルが空です。", code="payments.file_empty", mend="精算データを選び直してください。")
    head = [cell.strip() for cell in lines[0] or []]
    missing = [name for name in layout.columns.values() if name not in head]
    if missing:
        raise InvalidInput(
            f"1行目に列「{'」「'.join(missing)}」がありません。",
            code="payments.file_head",
            mend="決済事業者からダウンロードしたままのファイルを選んでください。",
        )
    place = {part: head.index(name) for part, name in layout.columns.items()}
    good: list[Settled] = []
    bad: list[BadRow] = []
    for number, cells in enumerate(lines[1 : MAX_ROWS + 1], start=2):
        if cells is None:
            bad.append(BadRow(number, "", "一つの欄が長すぎて読み取れません。引用符が閉じているか確かめてください。"))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        text = ",".join(cells)
        try:
            if row := _row(number, cells, place, layout, text):
                good.append(row)
        except InvalidInput as error:
            bad.append(BadRow(number, text[:2000], str(error)))
    return good, bad


def _cells(text: str) -> list[list[str] | None]:
    """Return the cells of each row; None for a row with a cell longer than ``csv.field_size_limit()`` characters."""
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[list[str] | None] = []
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error:
            rows.append(None)


def _row(number: int, cells: list[str], place: Mapping[Part, int], layout: Layout, text: str) -> Settled | None:
    if len(cells) <= max(place.values()):
        raise InvalidInput("列の数が足りません。", code="payments.row_short")
    cell = {part: cells[index].strip() for part, index in place.items()}
    if cell["kind"] in layout.ignored_words:
        return None
    kinds: tuple[tuple[Literal["payment", "refund", "returned"], frozenset[str]], ...] = (
        ("payment", layout.payment_words),
        ("refund", layout.refund_words),
        ("returned", layout.returned_words),
    )
    kind = next((name for name, words in kinds if cell["kind"] in words), None)
    if kind is None:
        raise InvalidInput(f"区分「{cell['kind']}」は分かりません。", code="payments.row_kind")
    ref = cell["ref"] if kind == "payment" else cell.get("refund_ref", cell["ref"])
    if not ref:
        raise InvalidInput("取引番号がありません。", code="payments.row_ref")
    if cell.get("currency", "jpy").lower() != "jpy":
        raise InvalidInput(f"通貨「{cell['currency']}」は円ではありません。", code="payments.row_currency")
    return Settled(
        number,
        kind,
        ref[:120],
        _yen(cell["gross"], "金額"),
        _yen(cell.get("fee", "0"), "手数料"),
        _day(cell["on"]),
        text,
        cell["kind"],
    )


def _yen(text: str, what: str) -> int:
    plain = re.sub(r"[,，円¥￥\s]", "", text)
    found = re.fullmatch(r"-?([0-9]{1,15})(?:\.0+)?", plain)
    if found is None:
        raise InvalidInput(f"{what}「{text}」は円の整数ではありません。", code="payments.row_yen")
    return int(found[1])


def _day(text: str) -> date:
    """Return the day of a date, which a time of day may follow."""
    try:
        return parse_date_ja(re.split(r"[T ]", text.strip(), maxsplit=1)[0])
    except DomainError as error:
        raise InvalidInput(f"日付「{text}」を読み取れません。", code="payments.row_day") from error
