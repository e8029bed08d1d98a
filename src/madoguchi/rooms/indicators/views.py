"""The pages and files of the indicators, for everybody and for staff.

Owns requests and answers only. Public pages show public indicators; staff pages need ``indicators.view`` and, to take
figures out, ``indicators.export``, each time with a purpose and an audit record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.kernel.access import Actor, actor_of, public, staff_required
from madoguchi.kernel.clock import now
from madoguchi.kernel.indicators import Row, Rows, Scope
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.indicators import exporting, scope, selectors
from madoguchi.rooms.indicators.services import PURPOSES, record_export

_open = public(reason="手続の対応状況の数は公表する")
_staff = staff_required("indicators.view")
_taking_out = staff_required("indicators.export")
ALL_SECTIONS = "desk.all_sections"


@require_GET
@_open
def overview(request: HttpRequest) -> HttpResponse:
    """Show how far the procedures are online and cashless."""
    return _overview(request, "public")


@require_GET
@_staff
def staff_overview(request: HttpRequest) -> HttpResponse:
    """Show how applications come in and how they are decided."""
    return _overview(request, "staff")


@require_GET
@_open
def detail(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Show one public indicator."""
    return _detail(request, indicator_id, "public")


@require_GET
@_staff
def staff_detail(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Show one indicator of the staff."""
    return _detail(request, indicator_id, "staff")


@require_GET
@_open
def rows(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """List the very rows behind a public figure."""
    return _rows(request, indicator_id, "public")


@require_GET
@_staff
def staff_rows(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """List the very cases behind a figure; a case opens to the staff of its section only."""
    return _rows(request, indicator_id, "staff")


@require_GET
@_open
def export(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Hand out a public indicator as CSV."""
    asked = scope.read(request.GET, today=now().date())
    return _download(
        exporting.answer_file(selectors.get_indicator(indicator_id, "public"), asked, lang=lang_of(request))
    )


@require_GET
@_open
def export_rows(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Hand out the rows behind a public figure as CSV."""
    asked = scope.read(request.GET, today=now().date())
    item = selectors.get_indicator(indicator_id, "public")
    return _download(exporting.rows_file(item, request.GET.get("key", ""), asked, lang=lang_of(request)))


@require_POST
@_taking_out
def staff_export(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Hand out an indicator as CSV and record it."""
    at = now()
    asked, item = scope.read(request.POST, today=at.date()), selectors.get_indicator(indicator_id, "staff")
    file = exporting.answer_file(item, asked, lang="ja")
    purpose = request.POST.get("purpose", "")
    record_export(actor=actor_of(request), indicator=item, asked=asked, key="", rows=file.rows, purpose=purpose, at=at)
    return _download(file)


@require_POST
@_taking_out
def staff_export_rows(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Hand out the rows behind a figure as CSV and record it."""
    at, key = now(), request.POST.get("key", "")
    asked, item = scope.read(request.POST, today=at.date()), selectors.get_indicator(indicator_id, "staff")
    file = exporting.rows_file(item, key, asked, lang="ja")
    purpose = request.POST.get("purpose", "")
    record_export(actor=actor_of(request), indicator=item, asked=asked, key=key, rows=file.rows, purpose=purpose, at=at)
    return _download(file)


def _overview(request: HttpRequest, area: Scope) -> HttpResponse:
    asked = scope.read(request.GET, today=now().date())
    lang = lang_of(request)
    found = selectors.of_scope(area)
    context = {
        "shown": [selectors.show(item, asked, lang=lang) for item in found if not item.own_page],
        "own_pages": [selectors.link(item, asked, lang=lang) for item in found if item.own_page],
        "crumbs": _crumbs(request, area),
    }
    return render(request, _template("overview", area), context | _frame(request, asked, area))


def _detail(request: HttpRequest, indicator_id: str, area: Scope) -> HttpResponse:
    asked = scope.read(request.GET, today=now().date())
    shown = selectors.show(selectors.get_indicator(indicator_id, area), asked, lang=lang_of(request))
    context = {"item": shown, "crumbs": _crumbs(request, area, shown.title)}
    return render(request, _template("detail", area), context | _frame(request, asked, area))


def _rows(request: HttpRequest, indicator_id: str, area: Scope) -> HttpResponse:
    asked, lang = scope.read(request.GET, today=now().date()), lang_of(request)
    item, key = selectors.get_indicator(indicator_id, area), request.GET.get("key", "")
    found = item.rows(asked.as_of, asked.filters, key, request.GET.get("after", ""))
    link = selectors.link(item, asked, lang=lang)
    context = {
        "link": link,
        "title": selectors.say(found.title, lang),
        "heads": [selectors.say(head, lang) for head in found.heads],
        "rows": [_shown_row(row, found, actor_of(request) if area == "staff" else None, lang) for row in found.rows],
        "total": found.total,
        "sample": any(row.sample for row in found.rows),
        "next_url": selectors.rows_url(item, key, asked) + f"&after={found.cursor}" if found.cursor else "",
        "csv_url": reverse(selectors.page_name(item, "rows_csv"), args=[item.id])
        + (asked.query(key=key) if area == "public" else ""),
        "key": key,
        "crumbs": _crumbs(request, area, link, text("indicators.rows.crumb", lang)),
    }
    return render(request, _template("rows", area), context | _frame(request, asked, area))


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as a page prints it: the first cell is its name, and leads to the thing where the reader may go."""

    name: str
    url: str
    cells: tuple[tuple[str, bool], ...]
    sample: bool


def _shown_row(row: Row, found: Rows, actor: Actor | None, lang: str) -> ShownRow:
    name, *others = row.cells
    return ShownRow(
        name=selectors.printed(name, lang=lang),
        url=row.url if _may_follow(row, found, actor) else "",
        cells=tuple((selectors.printed(cell, lang=lang), isinstance(cell, int | float)) for cell in others),
        sample=row.sample,
    )


def _may_follow(row: Row, found: Rows, actor: Actor | None) -> bool:
    """Tell whether a reader may open the thing behind a row (the page behind the link judges again)."""
    if not found.permission:
        return True
    if actor is None or not actor.may(found.permission):
        return False
    return row.section in actor.sections or actor.may(ALL_SECTIONS)


def _frame(request: HttpRequest, asked: scope.Asked, area: Scope) -> dict[str, Any]:
    """Return what every page of the room shows: the filters, the day, the right to take figures out."""
    return {
        "asked": asked,
        "groups": scope.department_groups(),
        "years": [(year, selectors.year_label(year, lang_of(request))) for year in scope.years(asked.as_of)],
        "purposes": PURPOSES,
        "may_export": area == "staff" and actor_of(request).may("indicators.export"),
    }


def _template(page: str, area: Scope) -> str:
    return f"indicators/{page}.html" if area == "public" else f"indicators/staff_{page}.html"


def _crumbs(request: HttpRequest, area: Scope, *items: str | selectors.Link) -> list[dict[str, str]]:
    """Return a breadcrumb from the start of the area; the last item has no address."""
    lang = lang_of(request)
    if area == "public":
        start = [{"title": text("portal.home.crumb", lang), "url": reverse("portal:home")}]
        top = {"title": text("indicators.title", lang), "url": reverse("indicators:overview")}
    else:
        start, top = [], {"title": "指標", "url": reverse("indicators:staff_overview")}
    rest = [
        {"title": item, "url": ""} if isinstance(item, str) else {"title": item.title, "url": item.url}
        for item in items
    ]
    crumbs = [*start, top, *rest]
    return [*crumbs[:-1], {**crumbs[-1], "url": ""}]


def _download(file: exporting.File) -> HttpResponse:
    return HttpResponse(
        file.text.encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
