"""Applying: start, steps, autosave, summary, hand in, receipt; resume by short code.

Every action is a plain form post with a redirect; htmx only makes it smoother. What was posted is saved before it is
judged, so nothing typed is lost.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.engines.casework.api import status_of
from madoguchi.engines.forms import api as forms
from madoguchi.engines.payments.api import outstanding_of_case
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public
from madoguchi.kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed
from madoguchi.kernel.throttle import slow_down
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import get_department, get_procedure
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.acting import ENTRY_CHANNELS, is_entry
from madoguchi.rooms.portal.entering import entry_choices, entry_details
from madoguchi.rooms.portal.receipt import receipt_document
from madoguchi.rooms.portal.together.naming import is_interview
from madoguchi.rooms.portal.views import prefill
from madoguchi.rooms.portal.views.browse import crumbs, draft_crumb, procedure_crumb
from madoguchi.rooms.portal.views.clerk import code_in
from madoguchi.rooms.portal.views.delegations import settle_for_whom
from madoguchi.rooms.portal.views.files import links_of_draft
from madoguchi.rooms.portal.views.gate import gate_context, return_url
from madoguchi.rooms.portal.views.kiosk import channel_here
from madoguchi.rooms.portal.views.rows import is_row_action, open_row_of, row_action
from madoguchi.rooms.portal.views.sign import signature_state

_open = public(reason="申請は本人確認のいらない手続から誰でも始められる。下書きは鍵を持つ人だけが開ける")


def step_url(draft_id: uuid.UUID) -> Callable[[str], str]:
    """Return a function from step id to address."""
    return lambda step_id: reverse("portal:step", args=[draft_id, step_id])


def _sent(draft: forms.Draft) -> HttpResponse:
    """Lead to the receipt of a draft that was handed in."""
    return redirect("portal:together_done" if is_interview(draft) else "portal:done", draft.id)


def _answered(draft: forms.Draft) -> HttpResponse:
    """Lead to what follows the last question: the summary, or what an interview comes to."""
    return redirect("portal:together_result" if is_interview(draft) else "portal:summary", draft.id)


@_open
@require_POST
def start(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Open a draft of the procedure's form and lead to its first step."""
    procedure, at = get_procedure(procedure_id), clock.now()
    action, crumb = reverse("portal:start", args=[procedure.id]), procedure_crumb(procedure)
    if (page := settle_for_whom(request, procedure.id, crumb=crumb, action=action, at=at)) is not None:
        return page
    loaded = services.start_application(
        procedure, actor=actor_of(request), lang=lang_of(request), at=at, channel=channel_here(request)
    )
    first = loaded.form.steps[0].id
    response = redirect("portal:step", loaded.draft.id, first)
    return response if loaded.draft.mandate else access.hand_keys(request, response, draft=loaded.draft.id)


@_open
def entry(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Lead to where the draft stands: the first incomplete step, the summary, or the receipt."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    if loaded.sent:
        return _sent(loaded.draft)
    incomplete = loaded.evaluate(at=at).first_incomplete
    return redirect("portal:step", draft_id, incomplete.id) if incomplete else _answered(loaded.draft)


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, draft_id: uuid.UUID, step_id: str) -> HttpResponse:
    """Show or save one step."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    if loaded.sent:
        return _sent(loaded.draft)
    page = loaded.evaluate(at=at)
    current = page.open_step(step_id)
    if current is None:
        return redirect("portal:entry", draft_id)
    if request.method != "POST":
        return _draw(request, loaded, page, current)
    problems = save_posted(request, loaded, page, list(current.flat()), at=at)
    if prefill.is_prefill_action(request):
        prefill.act(request, loaded, current, page.visible, at=at)
        return redirect(request.get_full_path())
    after = loaded.evaluate(at=at)
    return _answer(request, loaded, page, after, current, problems)


def save_posted(
    request: HttpRequest,
    loaded: forms.LoadedDraft,
    page: forms.Evaluation,
    fields: list[forms.CompiledField],
    *,
    at: dt.datetime,
) -> list[forms.Problem]:
    """Save what was posted of *fields*, files included; return the problems of refused files."""
    forms.refuse_unknown(request.POST, fields)
    forms.save_fields(loaded, fields, request.POST, page=page, at=at)
    problems: list[forms.Problem] = []
    for item in fields:
        if item.fd.type == "file" and request.FILES.getlist(item.id):
            problems += forms.add_files(forms.DraftFiles(loaded), item, request.FILES.getlist(item.id), at=at)
    field_id, _, file_id = request.POST.get("_remove_file", "").partition(":")
    chosen = next((item for item in fields if item.id == field_id and item.fd.type == "file"), None)
    if chosen is not None and file_id:
        forms.remove_file(forms.DraftFiles(loaded), chosen, file_id, at=at)
    if lookup := request.POST.get("_lookup"):
        problems += _fill_address(loaded, lookup, fields, at=at)
    return problems


def _fill_address(
    loaded: forms.LoadedDraft, field_id: str, fields: list[forms.CompiledField], *, at: dt.datetime
) -> list[forms.Problem]:
    """Fill prefecture, city and town from the posted postal code; return a problem for a code that is not known."""
    item = next((item for item in fields if item.id == field_id and item.fd.type == "address"), None)
    if item is None:
        return []
    value = dict(loaded.draft.answers.get(item.id) or {})
    town = forms.find_town(value.get("postal_code", ""))
    if town is None:
        return [forms.Problem(item.id, "postal_unknown", "postal_code")]
    value.update(prefecture=town.prefecture, city=town.city, town=town.town)
    forms.merge_answers(loaded, {item.id: value}, at=at)
    return []


def _answer(
    request: HttpRequest,
    loaded: forms.LoadedDraft,
    page: forms.Evaluation,
    after: forms.Evaluation,
    current: forms.CompiledStep,
    problems: list[forms.Problem],
) -> HttpResponse:
    """Decide where a saved step leads."""
    draft_id = loaded.draft.id
    if is_row_action(request):
        draw = functools.partial(_draw, request, loaded, after, current)
        url = reverse("portal:step", args=[draft_id, current.id])
        found = after.problem_steps.get(current.id, [])
        return row_action(request, loaded, current.fields, found, url=url, draw=draw)
    if "_save" in request.POST:
        return redirect("portal:saved", draft_id)
    if problems or any(key in request.POST for key in ("_lookup", "_remove_file")):
        return _draw(request, loaded, after, current, extra=problems)
    found = after.problem_steps.get(current.id, [])
    if found:
        fresh = {item.id for item in current.flat()} & (after.visible - page.visible)
        only_fresh = all(problem.field in fresh for problem in found)
        row = next((item for item in found if item.row is not None), None)
        editing = (str(after.form.fields[row.field].group), int(row.row or 0)) if row is not None else None
        return _draw(request, loaded, after, current, show=not only_fresh, opened=only_fresh, editing=editing)
    if "change" in request.GET and after.valid:
        return _answered(loaded.draft)
    following = after.next_step(current.id)
    if following is None:
        return _answered(loaded.draft)
    return redirect("portal:step", draft_id, following.id)


def _draw(
    request: HttpRequest,
    loaded: forms.LoadedDraft,
    evaluation: forms.Evaluation,
    current: forms.CompiledStep,
    *,
    show: bool = False,
    opened: bool = False,
    extra: list[forms.Problem] | None = None,
    editing: tuple[str, int] | None = None,
) -> HttpResponse:
    """Draw a step; *show* lists its problems, *opened* says that further questions have appeared."""
    draft_id, lang = loaded.draft.id, lang_of(request)
    editing = editing or open_row_of(request)
    context = forms.step_context(
        evaluation,
        current,
        loaded.draft.answers,
        lang=lang,
        show_problems=show,
        extra_problems=extra,
        editing=editing,
        step_url=step_url(draft_id),
    )
    forms.dress_files(context["fields"], draft_id, links_of_draft(draft_id))
    prefill.dress(request, loaded, current, evaluation.visible, context)
    before = evaluation.previous_step(current.id)
    crumb = draft_crumb(loaded.draft)
    context |= {
        "action": reverse("portal:step", args=[draft_id, current.id])
        + ("?change=1" if "change" in request.GET else ""),
        "autosave_url": reverse("portal:autosave", args=[draft_id, current.id]),
        "back_url": reverse("portal:step", args=[draft_id, before.id]) if before else crumb[1],
        "opened": opened,
        "frame": access.frame_of(request),
        "before_field": "portal/parts/spoken.html" if is_entry(actor_of(request)) else "",
        "crumbs": crumbs(request, crumb, (context["form_title"], "")),
    }
    return render(request, "portal/step.html", context)


@_open
@require_POST
def autosave(request: HttpRequest, draft_id: uuid.UUID, step_id: str) -> HttpResponse:
    """Save a half-filled step; answer with the page only when other questions have appeared or gone."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    page = loaded.evaluate(at=at)
    current = page.open_step(step_id)
    if loaded.sent or current is None:
        return HttpResponse(status=204)
    forms.save_step(loaded, current, request.POST, page=page, at=at)
    after = loaded.evaluate(at=at)
    mine = {item.id for item in current.flat()}
    if (after.visible & mine) == (page.visible & mine):
        return HttpResponse(status=204)
    response = _draw(request, loaded, after, current)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#page", "outerHTML show:none", "#page"
    return response


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show all answers; hand in on post."""
    if request.method == "POST" and "_save" not in request.POST:
        return _hand_in(request, draft_id)
    return _summary(request, draft_id)


def _summary(request: HttpRequest, draft_id: uuid.UUID, *, entry_error: str = "") -> HttpResponse:
    """Draw the summary, or lead on when there is nothing to sum up."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    if loaded.sent:
        return _sent(loaded.draft)
    if is_interview(loaded.draft):
        return _answered(loaded.draft)
    if "_save" in request.POST:
        return redirect("portal:saved", draft_id)
    evaluation, lang = loaded.evaluate(at=at), lang_of(request)
    url = step_url(draft_id)
    context = forms.summary_context(
        evaluation,
        loaded.draft.answers,
        lang=lang,
        step_url=url,
        change_url=lambda step_id: f"{url(step_id)}?change=1",
    )
    procedure = get_procedure(loaded.draft.procedure_id)
    last = evaluation.steps[-1].id if evaluation.steps else ""
    gate = gate_context(request, [procedure], loaded.draft.channel, back=return_url(draft_id), at=at)
    context |= {
        "gate": gate,
        "action": reverse("portal:summary", args=[draft_id]),
        "back_url": url(last),
        "progress": {
            "steps": forms.progress_steps(evaluation, "", lang, url),
            "number": len(evaluation.steps) + 1,
            "total": len(evaluation.steps) + 1,
        },
        "procedure": procedure,
        "signature": signature_state(loaded, evaluation),
        "frame": access.frame_of(request),
        **(entry_choices(actor_of(request)) if is_entry(actor_of(request)) else {}),
        "entry_error": entry_error,
        "crumbs": crumbs(request, procedure_crumb(procedure), (context["form_title"], "")),
    }
    return render(request, "portal/summary.html", context, status=422 if entry_error else 200)


def _hand_in(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Hand the draft in; the draft's row lock and unique submission make a second click harmless."""
    access.demand_draft(request, draft_id)
    try:
        actor = actor_of(request)
        details = entry_details(actor, request.POST, draft_id) if is_entry(actor) else None
        receipt = services.submit_application(draft_id, actor=actor, at=clock.now(), details=details)
    except InvalidInput as problem:
        if problem.code.startswith("portal.entry_"):
            return _summary(request, draft_id, entry_error=str(problem))
        return redirect("portal:sign" if problem.code.startswith("signing.") else "portal:summary", draft_id)
    except NotAllowed:
        return redirect("portal:summary", draft_id)
    response = redirect("portal:done", draft_id)
    return access.hand_keys(request, response, draft=draft_id, case=receipt.number)


@_open
def saved(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the short code by which the draft is resumed anywhere."""
    loaded = access.get_draft(request, draft_id, at=clock.now())
    context = {
        "code": loaded.code,
        "draft": loaded.draft,
        "qr": _code_picture(loaded.code),
        "frame": access.frame_of(request),
        "crumbs": crumbs(request, draft_crumb(loaded.draft)),
    }
    return render(request, "portal/saved.html", context)


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Open a draft by its short code on this device."""
    error, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("code", "")[:200]
        try:
            slow_down(request, "portal.resume")
            loaded = forms.find_draft(code_in(typed), at=clock.now())
            _take_back(request, loaded)
        except DomainError as problem:
            error = str(words_of(problem, lang_of(request)))
        else:
            return access.hand_keys(request, redirect("portal:entry", loaded.draft.id), draft=loaded.draft.id)
    lang = lang_of(request)
    context = {"error": error, "typed": typed, "crumbs": crumbs(request, (text("portal.resume.title", lang), ""))}
    return render(request, "portal/resume.html", context)


def _take_back(request: HttpRequest, loaded: forms.LoadedDraft) -> None:
    """Let a draft go on here when it was last somewhere else: at the counter, on the phone, at a terminal, on the web."""
    draft, here = loaded.draft, channel_here(request)
    if draft.channel in {"online", "kiosk", *ENTRY_CHANNELS} and not draft.mandate and draft.channel != here:
        forms.hand_over(loaded, channel=here, actor=actor_of(request), at=clock.now())


def _code_picture(code: str) -> str:
    """Return the two-dimensional code of a resume code; the code stands after "#", which no server sees."""
    from madoguchi.kernel.documents import qr_svg  # only the page that shows it loads it

    picture = qr_svg(f"{settings.BASE_URL}{reverse('portal:resume')}#{code}")
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"


def _finished(request: HttpRequest, draft_id: uuid.UUID) -> dict[str, Any]:
    """Return the receipt of a handed-in draft. Raises Conflict when it is not handed in yet."""
    loaded = access.get_draft(request, draft_id, at=clock.now())
    case = access.case_of_draft(loaded.draft)
    if case is None:
        raise Conflict(
            "この申請はまだ送信されていません。", code="portal.not_sent", mend="内容を確かめて送信してください。"
        )
    procedure = get_procedure(case.procedure_id)
    return {
        "case": case,
        "code": loaded.code,
        "procedure": procedure,
        "department": get_department(case.section),
        "status": status_of(case),
        "submission": case.submission,
    }


@_open
def done(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the receipt: number, code, promised date, what comes next."""
    context = _finished(request, draft_id)
    evaluation = forms.replay(context["submission"])
    context |= {
        "papers": forms.papers_context(evaluation, context["submission"].answers, lang=lang_of(request)),
        "fees": forms.fees_context(evaluation, lang=lang_of(request)),
        "fee_total_yen": context["submission"].fee_yen,
        "unpaid_yen": outstanding_of_case(context["case"].number) if context["procedure"].payment else 0,
        "has_sheet": forms.sheet_of(evaluation.form.definition.id) is not None,
        "draft_id": draft_id,
        "frame": access.frame_of(request),
        "crumbs": crumbs(request, procedure_crumb(context["procedure"])),
    }
    return render(request, "portal/done.html", context)


@_open
def receipt_pdf(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponseBase:
    """Give the receipt as PDF."""
    context = _finished(request, draft_id)
    body = receipt_document(
        context["case"], code=context["code"], department=context["department"], lang=lang_of(request)
    )
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="receipt-{context["case"].number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
