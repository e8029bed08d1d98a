"""The queue: lists of cases by section, state, age and person, one page at a time.

Owns filters, order and keyset paging. A page is found by an index however long the list is; nothing here counts all
rows. The caller says which sections may be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from madoguchi.kernel.calendar import fiscal_year
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ids import REIWA_OFFSET, parse_receipt_number, receipt_number

from .models import Case, ExpectedOriginal
from .services.opening import search_key

Show = Literal["open", "waiting", "originals", "overdue", "due_soon", "reply", "done", "all"]
Order = Literal["oldest", "newest", "due"]
SHOWS: dict[str, str] = {
    "open": "処理中",
    "overdue": "約束日超過",
    "due_soon": "約束日が近い",
    "waiting": "区民の回答待ち",
    "originals": "原本待ち",
    "reply": "メッセージの返事待ち",
    "done": "終了",
    "all": "すべて",
}
ORDERS: dict[str, str] = {"oldest": "受付の古い順", "newest": "受付の新しい順", "due": "約束日の近い順"}
PAGE = 50
UNASSIGNED = "none"
_SERIAL_YEARS = 6
"""A bare serial number is looked for in this and the last five fiscal years."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to list. ``sections`` None means every section; ``assignee`` is an actor's ref or ``none``; empty means
    any.
    """

    sections: frozenset[str] | None = field(default_factory=frozenset)
    show: Show = "open"
    order: Order = "oldest"
    state: str = ""
    assignee: str = ""
    channel: str = ""
    procedure: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of cases with the cursors of its neighbours ('' at an end)."""

    cases: list[Case]
    next_cursor: str
    previous_cursor: str


def list_cases(
    what: QueueFilter, *, today: date, due_by: date, after: str = "", before: str = "", size: int = PAGE
) -> QueuePage:
    """Return one page (one SQL statement). *due_by* bounds ``due_soon``; *after* or *before* is a cursor from
    another page.

    Raises InvalidInput when a cursor cannot be read.
    """
    backwards = bool(before)
    cursor = before or after
    rows = _filtered(what, today=today, due_by=due_by)
    if cursor:
        rows = rows.filter(_beyond(cursor, what.order, backwards=backwards))
    found = list(rows.order_by(*_ordering(what.order, backwards=backwards))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return QueuePage(
        cases=found,
        next_cursor=_cursor(found[-1], what.order) if found and (more or backwards) else "",
        previous_cursor=_cursor(found[0], what.order) if found and (more if backwards else bool(cursor)) else "",
    )


def beside(case: Case, what: QueueFilter, *, today: date, due_by: date) -> tuple[str, str]:
    """Return the numbers of the previous and the next case in the same list, '' at an end (one SQL statement)."""
    rows = _filtered(what, today=today, due_by=due_by)
    cursor = _cursor(case, what.order)
    sides = [
        rows.filter(_beyond(cursor, what.order, backwards=backwards))
        .order_by(*_ordering(what.order, backwards=backwards))
        .annotate(side=Value(side))
        .values_list("side", "number")[:1]
        for backwards, side in ((True, "previous"), (False, "next"))
    ]
    found = dict(sides[0].union(sides[1], all=True))
    return found.get("previous", ""), found.get("next", "")


def count_queue(
    sections: frozenset[str] | None, *, today: date, due_by: date, taken_by: date | None = None
) -> dict[str, int]:
    """Return how many cases stand under each heading of the queue (one SQL statement over open cases only).

    ``unassigned`` counts those received up to *taken_by* that nobody has.
    """
    running = Q(clock="running")
    return _in_sections(Case.objects.filter(closed_at=None), sections).aggregate(
        open=Count("id"),
        waiting=Count("id", filter=Q(state_kind="waiting_resident")),
        originals=Count("id", filter=Q(awaits_original())),
        overdue=Count("id", filter=running & Q(due_sort__lt=today)),
        due_soon=Count("id", filter=running & Q(due_sort__gte=today, due_sort__lte=due_by)),
        unassigned=Count("id", filter=Q(assignee_ref="", received_on__lte=taken_by or today)),
    )


@dataclass(frozen=True, slots=True)
class AlarmCounts:
    """How many open cases of somebody, or of a section, are near their promised day, past it, wait for an answer to a
    message, or have nobody to handle them.
    """

    due: int = 0
    late: int = 0
    reply: int = 0
    unassigned: int = 0


def alarms_by(
    key: Literal["assignee_ref", "section"], *, today: date, due_by: date, received_by: date | None = None
) -> dict[str, AlarmCounts]:
    """Return the counts of open cases by assignee or by section (one SQL statement); who has none is left out.

    *due_by* bounds what is near; cases received up to *received_by* without an assignee count as unassigned.
    """
    running = Q(clock="running")
    late_or_near = running & Q(due_sort__lte=due_by)
    alone = Q(assignee_ref="", received_on__lte=received_by) if received_by else Q(pk__in=[])
    rows = Case.objects.filter(late_or_near | Q(reply_since__isnull=False) | alone, closed_at=None).values(key)
    counted = rows.order_by(key).annotate(
        due=Count("id", filter=running & Q(due_sort__gte=today, due_sort__lte=due_by)),
        late=Count("id", filter=running & Q(due_sort__lt=today)),
        reply=Count("id", filter=Q(reply_since__isnull=False)),
        alone=Count("id", filter=alone) if received_by else Value(0),
    )
    return {row[key]: AlarmCounts(row["due"], row["late"], row["reply"], row["alone"]) for row in counted if row[key]}


def count_replies(sections: frozenset[str] | None) -> int:
    """Return how many cases, open or closed, hold a message of the resident that nobody has answered (one SQL
    statement).
    """
    return _in_sections(Case.objects.filter(reply_since__isnull=False), sections).count()


def search_cases(text: str, sections: frozenset[str] | None, *, today: date, size: int = PAGE) -> list[Case]:
    """Return cases whose receipt number is *text* or whose name or kana begins with it, newest first (one SQL
    statement).
    """
    what = QueueFilter(sections=sections, show="all", order="newest", text=text)
    return list_cases(what, today=today, due_by=today, size=size).cases


def _filtered(what: QueueFilter, *, today: date, due_by: date) -> QuerySet[Case]:
    rows = _shown(_in_sections(Case.objects.all(), what.sections), what.show, today=today, due_by=due_by)
    exact = {"state": what.state, "channel": what.channel, "procedure_id": what.procedure}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if what.assignee:
        rows = rows.filter(assignee_ref="" if what.assignee == UNASSIGNED else what.assignee)
    if what.text.strip():
        rows = rows.filter(_matches(what.text, today=today))
    return rows


def _in_sections(rows: QuerySet[Case], sections: frozenset[str] | None) -> QuerySet[Case]:
    if sections is None:
        return rows
    if len(sections) == 1:
        return rows.filter(section=next(iter(sections)))
    return rows.filter(section__in=sorted(sections))


def _shown(rows: QuerySet[Case], show: Show, *, today: date, due_by: date) -> QuerySet[Case]:
    match show:
        case "all":
            return rows
        case "done":
            return rows.filter(closed_at__isnull=False)
        case "reply":
            return rows.filter(reply_since__isnull=False)
        case "waiting":
            return rows.filter(closed_at=None, state_kind="waiting_resident")
        case "originals":
            return rows.filter(awaits_original(), closed_at=None)
        case "overdue":
            return rows.filter(closed_at=None, clock="running", due_sort__lt=today)
        case "due_soon":
            return rows.filter(closed_at=None, clock="running", due_sort__gte=today, due_sort__lte=due_by)
        case _:
            return rows.filter(closed_at=None)


def awaits_original() -> Exists:
    """Return the condition that an original is still to come."""
    return Exists(ExpectedOriginal.objects.filter(case=OuterRef("pk"), arrived_at=None, waived_at=None))


def _matches(text: str, *, today: date) -> Q:
    try:
        return Q(number=parse_receipt_number(text))
    except InvalidInput:
        key = search_key(text)
    if key.isascii() and key.isdigit() and len(key) <= 7:
        year = fiscal_year(today)
        first = max(year - _SERIAL_YEARS + 1, REIWA_OFFSET + 1)
        return Q(number__in=[receipt_number(one, int(key)) for one in range(first, year + 1)])
    return Q(applicant_folded__startswith=key) | Q(applicant_kana_folded__startswith=key)


def _ordering(order: Order, *, backwards: bool) -> tuple[str, str]:
    name = "due_sort" if order == "due" else "received_at"
    sign = "-" if (order == "newest") != backwards else ""
    return f"{sign}{name}", f"{sign}id"


def _cursor(case: Case, order: Order) -> str:
    key = case.due_sort if order == "due" else case.received_at
    return f"{key.isoformat()}~{case.pk}"


def _beyond(cursor: str, order: Order, *, backwards: bool) -> Q:
    text, _, pk = cursor.partition("~")
    try:
        key: date | datetime = date.fromisoformat(text) if order == "due" else datetime.fromisoformat(text)
        number = int(pk)
    except ValueError:
        raise InvalidInput(
            "一覧の続きが読めません。", code="casework.cursor", mend="一覧を最初から開いてください。"
        ) from None
    name = "due_sort" if order == "due" else "received_at"
    side = "lt" if (order == "newest") != backwards else "gt"
    return Q(**{f"{name}__{side}e": key}) & (Q(**{f"{name}__{side}": key}) | Q(**{f"id__{side}": number}))
