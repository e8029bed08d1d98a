"""The very cases behind the desk's figures, a page at a time.

Owns the reading of keys. The rows name no person: number, procedure, section, days. A page costs two SQL statements
(the count and the rows) however long the list is; the cursor is the id of the last row.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from madoguchi.engines.casework.api import Case
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.indicators import Filters, Row, Rows
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS, departments

from . import figures
from .figures import AGE_BANDS, DAY_BANDS

PAGE = 100
HEADS = ("受付番号", "手続", "担当課", "受付方法", "収受日", "約束日", "決定日", "開庁日数")


def channel_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the cases behind ``month:channel``. Raises NotFound for another key."""
    month, channel = _parts(key)
    rows = _in_month(figures.received(as_of, filters), "received_at", month)
    if channel:
        rows = rows.filter(channel=channel)
    return _page(rows, as_of, after, f"受け付けた申請 {CHANNEL_LABELS.get(channel, channel)}")


def day_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the cases behind a band of office days. Raises NotFound for another key."""
    rows = figures.with_office_days(figures.decided(as_of, filters), as_of).filter(days__isnull=False)
    if key != "-":
        low, high = _band(key, DAY_BANDS)
        rows = rows.filter(days__gte=low) if low else rows
        rows = rows if high is None else rows.filter(days__lte=high)
    return _page(rows, as_of, after, "決定した案件")


def promise_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the cases behind ``month:set``, or the overdue ones. Raises NotFound for another key."""
    month, name = _parts(key)
    if name == "overdue":
        return _page(figures.overdue_at(as_of, filters), as_of, after, "約束日を過ぎて処理中の案件")
    rows = _in_month(figures.with_decided_on(figures.decided(as_of, filters)), "decided_at", month)
    return _page(rows.filter(_kept(name)), as_of, after, "決定した案件")


def section_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the cases behind ``section:set``. Raises NotFound for another key."""
    section, name = _parts(key)
    rows = figures.with_decided_on(figures.decided(as_of, filters)).filter(_kept(name), section=section)
    return _page(rows, as_of, after, "決定した案件")


def open_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the cases behind ``section:from-to``. Raises NotFound for another key."""
    section, band = _parts(key)
    rows = figures.open_at(as_of, filters)
    if section:
        rows = rows.filter(section=section)
    if band != "-":
        rows = figures.of_age(rows, as_of, _band(band, AGE_BANDS))
    return _page(rows, as_of, after, "処理中の案件")


def _unknown() -> NotFound:
    return NotFound("この数の内訳は見つかりません。", code="desk.rows", mend="指標の画面から開き直してください。")


def _parts(key: str) -> tuple[str, str]:
    first, colon, second = key.partition(":")
    if not colon:
        raise _unknown()
    return first, second


def _band(key: str, bands: tuple[tuple[int, int | None], ...]) -> tuple[int, int | None]:
    for low, high in bands:
        if key == f"{low}-{'' if high is None else high}":
            return low, high
    raise _unknown()


def _in_month(rows: QuerySet[Case], column: str, month: str) -> QuerySet[Case]:
    if not month:
        return rows
    try:
        return figures.of_month(rows, column, date.fromisoformat(f"{month}-01"))
    except ValueError:
        raise _unknown() from None


def _kept(name: str) -> Q:
    """Return the condition of a set of decisions."""
    sets = {
        "decided": Q(),
        "kept": figures.on_time(),
        "missed": figures.late(),
        "unset": Q(promised_on=None),
        "promised": Q(promised_on__isnull=False),
    }
    if name not in sets:
        raise _unknown()
    return sets[name]


def _page(rows: QuerySet[Any], as_of: date, after: str, title: str) -> Rows:
    total = rows.count()
    shown = figures.with_decided_on(figures.with_office_days(rows, as_of)).order_by("-id")
    if after.isascii() and after.isdigit():
        shown = shown.filter(id__lt=int(after))
    found = list(shown[: PAGE + 1])
    names = {key: item.name for key, item in departments().items()}
    return Rows(
        title=title.strip(),
        heads=HEADS,
        rows=tuple(_row(case, names) for case in found[:PAGE]),
        total=total,
        cursor=str(found[PAGE - 1].pk) if len(found) > PAGE else "",
        permission="desk.view",
    )


def _row(case: Any, names: dict[str, str]) -> Row:
    done = bool(case.outcome)
    return Row(
        (
            case.number,
            case.procedure_title,
            names.get(case.section, case.section),
            CHANNEL_LABELS.get(case.channel, case.channel),
            case.received_on,
            case.promised_on,
            case.decided_on if done else None,
            case.days if done else None,
        ),
        url=reverse("desk:case", args=[case.number]),
        section=case.section,
        sample=case.is_sample,
    )
