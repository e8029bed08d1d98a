"""Pages that take over a list of staff: upload, look at what would change, correct wrong rows, take the good ones in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of
from madoguchi.kernel.csv_files import csv_response
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..import_plan import PersonPlan, Plan, WrongRow
from ..rules import COLUMNS, Office
from ..selectors import office_today
from ..services import apply_import, correct_rows, discard_import, open_import, record_download
from ..staff_file import HEADINGS, MAX_BYTES, template_file, wrong_rows_file
from ..staff_imports import own_import, own_imports, plan_of
from .guards import elevation_required

PAGE = 20
"""Wrong rows on one page: seven inputs each, far below the number of fields a request may have."""
PREVIEW = 20
_FIELD = re.compile(r"r(\d+)-([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Preview:
    """One post that would be written, as the page shows it."""

    kind: str
    person: PersonPlan
    department: str = ""
    role: str = ""
    first: date | None = None
    last: date | None = None


@elevation_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest) -> HttpResponse:
    """Explain the list and take a file; go on to what it would change."""
    fault = ""
    if request.method == "POST":
        try:
            held = open_import(_content(request), actor=actor_of(request), at=clock.now())
        except InvalidInput as error:
            fault = str(error)
        else:
            return redirect("identity:roster_import", import_id=held.pk)
    office = office_today()
    context = {
        "headings": HEADINGS.values(),
        "departments": office.departments.items(),
        "roles": office.roles.items(),
        "unfinished": own_imports(actor=actor_of(request)),
        "fault": fault,
        "errors": [{"target": "file", "message": fault}] if fault else [],
    }
    return render(request, "identity/roster.html", context, status=422 if fault else 200)


@elevation_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Hand out the empty list."""
    return csv_response("shokuin-hinagata.csv", template_file())


@elevation_required
@never_cache
@require_safe
def roster_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show what an upload would change, and its wrong rows with their fields to correct."""
    actor = actor_of(request)
    held = own_import(import_id, actor=actor)
    plan, office = plan_of(held, actor=actor, day=clock.today()), office_today()
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 10 else 0
    waiting = [wrong for wrong in plan.wrong if wrong.row.number > start]
    shown = waiting[:PAGE]
    context = {
        "held": held,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "good": len(plan.new) + len(plan.changed),
        "same": plan.same,
        "wrong": len(plan.wrong),
        "preview": _preview(plan, office),
        "more": len(plan.new) + len(plan.changed) > PREVIEW,
        "rows": [_fields(wrong) for wrong in shown],
        "first_url": reverse("identity:roster_import", args=[held.pk]) if start else "",
        "next_url": f"?after={shown[-1].row.number}" if len(waiting) > PAGE else "",
        "departments": office.departments.items(),
        "roles": office.roles.items(),
    }
    return render(request, "identity/roster_import.html", context)


@elevation_required
@require_POST
def correct(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Keep the rows as they were typed anew and judge them again."""
    typed: dict[int, dict[str, str]] = {}
    for name, value in request.POST.items():
        if (match := _FIELD.fullmatch(name)) and match[2] in COLUMNS:
            typed.setdefault(int(match[1]), {})[match[2]] = str(value)
    dropped = {int(number) for number in request.POST.getlist("drop") if number.isdecimal()}
    correct_rows(import_id, typed=typed, dropped=dropped, actor=actor_of(request), at=clock.now())
    messages.info(request, "入力した内容で、もう一度確かめました。")
    return redirect("identity:roster_import", import_id=import_id)


@elevation_required
@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take the good rows in."""
    try:
        done = apply_import(import_id, actor=actor_of(request), at=clock.now())
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("identity:roster_import", import_id=import_id)
    messages.success(request, f"{done.new}人を新しく登録し、{done.changed}人を変更しました。")
    if done.left:
        messages.warning(request, f"誤りのある{done.left}行は、まだ取り込んでいません。")
        return redirect("identity:roster_import", import_id=import_id)
    return redirect("identity:people")


@elevation_required
@require_POST
def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Throw the rest of an upload away."""
    discard_import(import_id, actor=actor_of(request), at=clock.now())
    messages.success(request, "取り込みを終えました。残っていた行は消しました。")
    return redirect("identity:roster")


@elevation_required
@require_POST
def wrong_rows(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Hand out the wrong rows as a file with what is wrong and how to mend it."""
    actor = actor_of(request)
    plan = plan_of(own_import(import_id, actor=actor), actor=actor, day=clock.today())
    record_download(import_id, rows=len(plan.wrong), actor=actor, at=clock.now())
    lines = [
        (wrong.row, " ".join(fault.message for fault in wrong.faults), " ".join(fault.mend for fault in wrong.faults))
        for wrong in plan.wrong
    ]
    return csv_response("shokuin-ayamari.csv", wrong_rows_file(lines))


def _content(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInput("ファイルがありません。", code="identity.staff_file", mend="CSVファイルを選んでください。")
    return file.read(MAX_BYTES + 1)


def _preview(plan: Plan, office: Office) -> list[Preview]:
    """Return the first posts that would be written, one line per person at least."""
    found: list[Preview] = []
    for person in [*plan.new, *plan.changed][:PREVIEW]:
        kind = "新規" if person.held is None else "変更"
        for (department, role, first), last in person.new_posts.items():
            found.append(Preview(kind, person, office.departments[department], office.roles[role], first, last))
        if not person.new_posts:
            found.append(Preview(kind, person))
    return found


def _fields(wrong: WrongRow) -> dict[str, Any]:
    """Return a wrong row as the page shows it: its faults and its fields."""
    by_column = {fault.column: fault for fault in reversed(wrong.faults)}
    number = wrong.row.number
    fields = [
        {
            "id": f"r{number}-{column}",
            "label": COLUMNS[column],
            "value": wrong.row.values.get(column, ""),
            "fault": by_column.get(column),
        }
        for column in COLUMNS
    ]
    faults = [
        {
            "target": f"r{number}-{fault.column if fault.column in COLUMNS else 'login'}",
            "column": COLUMNS.get(fault.column, "行全体"),
            "value": wrong.row.values.get(fault.column, ""),
            "message": fault.message,
            "mend": fault.mend,
        }
        for fault in wrong.faults
    ]
    return {"number": number, "fields": fields, "faults": faults}
