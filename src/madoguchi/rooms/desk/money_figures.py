"""The share of payments without cash, by month and by section, and the very payments behind each number.

Owns what counts as cashless: cards and codes, JPQR and the national payment site; a slip paid at a store's till is not. Counts
payments that arrived, whatever was given back later. Two statements a page of rows, one a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse

from madoguchi.engines.payments.api import paid_between, title_of
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.indicators import (
    Answer,
    Column,
    Drawing,
    Figure,
    Filters,
    Headline,
    Indicator,
    Line,
    Row,
    Rows,
    register_indicators,
    share,
)
from madoguchi.rooms.catalogue.api import departments

from .figures import months, period

PAGE = 100
GROUPS: Final[dict[str, str]] = {
    "net": "カード・コード決済",
    "jpqr": "JPQR",
    "el": "eL番号",
    "konbini": "コンビニの払込票",
    "cash": "窓口の現金",
}
APART: Final = ("jpqr", "el", "konbini", "cash")
"""Providers that are a group of their own; all others are cards and codes on the net."""
WITH_CASH: Final = ("konbini", "cash")
HEADS: Final = ("受付番号", "件名", "担当課", "支払方法", "収納日", "金額（円）")
NOTE: Final = "収納した件数です。カード・コード決済・JPQR・eL番号をキャッシュレスとします。コンビニの払込票は、店で現金で払うため入れません。"
Counts = Mapping[str, tuple[int, int]]
"""Payments and samples among them, by group."""


def by_month(as_of: date, filters: Filters) -> Answer:
    """Answer how payments came in, month by month. Keys are ``month:group``, either may be empty."""
    counted = _counted(as_of, filters, month=TruncMonth("paid_at", tzinfo=TOKYO))
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for (month, group), numbers in counted.items():
        found[f"{month:%Y-%m}"][group] = numbers
    lines = [
        _line(f"{month.month}月", f"{month:%Y-%m}", found[f"{month:%Y-%m}"])
        for month in months(*period(as_of, filters))
    ]
    return _answer("月", lines, _summed(found))


def by_section(as_of: date, filters: Filters) -> Answer:
    """Answer how payments came in at each section. Keys are ``section:group``, either may be empty."""
    counted = _counted(as_of, filters, month=None)
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for (section, group), numbers in counted.items():
        found[section][group] = numbers
    names = {key: item.name for key, item in departments().items()}
    order = sorted(found, key=lambda key: -sum(number for number, _ in found[key].values()))
    return _answer("担当課", [_line(names.get(key, key), key, found[key]) for key in order], _summed(found))


def month_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the payments behind ``month:group``. Raises NotFound for another key."""
    month, group = _parts(key)
    begin, end = _bounds(as_of, filters)
    if month:
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError:
            raise _unknown() from None
        begin = max(begin, _start(first))
        end = min(end, _start((first + timedelta(days=32)).replace(day=1)))
    return _rows(begin, end, filters, Q(), group, after)


def section_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the payments behind ``section:group``. Raises NotFound for another key."""
    section, group = _parts(key)
    begin, end = _bounds(as_of, filters)
    return _rows(begin, end, filters, Q(charge__section=section) if section else Q(), group, after)


def register() -> None:
    """Register the two indicators."""
    shapes = (
        ("cashless_by_month", "支払方法別の収納件数とキャッシュレスの割合", "収納した月ごとに、どの方法で支払われたかを数えます。",
         by_month, month_rows),
        ("cashless_by_section", "課別のキャッシュレスの割合", "担当課ごとに、どの方法で支払われたかを数えます。", by_section, section_rows),
    )  # fmt: skip
    register_indicators(
        Indicator(
            id=name, title=title, unit="件", description=description, query=query, rows=rows, scope="staff", order=place
        )
        for place, (name, title, description, query, rows) in enumerate(shapes, start=31)
    )


def _counted(as_of: date, filters: Filters, *, month: Any) -> dict[tuple[Any, str], tuple[int, int]]:
    """Return payments and samples by month (or section) and group: one statement."""
    rows = paid_between(*_bounds(as_of, filters), sections=filters.sections)
    name = "charge__section"
    if month is not None:
        rows, name = rows.annotate(month=month), "month"
    samples = Count("id", filter=Q(charge__is_sample=True))
    found: dict[tuple[Any, str], tuple[int, int]] = {}
    for part, provider, number, sample in (
        rows.values_list(name, "provider").annotate(number=Count("id"), sample=samples).order_by()
    ):
        key = (part, provider if provider in APART else "net")
        before = found.get(key, (0, 0))
        found[key] = (before[0] + number, before[1] + sample)
    return found


def _summed(found: Mapping[str, Counts]) -> dict[str, tuple[int, int]]:
    whole: dict[str, tuple[int, int]] = {}
    for counts in found.values():
        for group, (number, sample) in counts.items():
            before = whole.get(group, (0, 0))
            whole[group] = (before[0] + number, before[1] + sample)
    return whole


def _line(label: str, key: str, counts: Counts) -> Line:
    numbers = {group: counts.get(group, (0, 0))[0] for group in GROUPS}
    whole = sum(numbers.values())
    cashless = whole - sum(numbers[group] for group in WITH_CASH)
    return Line(
        (label,),
        (
            *(Figure(number, f"{key}:{group}") for group, number in numbers.items()),
            Figure(whole, f"{key}:"),
            Figure(share(cashless, whole), f"{key}:cashless"),
        ),
        sample=any(sample for _, sample in counts.values()),
    )


def _answer(head: str, lines: list[Line], whole: Counts) -> Answer:
    total = _line("計", "", whole)
    return Answer(
        heads=(head,),
        columns=(
            *(Column(group, words, "件") for group, words in GROUPS.items()),
            Column("all", "計", "件"),
            Column("share", "キャッシュレスの割合", "%"),
        ),
        lines=tuple(lines),
        total=total,
        headlines=(
            Headline("収納した件数", total.figures[-2], "件"),
            Headline("キャッシュレスの割合", total.figures[-1], "%"),
        ),
        drawing=Drawing("stacked", tuple(GROUPS), as_share=True),
        notes=(NOTE,),
        sample=total.sample,
    )


def _rows(begin: datetime, end: datetime, filters: Filters, which: Q, group: str, after: str) -> Rows:
    found = paid_between(begin, end, sections=filters.sections).filter(which, _of_group(group))
    total = found.count()
    shown = found.select_related("charge").order_by("-id")
    if after:
        shown = shown.filter(id__lt=after)
    page = list(shown[: PAGE + 1])
    names = {key: item.name for key, item in departments().items()}
    return Rows(
        title=GROUPS.get(group, "収納"),
        heads=HEADS,
        rows=tuple(
            Row(
                (
                    item.charge.case_number,
                    item.charge.title,
                    names.get(item.charge.section, item.charge.section),
                    title_of(item.provider),
                    item.paid_at.astimezone(TOKYO).date() if item.paid_at else None,
                    item.amount_yen,
                ),
                url=reverse("payments:charge", args=[item.charge_id]),
                section=item.charge.section,
                sample=item.charge.is_sample,
            )
            for item in page[:PAGE]
        ),
        total=total,
        cursor=str(page[PAGE - 1].pk) if len(page) > PAGE else "",
        permission="payments.view",
    )


def _of_group(group: str) -> Q:
    if group in APART:
        return Q(provider=group)
    conditions = {"": Q(), "net": ~Q(provider__in=APART), "cashless": ~Q(provider__in=WITH_CASH)}
    if group not in conditions:
        raise _unknown()
    return conditions[group]


def _parts(key: str) -> tuple[str, str]:
    first, colon, second = key.partition(":")
    if not colon:
        raise _unknown()
    return first, second


def _bounds(as_of: date, filters: Filters) -> tuple[datetime, datetime]:
    first, last = period(as_of, filters)
    return _start(first), _start(last + timedelta(days=1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def _unknown() -> NotFound:
    return NotFound("この数の内訳は見つかりません。", code="desk.rows", mend="指標の画面から開き直してください。")
