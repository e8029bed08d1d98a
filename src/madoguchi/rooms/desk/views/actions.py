"""What staff do with one case: take a step, assign, transfer, write a note."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.engines.casework.api import Case, add_note, advance, assign, mark_original, transfer
from madoguchi.engines.identity.api import names_of, staff_of_sections
from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor, actor_of, staff_required
from madoguchi.kernel.clock import now
from madoguchi.kernel.errors import Conflict, DomainError, InvalidInput, NotFound
from madoguchi.kernel.l10n import to_text
from madoguchi.rooms.catalogue.api import get_department

from ..access import get_case
from ..selectors import permitted_steps, section_choices

TEXT_MAX = 4000


def seen_of(request: HttpRequest) -> int | None:
    """Return how many events the page showed when it was drawn, None when it does not say."""
    value = request.POST.get("seen", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None


@require_http_methods(["GET", "POST"])
@staff_required("desk.work")
def take_step(request: HttpRequest, number: str, step_id: str) -> HttpResponse:
    """Take a step of the workflow; a step that needs a reason, a note or a day asks for it first."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    step = next((item for item in permitted_steps(case, actor) if item.id == step_id), None)
    if step is None:
        messages.warning(request, "今の状態では、この操作はできません。")
        return redirect("desk:case", number=case.number)
    if step.is_correction:
        return redirect("desk:correction", number=case.number)
    values = {key: request.POST.get(key, "").strip()[:TEXT_MAX] for key in ("reason", "note", "due_on")}
    error = None
    if request.method == "POST":
        try:
            payload = {key: value for key, value in values.items() if value}
            calendar = municipality.current().calendar
            advance(case, step.id, actor=actor, at=at, calendar=calendar, payload=payload, seen=seen_of(request))
        except InvalidInput as caught:
            error = caught
        except DomainError as caught:
            messages.warning(request, str(caught))
            return redirect("desk:case", number=case.number)
        else:
            messages.success(request, f"{case.number}：「{step.title}」を行いました。")
            return redirect("desk:case", number=case.number)
    context = {"case": case, "step": step, "values": values, "error": error}
    return render(request, "desk/step.html", context, status=422 if error else 200)


@require_POST
@staff_required("desk.work")
def assign_case(request: HttpRequest, number: str) -> HttpResponse:
    """Assign a case to a colleague of its section, to the actor, or to nobody."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    ref, name = _assignee(request.POST.get("assignee", ""), case, actor)
    try:
        assign(
            case,
            assignee_ref=ref,
            assignee_name=name,
            actor=actor,
            at=at,
            calendar=municipality.current().calendar,
            seen=seen_of(request),
        )
    except Conflict as caught:
        messages.warning(request, str(caught))
    else:
        messages.success(
            request, f"{case.number}：担当を{name}にしました。" if ref else f"{case.number}：担当を外しました。"
        )
    return redirect("desk:case", number=case.number)


def _assignee(ref: str, case: Case, actor: Actor) -> tuple[str, str]:
    """Return reference and name of whom to assign. Raises NotFound for anybody outside the case's section."""
    if not ref:
        return "", ""
    if ref == actor.ref:
        return actor.ref, actor.name or names_of({actor.ref}).get(actor.ref, "")
    for colleague in staff_of_sections({case.section}, at=now()):
        if colleague.ref == ref:
            return colleague.ref, colleague.name
    raise NotFound("この職員は担当課にいません。", code="desk.no_colleague", mend="一覧から選び直してください。")


@require_http_methods(["GET", "POST"])
@staff_required("desk.transfer")
def transfer_case(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a case to another section with a reason."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    section, reason = request.POST.get("section", ""), request.POST.get("reason", "").strip()[:TEXT_MAX]
    error: DomainError | None = None
    if request.method == "POST":
        try:
            target = get_department(section)
            calendar = municipality.current().calendar
            seen = seen_of(request)
            transfer(case, section=target.id, reason=reason, actor=actor, at=at, calendar=calendar, seen=seen)
        except DomainError as caught:
            error = caught
        else:
            messages.success(request, f"{case.number}：{target.name}へ移送しました。")
            return redirect("desk:queue")
    choices = [item for item in section_choices(None) if item.id != case.section]
    context = {"case": case, "sections": choices, "section": section, "reason": reason, "error": error}
    return render(request, "desk/transfer.html", context, status=422 if error else 200)


@require_POST
@staff_required("desk.work")
def mark_paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Mark an original that comes by post: arrived, missing, not needed, returned."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    calendar = municipality.current().calendar
    try:
        paper = mark_original(case, pk, request.POST.get("mark", ""), actor=actor, at=at, calendar=calendar)
    except DomainError as caught:
        messages.warning(request, str(caught))
    else:
        messages.success(request, f"{case.number}：「{to_text(paper.title)}」を記録しました。")
    return redirect("desk:case", number=case.number)


@require_POST
@staff_required("desk.work")
def write_note(request: HttpRequest, number: str) -> HttpResponse:
    """Add a note for colleagues."""
    actor, at = actor_of(request), now()
    case = get_case(actor, number, at=at)
    try:
        add_note(case, body=request.POST.get("body", ""), actor=actor, at=at, calendar=municipality.current().calendar)
    except InvalidInput as caught:
        messages.warning(request, str(caught))
    else:
        messages.success(request, "メモを残しました。")
    return redirect("desk:case", number=case.number)
