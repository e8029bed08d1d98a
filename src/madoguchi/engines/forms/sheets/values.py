"""One answer as it stands on paper: words, ticked choices, a date in parts, digits in boxes.

Owns how each type looks; names and addresses are printed exactly as typed. Knows no layout. A piece is plain data:
``{"kind": "text" | "choices" | "date" | "digits", …}``; the template draws each kind, empty ones too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.forms import sealing
from madoguchi.engines.forms.compiler import CompiledField
from madoguchi.engines.forms.evaluation import Evaluation
from madoguchi.engines.forms.messages import message
from madoguchi.engines.forms.pages import answer_parts
from madoguchi.engines.forms.types.base import is_raw
from madoguchi.engines.forms.types.choices import options_of
from madoguchi.engines.forms.types.composite import postal_digits
from madoguchi.kernel.calendar import wareki_parts

Piece = dict[str, Any]
MY_NUMBER_DIGITS = 12
ACCOUNT_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the paper: may a 個人番号 be opened, may a bank account stand there in full."""

    my_number: bool = False
    account: bool = False


def piece_of(
    item: CompiledField, value: Any, reader: Reader, *, all_options: bool = True, number: bool = False
) -> Piece:
    """Return how an answer looks; *value* None gives the blank."""
    kind = item.fd.type
    if is_raw(value):
        return _text(item, value)
    if kind in {"choice", "choices", "relationship"} and all_options:
        chosen = value if isinstance(value, list) else [value]
        return _choices([(option.label.get("ja"), option.value in chosen) for option in options_of(item.fd)])
    if kind == "yes_no":
        return _choices([(message("yes", "ja"), value is True), (message("no", "ja"), value is False)])
    if kind == "consent":  # the paper shows what is agreed to, ticked or not
        return _choices([(item.fd.label.get("ja"), value is True)])
    if kind in {"date", "year_month"}:
        return _date(value, with_day=kind == "date")
    if kind == "my_number":
        return _my_number(value, number and reader.my_number)
    if kind == "bank_account":
        return _account(value, reader)
    if kind == "person_name" and isinstance(value, Mapping):
        return _name(value)
    if kind == "address":
        return _address(value)
    return _text(item, value)


def plain_lines(item: CompiledField, value: Any, reader: Reader) -> list[str]:
    """Return an answer as lines of words, for the continuation sheet and for rows of a table; [] when empty."""
    if item.kind.empty(value):
        return []
    if item.fd.type == "consent":
        return [message("consented", "ja")]
    piece = piece_of(item, value, reader, all_options=False)
    if piece["kind"] == "text":
        return [line for line in (piece.get("over", ""), *piece["lines"]) if line]
    if piece["kind"] == "choices":
        return [label for label, on in piece["options"] if on]
    if piece["kind"] == "date":
        return [_date_words(piece)]
    if piece["kind"] == "account":
        return [f"{piece['bank']}　{piece['branch']}　{piece['type']}　{''.join(piece['digits'])}", piece["holder"]]
    return ["".join(piece["digits"])]


def _date_words(piece: Piece) -> str:
    if not piece["era"]:
        return ""
    day = f"{piece['d']}日" if piece["with_day"] else ""
    return f"{piece['era']}{piece['y']}年{piece['m']}月{day}"


def _text(item: CompiledField, value: Any) -> Piece:
    lines = [part.text for part in answer_parts(item, value, "ja")]
    unit = item.fd.unit.get("ja") if item.fd.unit and not lines and item.fd.type != "computed" else ""
    return {"kind": "text", "lines": lines, "unit": unit}


def _choices(options: list[tuple[str, bool]]) -> Piece:
    return {"kind": "choices", "options": [[label, on] for label, on in options]}


def _name(value: Mapping[str, str]) -> Piece:
    kana = f"{value.get('family_kana', '')} {value.get('given_kana', '')}".strip()
    name = f"{value.get('family', '')}　{value.get('given', '')}".strip("　")
    return {"kind": "text", "over": kana, "lines": [name] if name else []}


def _address(value: Any) -> Piece:
    if not isinstance(value, Mapping):
        return {"kind": "text", "lines": [], "over": "〒"}
    code = postal_digits(value.get("postal_code", ""))
    place = "".join(value.get(part, "") for part in ("prefecture", "city", "town", "block"))
    building = f" {value['building']}" if value.get("building") else ""
    return {"kind": "text", "over": f"〒{code[:3]}-{code[3:]}" if code else "〒", "lines": [f"{place}{building}"]}


def _date(value: Any, *, with_day: bool) -> Piece:
    blank = {"kind": "date", "era": "", "y": "", "m": "", "d": "", "with_day": with_day}
    whole = value if with_day else f"{value}-01"
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", whole):
        return blank
    try:
        era, year, month, day = wareki_parts(dt.date.fromisoformat(whole))
    except ValueError:
        return blank
    return {
        **blank,
        "era": era,
        "y": "元" if year == 1 else str(year),
        "m": str(month),
        "d": str(day) if with_day else "",
    }


def _my_number(value: Any, opened: bool) -> Piece:
    """Return twelve boxes: the digits for who may read them, otherwise marks that say the number is kept sealed."""
    if value is None:
        return {"kind": "digits", "digits": [""] * MY_NUMBER_DIGITS}
    if not opened:
        return {"kind": "digits", "digits": ["●"] * MY_NUMBER_DIGITS}
    digits = sealing.unseal(value["sealed"]) if isinstance(value, Mapping) else str(value)
    return {"kind": "digits", "digits": list(digits)}


def _account(value: Any, reader: Reader) -> Piece:
    if not isinstance(value, Mapping):
        return {"kind": "account", "bank": "", "branch": "", "type": "", "digits": [""] * ACCOUNT_DIGITS, "holder": ""}
    number = value.get("number", "")
    shown = number if reader.account else "●" * max(len(number) - 3, 0) + number[-3:]
    codes = [f"（{value[key]}）" if value.get(key) else "" for key in ("bank_code", "branch_code")]
    return {
        "kind": "account",
        "bank": value.get("bank_name", "") + codes[0],
        "branch": value.get("branch_name", "") + codes[1],
        "type": message(f"account.{value['kind']}", "ja") if value.get("kind") else "",
        "digits": list(shown),
        "holder": value.get("holder_kana", ""),
    }


def answer_words(evaluation: Evaluation) -> dict[str, str]:
    """Return the visible answers as words by question, for a letter: account numbers shortened, 個人番号 never."""
    found = {}
    for item in evaluation.form.fields.values():
        value = evaluation.scope.get(item.id)
        readable = item.id in evaluation.visible and item.fd.type not in {"my_number", "file", "note"}
        if readable and value is not None and not item.repeats:
            found[item.id] = " ".join(plain_lines(item, value, Reader()))
    return found
