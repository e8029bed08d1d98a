"""The preview of a working copy as a resident sees it, and the examples that are run at every check."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.engines.forms.api import (
    CompiledStep,
    CompileError,
    Evaluation,
    FormDefinition,
    cover_branches,
    expectation_of,
    fees_context,
    papers_context,
    progress_steps,
    step_context,
    summary_context,
)
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of
from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.rooms.studio import changing
from madoguchi.rooms.studio.checking import UNCOVERED, faults_of, in_labels, names_in
from madoguchi.rooms.studio.documents import Document, at, ids_of
from madoguchi.rooms.studio.selectors import Copy
from madoguchi.rooms.studio.surroundings import surroundings
from madoguchi.rooms.studio.trying import Trial, answers_of, keep_answers
from madoguchi.rooms.studio.views import common

SUMMARY = "-"


@common.staff
@require_GET
def preview(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Lead to the first page of the preview."""
    copy = common.load(request, draft_id)
    return redirect("studio:preview_step", draft_id, copy.document["form"]["steps"][0]["id"])


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def preview_step(request: HttpRequest, draft_id: uuid.UUID, step_id: str) -> HttpResponse:
    """Show a step of the working copy with the pages residents see; take made-up answers."""
    copy = common.load(request, draft_id)
    actor, now = actor_of(request), clock.now()
    lang = request.GET.get("lang", "ja")
    lang = lang if lang in LANGUAGES else "ja"
    try:
        trial = Trial(copy.document, answers_of(copy.draft, actor.ref), surroundings(copy.document), now)
    except CompileError as error:
        messages.warning(request, f"様式に直すところがあるため、プレビューできません：{error}")
        return redirect("studio:overview", draft_id)
    evaluation = trial.evaluate()
    current = None if step_id == SUMMARY else trial.form.step(step_id)
    if step_id != SUMMARY and (current is None or step_id not in [step.id for step in evaluation.steps]):
        first = evaluation.steps[0].id if evaluation.steps else SUMMARY
        return redirect(_url(draft_id, first, lang))
    show = False
    editing: tuple[str, int] | None = None
    if request.method == "POST" and current is not None and "auto" in request.GET:
        return _follow(request, copy, trial, current, evaluation, lang=lang)
    if request.method == "POST" and current is not None:
        editing = trial.answer(request, current)
        keep_answers(copy.draft, actor.ref, trial.answers, at=now)
        evaluation = trial.evaluate()
        stays = editing is not None or any(name.startswith(("_row", "_lookup", "_remove")) for name in request.POST)
        show = bool(evaluation.problem_steps.get(current.id)) and not stays
        if not show and not stays and "_save" not in request.POST:
            following = evaluation.next_step(current.id)
            return redirect(_url(draft_id, following.id if following else SUMMARY, lang))
    return _draw(request, copy, trial, evaluation, step_id, lang=lang, show=show, editing=editing)


def _follow(
    request: HttpRequest, copy: Copy, trial: Trial, step: CompiledStep, before: Evaluation, *, lang: str
) -> HttpResponse:
    """Take half-filled answers over; answer with the page only when branches, papers or the fee have changed."""
    trial.answer(request, step)
    keep_answers(copy.draft, actor_of(request).ref, trial.answers, at=clock.now())
    after = trial.evaluate()
    if (after.visible, after.steps, after.papers, after.fees) == (
        before.visible, before.steps, before.papers, before.fees,
    ):  # fmt: skip
        return HttpResponse(status=204)
    response = _draw(request, copy, trial, after, step.id, lang=lang, show=False, editing=None)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#page", "outerHTML show:none", "#page"
    return response


def _url(draft_id: uuid.UUID, step_id: str, lang: str) -> str:
    url = reverse("studio:preview_step", args=[draft_id, step_id])
    return url if lang == "ja" else f"{url}?lang={lang}"


def _draw(
    request: HttpRequest,
    copy: Copy,
    trial: Trial,
    evaluation: Evaluation,
    step_id: str,
    *,
    lang: str,
    show: bool,
    editing: tuple[str, int] | None,
) -> HttpResponse:
    draft_id = copy.draft.pk

    def url(step: str) -> str:
        return _url(draft_id, step, lang)

    context = common.frame(copy, "preview", ("プレビュー", ""))
    step = None if step_id == SUMMARY else trial.form.step(step_id)
    if step is None:
        context |= summary_context(evaluation, trial.answers, lang=lang, step_url=url, change_url=url)
        back = evaluation.steps[-1].id if evaluation.steps else SUMMARY
        context["progress"] = {
            "steps": progress_steps(evaluation, "", lang, url),
            "number": len(evaluation.steps) + 1,
            "total": len(evaluation.steps) + 1,
        }
        context |= {"back_url": url(back), "ready": False, "summary": True, "complete": evaluation.valid}
        context["errors"] = context["errors"] if not evaluation.valid else []
    else:
        context |= step_context(
            evaluation, step, trial.answers, lang=lang, show_problems=show, editing=editing, step_url=url
        )
        before = evaluation.previous_step(step.id)
        context |= {"back_url": url(before.id) if before else ""}
    context |= {
        "action": url(step_id),
        "autosave_url": f"{url(step_id)}{'&' if '?' in url(step_id) else '?'}auto=1",
        "lang_code": lang,
        "html_lang": {"easy": "ja"}.get(lang, lang),
        "languages": [
            {"title": name, "url": _url(draft_id, step_id, code), "current": code == lang}
            for code, name in LANGUAGES.items()
        ],
        "seen_papers": papers_context(evaluation, trial.answers, lang="ja"),
        "seen_fees": fees_context(evaluation, lang="ja"),
        "seen_total_yen": evaluation.fee_yen,
        "seen_steps": [item.sd.title.get("ja") for item in evaluation.steps],
        "hidden_steps": [
            item.sd.title.get("ja") for item in trial.form.steps if item.id not in {s.id for s in evaluation.steps}
        ],
    }
    request.lang = lang  # type: ignore[attr-defined]
    return render(request, "studio/preview.html", context)


@common.staff
@require_POST
def preview_reset(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Forget the made-up answers, or take over those of an example."""
    copy = common.load(request, draft_id)
    answers: dict[str, Any] = {}
    for example in copy.document["form"].get("examples", []):
        if example["id"] == request.POST.get("example"):
            answers = dict(example["answers"])
    keep_answers(copy.draft, actor_of(request).ref, answers, at=clock.now())
    return redirect("studio:preview", draft_id)


@common.staff
@require_GET
def examples(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """List the examples with whether each comes out as it should, and how not."""
    copy = common.load(request, draft_id)
    faults = faults_of(copy.document, surroundings(copy.document))
    by_example: dict[str, list[str]] = {}
    for fault in faults:
        if fault.example:
            by_example.setdefault(fault.example, []).append(fault.message)
    rows = [
        {
            "id": example["id"],
            "title": example["title"]["ja"],
            "at": example.get("at", "2026-11-02"),
            "expect": example.get("expect", {}),
            "valid": example.get("expect", {}).get("valid", True),
            "faults": by_example.get(example["id"], []),
        }
        for example in copy.document["form"].get("examples", [])
    ]
    context = common.frame(copy, "examples", ("例", "")) | {
        "rows": rows,
        "failing": sum(bool(row["faults"]) for row in rows),
        "uncovered": [fault for fault in faults if UNCOVERED in fault.message],
    }
    return render(request, "studio/examples.html", context)


@common.staff
@require_POST
def change_examples(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Make examples: from what was typed in the preview, for the branches none shows yet, or anew as the form says now."""
    draft = common.load(request, draft_id).draft
    deed, key = request.POST.get("deed", ""), request.POST.get("key", "")
    answers = answers_of(draft, actor_of(request).ref)
    today = clock.today()
    made = {"count": 0}

    def change(document: Document) -> str:
        here = surroundings(document)
        form = document["form"]
        if deed == "cover":
            added = cover_branches(FormDefinition.model_validate(form), here.fees, at=today)
            names = names_in(document, here)
            for item in added:
                item["title"]["ja"] = in_labels(item["title"]["ja"], names)
            form.setdefault("examples", []).extend(added)
            made["count"] = len(added)
            return f"足りない例を{len(added)}件作成"
        if deed == "from_trial":
            trial = Trial(document, answers, here, clock.now())
            evaluation = trial.evaluate()
            name = next(f"trial_{n}" for n in range(1, 10_000) if f"trial_{n}" not in ids_of(document))
            kept = {field: value for field, value in answers.items() if field in evaluation.visible}
            title = request.POST.get("title", "").strip() or "プレビューで入力した例"
            form.setdefault("examples", []).append({
                "id": name, "title": {"ja": title}, "at": today.isoformat(), "answers": kept,
                "expect": expectation_of(evaluation),
            })  # fmt: skip
            made["count"] = 1
            return f"例『{title}』を作成"
        example = at(document, changing.locate(document, "example", key))
        trial = Trial(document, dict(example["answers"]), here, clock.now())
        example["at"] = today.isoformat()
        example["expect"] = expectation_of(trial.evaluate())
        made["count"] = 1
        return f"例『{example['title']['ja']}』を今の結果に合わせる"

    back = reverse("studio:examples", args=[draft_id])
    try:
        saved = common.save(request, draft_id, change)
    except CompileError as error:
        messages.warning(request, f"様式に直すところがあるため、例を作れません：{error}")
        return redirect("studio:overview", draft_id)
    if deed == "cover" and not made["count"]:
        return common.answer(
            request, saved, back, done="自動で作れる例はもうありません。残りはプレビューで入力して作ってください。"
        )
    words = (
        "例を今の結果に合わせました。"
        if deed == "renew"
        else f"例を{made['count']}件作りました。結果が正しいか確かめてください。"
    )
    return common.answer(request, saved, back, done=words)
