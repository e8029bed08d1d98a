"""The face of the indicators room: every registered indicator computed as of a day.

Promises: ``compute`` is deterministic for the same records and returns plain data (strings, numbers, None); it reads
only. The public may see indicators of scope ``public``; the caller checks ``indicators.view`` for the others.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from madoguchi.kernel.indicators import Answer, Filters, Indicator, Line, Scope, indicators, named
from madoguchi.rooms.indicators.scope import Asked, filters_of
from madoguchi.rooms.indicators.selectors import rows_url

__all__ = ["compute"]


def compute(
    as_of: date, *, department: str = "", fiscal_year: int | None = None, scope: Scope | None = None
) -> list[dict[str, Any]]:
    """Return every indicator (of one scope, or all) as plain data in Japanese, in order.

    Each: ``id, title, description, unit, scope, as_of, sample, headlines, heads, columns, lines, total, notes``; a value
    stands with ``rows``, the address of the rows it was counted from ('' when it has none).
    """
    filters = filters_of(department, fiscal_year)
    chosen = [item for item in indicators.all() if scope is None or item.scope == scope]
    return [_plain(item, as_of, filters) for item in sorted(chosen, key=lambda item: item.order)]


def _plain(item: Indicator, as_of: date, filters: Filters) -> dict[str, Any]:
    answer = item.query(as_of, filters)
    asked = Asked(as_of, filters, is_today=False)
    return {
        "id": item.id,
        "title": str(named(item.title)),
        "description": str(named(item.description)),
        "unit": item.unit,
        "scope": item.scope,
        "as_of": as_of.isoformat(),
        "sample": answer.sample,
        "headlines": [
            {
                "label": str(each.label),
                "value": each.figure.value,
                "unit": str(each.unit),
                "rows": rows_url(item, each.figure.key, asked),
            }
            for each in answer.headlines
        ],
        "heads": [str(head) for head in answer.heads],
        "columns": [{"id": each.id, "label": str(each.label), "unit": str(each.unit)} for each in answer.columns],
        "lines": [_line(item, answer, line, asked) for line in answer.lines],
        "total": _line(item, answer, answer.total, asked) if answer.total else None,
        "notes": [str(note) for note in answer.notes],
    }


def _line(item: Indicator, answer: Answer, line: Line, asked: Asked) -> dict[str, Any]:
    pairs = list(zip(answer.columns, line.figures, strict=True))
    return {
        "labels": [str(label) for label in line.labels],
        "values": {column.id: figure.value for column, figure in pairs},
        "rows": {column.id: rows_url(item, figure.key, asked) for column, figure in pairs if figure.key},
        "sample": line.sample,
    }
