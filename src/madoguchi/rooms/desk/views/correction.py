"""The correction screen (補正): tick fields, choose a reason, set a day, see what the resident will see, send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.engines.casework.api import (
    Case,
    CorrectionReason,
    WorkflowDefinition,
    current_answers,
    definition_of,
    request_correction,
)
from madoguchi.engines.forms.api import answer_sections
from madoguchi.kernel import municipality
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.clock import now
from madoguchi.kernel.errors import Conflict, InvalidInput

from ..access import get_case
from ..selectors import evaluated, permitted_steps
from .actions import TEXT_MAX, seen_of

DEFAULT_DAYS = 10
"""Office days the resident is given unless the clerk sets another day."""


@dataclass(slots=True)
class CorrectionForm:
    """What the clerk has chosen so far; ``message`` is the text the resident will read."""

    fields: list[str]
    reason_id: str
    message: str
    due_text: str
    due_on: date | None

    @property
    def complete(self) -> bool:
        """Tell whether there is enough to preview."""
        return bool(self.fields and self.message and self.due_on)


def read_form(
    request: HttpRequest, case: Case, definition: WorkflowDefinition, *, today: date, calendar: OfficeCalendar
) -> CorrectionForm:
    """Read the form; an empty message is filled from the chosen reason, in the applicant's language."""
    posted = request.method == "POST"
    due_text = request.POST.get("due_on", "") if posted else calendar.add_office_days(today, DEFAULT_DAYS).isoformat()
    reason_id = request.POST.get("reason_id", "")
    message = request.POST.get("message", "").strip()[:TEXT_MAX]
    reason = next((item for item in definition.correction_reasons if item.id == reason_id), None)
    if reason is not None and not message:
        message = reason.message.get(case.language)
    try:
        due_on = date.fromisoformat(due_text)
    except ValueError:
        due_on = None
    return CorrectionForm(request.POST.getlist("fields"), reason_id if reason else "", message, due_text, due_on)


@require_http_methods(["GET", "POST"])
@staff_required("desk.work")
def ask_correction(request: HttpRequest, number: str) -> HttpResponse:
    """Draw the screen, preview it, or send the request."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    if not any(step.is_correction for step in permitted_steps(case, actor)):
        messages.warning(request, "今の状態では補正を求められません。")
        return redirect("desk:case", number=case.number)
    calendar = municipality.current().calendar
    definition = definition_of(case.workflow_version_id)
    evaluation = evaluated(case, current_answers(case))
    sections = answer_sections(evaluation, lang="ja") if evaluation else []
    form = read_form(request, case, definition, today=at.date(), calendar=calendar)
    form.fields = [row["field"] for section in sections for row in section["rows"] if row["field"] in form.fields]
    errors = form_errors(form) if request.method == "POST" else []
    if request.method == "POST" and "send" in request.POST and not errors:
        try:
            _send(case, form, request=request, at=at, calendar=calendar)
        except InvalidInput as caught:
            errors = [{"target": "due_on" if "due" in caught.code else "message", "message": str(caught)}]
        except Conflict as caught:
            messages.warning(request, str(caught))
            return redirect("desk:case", number=case.number)
        else:
            messages.success(request, f"{case.number}：補正を依頼しました。")
            return redirect("desk:case", number=case.number)
    return _draw(request, case, form, sections=sections, reasons=definition.correction_reasons, errors=errors)


def form_errors(form: CorrectionForm) -> list[dict[str, str]]:
    """Return what is missing, with the input each message leads to."""
    errors = []
    if not form.fields:
        errors.append({"target": "fields", "message": "補正する項目を一つ以上選んでください。"})
    if not form.message:
        errors.append({"target": "message", "message": "理由のひな形を選ぶか、伝える内容を書いてください。"})
    if form.due_on is None:
        errors.append({"target": "due_on", "message": "期限の日を入力してください。"})
    return errors


def _send(case: Case, form: CorrectionForm, *, request: HttpRequest, at: datetime, calendar: OfficeCalendar) -> None:
    assert form.due_on is not None
    request_correction(
        case,
        fields=form.fields,
        message=form.message,
        due_on=form.due_on,
        reason_id=form.reason_id,
        actor=actor_of(request),
        at=at,
        calendar=calendar,
        seen=seen_of(request),
    )


def _draw(
    request: HttpRequest,
    case: Case,
    form: CorrectionForm,
    *,
    sections: list[dict[str, Any]],
    reasons: list[CorrectionReason],
    errors: list[dict[str, str]],
) -> HttpResponse:
    rows = [row for section in sections for row in section["rows"]]
    for row in rows:
        row["ticked"] = bool(row["field"]) and row["field"] in form.fields
    context = {
        "case": case,
        "sections": sections,
        "reasons": reasons,
        "form": form,
        "errors": errors,
        "chosen": [row for row in rows if row["ticked"]],
        "preview": request.method == "POST" and form.complete and not errors,
    }
    return render(request, "desk/correction.html", context, status=422 if errors else 200)
