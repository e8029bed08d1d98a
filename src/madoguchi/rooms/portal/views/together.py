"""Handing in together: begin an interview, see what applies, answer what is left, one summary, one hand-in, one receipt.

The interview's own questions are asked by ``views.apply`` like any form's. Every action is a plain form post.
"""

from __future__ import annotations

import functools
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.engines.casework.api import bundle_of_submission, cases_of_bundle
from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import Interview, get_interview
from madoguchi.rooms.portal import access
from madoguchi.rooms.portal.acting import is_entry
from madoguchi.rooms.portal.entering import entry_choices, entry_details
from madoguchi.rooms.portal.receipt import bundle_receipt
from madoguchi.rooms.portal.together import pages, services
from madoguchi.rooms.portal.together.naming import PREFIX, is_interview
from madoguchi.rooms.portal.together.planning import Part, Plan, plan_of
from madoguchi.rooms.portal.views.apply import save_posted
from madoguchi.rooms.portal.views.browse import crumbs, interview_crumb
from madoguchi.rooms.portal.views.delegations import settle_for_whom
from madoguchi.rooms.portal.views.files import links_of_part
from madoguchi.rooms.portal.views.gate import gate_context, return_url
from madoguchi.rooms.portal.views.kiosk import channel_here
from madoguchi.rooms.portal.views.rows import is_row_action, open_row_of, row_action

_open = public(reason="聞き取りは誰でも始められる。下書きは鍵を持つ人だけが開ける")


@_open
@require_POST
def start(request: HttpRequest, interview_id: str) -> HttpResponse:
    """Open a draft of an interview and lead to its first step; what is handed in may be for somebody else."""
    interview, at = get_interview(interview_id), clock.now()
    if interview.kind == "bundle":
        action, crumb = reverse("portal:together_start", args=[interview_id]), interview_crumb(interview)
        page = settle_for_whom(request, PREFIX + interview_id, crumb=crumb, action=action, at=at)
        if page is not None:
            return page
    loaded = services.start_interview(
        interview, actor=actor_of(request), lang=lang_of(request), channel=channel_here(request), at=at
    )
    response = redirect("portal:step", loaded.draft.id, loaded.form.steps[0].id)
    return response if loaded.draft.mandate else access.hand_keys(request, response, draft=loaded.draft.id)


def _frame(request: HttpRequest, interview: Interview) -> dict[str, Any]:
    """Return what the frame of a page shows: the residents', or that of staff who ask and write."""
    return {"frame": access.frame_of(request), "form_title": interview.title.get(lang_of(request))}


def _plan(request: HttpRequest, draft_id: uuid.UUID) -> Plan | HttpResponse:
    """Return the plan of an interview that is answered, or where the visitor must go first."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    if not is_interview(loaded.draft):
        return redirect("portal:entry", draft_id)
    if loaded.sent:
        return redirect("portal:together_done", draft_id)
    plan = plan_of(loaded, actor=actor_of(request), at=at)
    return plan if plan.evaluation.valid else redirect("portal:entry", draft_id)


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show which procedures apply and which do not, each with its reason; take in what is wanted."""
    plan = _plan(request, draft_id)
    if isinstance(plan, HttpResponse):
        return plan
    fault, actor = "", actor_of(request)
    if request.method == "POST" and plan.interview.kind == "bundle":
        if "_save" in request.POST:
            return redirect("portal:saved", draft_id)
        try:
            services.confirm_choice(plan, set(request.POST.getlist("row")), actor=actor, at=clock.now())
        except InvalidInput as problem:
            fault = str(words_of(problem, lang_of(request)))
        else:
            return _onward(draft_id, plan_of(plan.loaded, actor=actor, at=clock.now()))
    lang = lang_of(request)
    last = plan.evaluation.steps[-1].id
    context = pages.result_context(plan, lang=lang, today=clock.today())
    context |= {
        "draft_id": draft_id,
        "action": reverse("portal:together_result", args=[draft_id]),
        "back_url": reverse("portal:step", args=[draft_id, last]),
        "fault": fault,
        "errors": [{"target": "choice", "message": fault}] if fault else [],
        **_frame(request, plan.interview),
        "crumbs": crumbs(request, interview_crumb(plan.interview), (text("portal.together.result", lang), "")),
    }
    return render(request, "portal/together/result.html", context, status=422 if fault else 200)


def _onward(draft_id: uuid.UUID, plan: Plan, *, after: str = "") -> HttpResponse:
    """Lead to the next page that still asks (*after*: the one just answered), else to the summary."""
    keys = [part.key for part in plan.asking]
    waiting = [part.key for part in plan.asking if not part.is_complete]
    later = keys[keys.index(after) + 1 :] if after in keys else waiting
    if later or waiting:
        return redirect("portal:together_more", draft_id, (later or waiting)[0])
    return redirect("portal:together_summary", draft_id)


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest, draft_id: uuid.UUID, key: str) -> HttpResponse:
    """Show or save what one procedure's form still asks."""
    plan = _plan(request, draft_id)
    if isinstance(plan, HttpResponse):
        return plan
    part = plan.part(key)
    if not plan.is_confirmed or part is None:
        return redirect("portal:together_result", draft_id)
    if not part.left:
        return _onward(draft_id, plan, after=key)
    if request.method != "POST":
        return _draw(request, plan, part)
    assert part.loaded is not None
    assert part.evaluation is not None
    problems = save_posted(request, part.loaded, part.evaluation, part.left, at=clock.now())
    after = plan_of(plan.loaded, actor=actor_of(request), at=clock.now())
    fresh = after.part(key)
    assert fresh is not None
    assert fresh.loaded is not None
    assert fresh.evaluation is not None
    if is_row_action(request):
        url = reverse("portal:together_more", args=[draft_id, key])
        draw = functools.partial(_draw, request, after, fresh)
        return row_action(request, fresh.loaded, fresh.left, fresh.evaluation.problems, url=url, draw=draw)
    if "_save" in request.POST:
        return redirect("portal:saved", draft_id)
    asked = {each.id for item in part.left for each in (item, *item.children)}
    wrong = {problem.field for problem in fresh.evaluation.problems}
    if problems or wrong or "_lookup" in request.POST or "_remove_file" in request.POST:
        return _draw(request, after, fresh, show=bool(wrong & asked), opened=bool(wrong - asked), extra=problems)
    return _onward(draft_id, after, after=key)


def _draw(
    request: HttpRequest,
    plan: Plan,
    part: Part,
    *,
    show: bool = False,
    opened: bool = False,
    extra: list[forms.Problem] | None = None,
    editing: tuple[str, int] | None = None,
) -> HttpResponse:
    """Draw what a part still asks; *show* lists its problems, *opened* says that further questions have appeared."""
    assert part.evaluation is not None
    lang, draft_id = lang_of(request), plan.loaded.draft.id
    context = forms.fields_context(
        part.evaluation,
        part.left,
        part.answers,
        lang=lang,
        show_problems=show,
        extra_problems=extra,
        editing=editing or open_row_of(request),
    )
    assert part.loaded is not None
    forms.dress_files(context["fields"], part.loaded.draft.id, links_of_part(part.loaded.draft.id))
    before = [one.key for one in plan.asking]
    index = before.index(part.key) if part.key in before else 0
    back = reverse("portal:together_more", args=[draft_id, before[index - 1]]) if index else ""
    context |= {
        "part": part,
        "procedure": part.procedure,
        "department": pages.department_name(part),
        "progress": pages.more_steps(plan, part.key, lang),
        "action": reverse("portal:together_more", args=[draft_id, part.key]),
        "back_url": back or reverse("portal:together_result", args=[draft_id]),
        "opened": opened and not show,
        "before_field": "portal/parts/spoken.html" if is_entry(actor_of(request)) else "",
        **_frame(request, plan.interview),
        "crumbs": crumbs(request, interview_crumb(plan.interview), (part.procedure.title, "")),
    }
    return render(request, "portal/together/more.html", context)


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show everything once; hand in on post."""
    if request.method == "POST" and "_save" not in request.POST:
        return _hand_in(request, draft_id)
    return _summary(request, draft_id)


def _summary(request: HttpRequest, draft_id: uuid.UUID, *, entry_error: str = "") -> HttpResponse:
    """Draw the one summary, or lead to what is still missing."""
    plan = _plan(request, draft_id)
    if isinstance(plan, HttpResponse):
        return plan
    if "_save" in request.POST:
        return redirect("portal:saved", draft_id)
    if not plan.is_confirmed:
        return redirect("portal:together_result", draft_id)
    if (missing := plan.first_incomplete) is not None:
        return redirect("portal:together_more", draft_id, missing.key)
    lang = lang_of(request)
    context = pages.summary_context(plan, lang=lang)
    last = plan.asking[-1].key if plan.asking else ""
    procedures, channel = [part.procedure for part in plan.parts], plan.loaded.draft.channel
    context |= {
        "gate": gate_context(request, procedures, channel, back=return_url(draft_id), at=clock.now()),
        "progress": pages.more_steps(plan, "", lang),
        **(entry_choices(actor_of(request)) if is_entry(actor_of(request)) else {}),
        "entry_error": entry_error,
        **_frame(request, plan.interview),
        "action": reverse("portal:together_summary", args=[draft_id]),
        "back_url": reverse("portal:together_more", args=[draft_id, last])
        if last
        else reverse("portal:together_result", args=[draft_id]),
        "crumbs": crumbs(request, interview_crumb(plan.interview), (text("forms.page.summary_title", lang), "")),
    }
    return render(request, "portal/together/summary.html", context, status=422 if entry_error else 200)


def _hand_in(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Hand everything in; the interview's row lock and unique submission make a second click harmless."""
    access.demand_draft(request, draft_id)
    actor = actor_of(request)
    try:
        details = entry_details(actor, request.POST, draft_id) if is_entry(actor) else None
        receipt = services.submit_together(draft_id, actor=actor, at=clock.now(), details=details)
    except (InvalidInput, NotAllowed) as problem:
        if problem.code.startswith("portal.entry_"):
            return _summary(request, draft_id, entry_error=str(problem))
        return redirect("portal:together_summary", draft_id)
    response = redirect("portal:together_done", draft_id)
    return access.hand_keys(request, response, draft=draft_id, case=receipt.bundle.number)


def _finished(request: HttpRequest, draft_id: uuid.UUID) -> dict[str, Any]:
    """Return what a handed-in interview became. Raises Conflict when it is not handed in yet."""
    loaded = access.get_draft(request, draft_id, at=clock.now())
    submission = forms.Submission.objects.filter(draft_id=draft_id).first()
    if submission is None or not is_interview(loaded.draft):
        raise Conflict(
            "この申請はまだ送信されていません。", code="portal.not_sent", mend="内容を確かめて送信してください。"
        )
    bundle = bundle_of_submission(submission.id)
    return {"bundle": bundle, "cases": cases_of_bundle(bundle), "code": loaded.code, "draft_id": draft_id}


@_open
def done(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the one receipt: the number and code of the whole, and each case's own number."""
    lang = lang_of(request)
    context = _finished(request, draft_id)
    context |= {
        "rows": pages.bundle_rows(context["cases"], lang),
        "unpaid_yen": pages.unpaid(context["bundle"]),
        "frame": access.frame_of(request),
        "form_title": context["bundle"].title,
        "crumbs": crumbs(request, (text("portal.together.receipt_title", lang), "")),
    }
    return render(request, "portal/together/done.html", context)


@_open
def receipt_pdf(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponseBase:
    """Give the one receipt as PDF."""
    context = _finished(request, draft_id)
    body = bundle_receipt(context["bundle"], context["cases"], code=context["code"], lang=lang_of(request))
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="receipt-{context["bundle"].number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@_open
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Show where each case of a bundle stands, what is awaited, and what is to be paid."""
    bundle = access.get_bundle(request, number)
    lang = lang_of(request)
    rows = pages.bundle_rows(cases_of_bundle(bundle), lang)
    context = {
        "bundle": bundle,
        "title": pages.title_of(bundle, lang),
        "rows": rows,
        "open": sum(row["kind"] != "done" for row in rows),
        "unpaid_yen": pages.unpaid(bundle),
        "crumbs": crumbs(
            request, (text("portal.status.find_title", lang), reverse("portal:find_status")), (bundle.number, "")
        ),
    }
    return render(request, "portal/together/status.html", context)
