"""Lists of staff as CSV files: reading what offices really send, writing what a spreadsheet cannot run. No Django.

Reads UTF-8 with or without byte order mark and cp932 (Excel's "CSV"). Owns the headings; may not judge the values.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from madoguchi.kernel.csv_files import FORMULA_SIGNS, decoded, to_csv
from madoguchi.kernel.errors import InvalidInput

from .rules import COLUMNS

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_CELL = 300
HEADINGS = COLUMNS | {"department": "所属ID", "role": "役割ID"}
"""The headings of the template, by field."""
OPTIONAL = frozenset({"email", "valid_to"})
_ALIASES = {
    "mail": "email",
    "section": "department",
    "section_id": "department",
    "department_id": "department",
    "role_id": "role",
    "所属": "department",
    "役割": "role",
    "名前": "name",
    "メール": "email",
}
_BY_HEADING = {heading: key for key, heading in HEADINGS.items()} | {key: key for key in COLUMNS} | _ALIASES
_NOTES = ("行番号", "誤り", "直し方")
"""Columns of our own file of wrong rows; passed over in silence when it comes back mended."""
_GUARDED = (*FORMULA_SIGNS, "'")
"""What gets an apostrophe: formulas, and what begins with an apostrophe already, so that it can be taken off again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number as a spreadsheet shows it, and the typed cells by field."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffFile:
    """What a file holds: its rows, and the headings that mean nothing here."""

    rows: list[Row]
    ignored: list[str] = field(default_factory=list)


def read_staff_file(content: bytes) -> StaffFile:
    """Read a file. Raises InvalidInput when it is no CSV in a known encoding, too large, or lacks a column."""
    if len(content) > MAX_BYTES:
        raise _refusal("ファイルが大きすぎます。", f"{MAX_BYTES // 1_000_000}MB以下に分けてください。")
    lines = list(enumerate(_cells(_decoded(content)), 1))
    filled = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    if not filled:
        raise _refusal("ファイルに何も書かれていません。", "ひな形の1行目の見出しの下に、職員を1行ずつ書いてください。")
    fields, ignored = _fields(filled[0][1])
    rows = [Row(number, _values(cells, fields)) for number, cells in filled[1:]]
    if not rows:
        raise _refusal("職員が1人も書かれていません。", "見出しの下に、職員を1行ずつ書いてください。")
    if len(rows) > MAX_ROWS:
        raise _refusal("行が多すぎます。", f"{MAX_ROWS:,}行以下に分けてください。")
    return StaffFile(rows, ignored)


def template_file() -> str:
    """Return the empty list to fill in: the headings alone."""
    return to_csv(list(HEADINGS.values()), [])


def wrong_rows_file(rows: Iterable[tuple[Row, str, str]]) -> str:
    """Return rows as they were typed with what is wrong and how to mend it; the file can be mended and read again."""
    head = [_NOTES[0], *HEADINGS.values(), *_NOTES[1:]]
    lines = ([str(row.number), *(row.values.get(key, "") for key in HEADINGS), what, mend] for row, what, mend in rows)
    return to_csv(head, ([guarded(cell) for cell in line] for line in lines))


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, such that ``unguarded`` gives it back."""
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def unguarded(cell: str) -> str:
    """Return what a guarded cell was before."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def _decoded(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise _refusal("Excelのブックは読み込めません。", "「CSV UTF-8（コンマ区切り）」で保存し直してください。")
    text = decoded(content)
    if text is not None and "\0" not in text:
        return text
    raise _refusal("文字コードがわかりません。", "「CSV UTF-8（コンマ区切り）」で保存し直してください。")


def _cells(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise _refusal("CSVとして読めません。", "表計算ソフトで開き、CSVで保存し直してください。") from error


def _fields(heads: Sequence[str]) -> tuple[list[str | None], list[str]]:
    """Return the field of each column, and the headings that mean nothing here."""
    plain = [unicodedata.normalize("NFKC", head).strip() for head in heads]
    fields = [_BY_HEADING.get(head) or _BY_HEADING.get(head.lower().replace(" ", "_")) for head in plain]
    known = [key for key in fields if key]
    twice = sorted({HEADINGS[key] for key in known if known.count(key) > 1})
    missing = [heading for key, heading in HEADINGS.items() if key not in known and key not in OPTIONAL]
    if twice:
        raise _refusal(f"同じ見出しが二つあります：{'、'.join(twice)}。", "一つにしてください。")
    if missing:
        what = f"1行目に、この見出しがありません：{'、'.join(missing)}。"
        raise _refusal(what, "ひな形の見出しを1行目に置いてください。")
    ignored = [head[:60] for head, key in zip(plain, fields, strict=True) if head and not key and head not in _NOTES]
    return fields, ignored


def _values(cells: Sequence[str], fields: Sequence[str | None]) -> dict[str, str]:
    """Return the cells by field; filled cells without a heading are kept under ``extra``."""
    values = {key: unguarded(cell.strip())[:MAX_CELL] for key, cell in zip(fields, cells, strict=False) if key}
    extra = "、".join(cell.strip() for cell in cells[len(fields) :] if cell.strip())
    return values | ({"extra": extra[:MAX_CELL]} if extra else {})


def _refusal(message: str, mend: str) -> InvalidInput:
    return InvalidInput(message, code="identity.staff_file", mend=mend)
