"""CSV files as offices exchange them: read as UTF-8 or cp932, written so that no spreadsheet runs a cell as a formula.

Owns encodings and the guard against formulas (OWASP, CSV Injection). Knows no heading and judges no value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpResponse

BOM: Final = "\ufeff"
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ENCODINGS: Final = ("utf-8-sig", "cp932")


def guarded(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: texts that begin like one get an apostrophe."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    return cell


def to_csv(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """Return a CSV text with a byte order mark and CRLF (RFC 4180), every cell guarded."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([guarded(cell) for cell in head])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return BOM + buffer.getvalue()


def csv_response(name: str, text: str) -> HttpResponse:
    """Return a CSV text as a file to be kept by whoever asked, and by nobody on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 (with or without byte order mark) or cp932; None when it is in neither."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
