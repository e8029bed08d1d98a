"""What the studio's pages share: the frame of a working copy, the saving of a change, the page of two versions.

Owns how a change that was posted is saved and answered. Nothing typed is lost: what cannot be saved is drawn again, and what
two people changed differently is shown from both sides with everything that was posted.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.engines.forms.api import FormDefinition
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.errors import InvalidInput
from madoguchi.rooms.studio import access, places, selectors, services
from madoguchi.rooms.studio.documents import Document, Faulty
from madoguchi.rooms.studio.selectors import Copy

staff = staff_required(access.EDIT)
TABS = [
    ("overview", "概要と検査"),
    ("basics", "基本"),
    ("steps", "質問"),
    ("papers", "書類"),
    ("fees", "手数料"),
    ("texts", "翻訳"),
    ("examples", "例"),
    ("preview", "プレビュー"),
    ("compare", "公開中との違い"),
    ("history", "経過"),
]
OWN = frozenset({"csrfmiddlewaretoken"})


def load(request: HttpRequest, draft_id: uuid.UUID) -> Copy:
    """Return a working copy the signed-in clerk may see. Raises NotFound."""
    return selectors.copy_of(access.get_draft(actor_of(request), draft_id))


def tab_url(tab: str, draft_id: uuid.UUID) -> str:
    """Return the address of a tab."""
    if tab == "basics":
        return reverse("studio:part", args=[draft_id, "basics", "-"])
    return reverse(f"studio:{tab}", args=[draft_id])


def frame(copy: Copy, tab: str, *trail: tuple[str, str]) -> dict[str, Any]:
    """Return the context of every page of a copy: tabs, state, crumbs."""
    draft = copy.draft
    tabs = [{"title": title, "url": tab_url(name, draft.pk), "current": name == tab} for name, title in TABS]
    crumbs = [
        {"title": "様式スタジオ", "url": reverse("studio:home")},
        {"title": draft.title, "url": reverse("studio:overview", args=[draft.pk]) if trail else ""},
        *({"title": title, "url": url} for title, url in trail),
    ]
    return {"copy": copy, "draft": draft, "tabs": tabs, "crumbs": crumbs, "tab": tab}


def number(request: HttpRequest, name: str) -> int:
    """Return a posted revision number, 0 for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def save(request: HttpRequest, draft_id: uuid.UUID, change: Callable[[Document], str]) -> services.Saved:
    """Save a posted change. Raises what ``services.save_change`` raises."""
    choices = {
        name.removeprefix("_choose."): str(value) for name, value in request.POST.items() if name.startswith("_choose.")
    }
    return services.save_change(
        draft_id,
        change,
        base=number(request, "_base"),
        choices=choices,
        seen=number(request, "_seen"),
        actor=actor_of(request),
        at=clock.now(),
    )


def answer(request: HttpRequest, saved: services.Saved, back: str, *, done: str = "保存しました。") -> HttpResponse:
    """Lead back after a save, or show both versions."""
    if saved.conflicts:
        return both_versions(request, saved, back)
    if saved.joined:
        done = "ほかの職員の変更と合わせて保存しました。"
    if done:
        messages.success(request, done)
    return redirect(back)


def save_or_warn(
    request: HttpRequest, draft_id: uuid.UUID, change: Callable[[Document], str], back: str, *, done: str = ""
) -> HttpResponse:
    """Save a change that has nothing typed to lose; a refusal becomes a warning on the page it came from."""
    try:
        saved = save(request, draft_id, change)
    except (Faulty, InvalidInput) as error:
        messages.warning(request, str(error))
        return redirect(back)
    return answer(request, saved, back, done=done)


def both_versions(request: HttpRequest, saved: services.Saved, back: str) -> HttpResponse:
    """Show theirs and mine for every place that both changed, with all that was posted."""
    definition = FormDefinition.model_validate(saved.document["form"])
    rows = [
        {
            "key": conflict.key,
            "place": places.words_of(conflict.path, saved.document),
            "before": places.shown(conflict.base, conflict.path, definition),
            "theirs": places.shown(conflict.theirs, conflict.path, definition),
            "mine": places.shown(conflict.mine, conflict.path, definition),
        }
        for conflict in saved.conflicts
    ]
    kept = [
        (name, value)
        for name in request.POST
        if name not in OWN and name != "_seen" and not name.startswith("_choose.")
        for value in request.POST.getlist(name)
    ]
    copy = selectors.copy_of(saved.draft)
    writer = selectors.names_of({copy.revision.actor_ref}).get(copy.revision.actor_ref, "ほかの職員")
    context = frame(copy, "", ("二つの変更", "")) | {
        "rows": rows,
        "kept": kept,
        "action": request.get_full_path(),
        "back": back,
        "writer": writer,
    }
    return render(request, "studio/both.html", context, status=409)


def faults_by_control(
    error: Faulty, path: tuple[str, ...], names: Mapping[str, Any]
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the faults of a refused save by control, and the list for the error summary."""
    by_name: dict[str, str] = {}
    summary: list[dict[str, str]] = []
    for where, message, mend in error.problems:
        rest = where[len(path) :] if where[: len(path)] == path else ()
        dotted = ".".join(rest)
        name = next((key for key in names if dotted and (dotted.startswith(key) or key.startswith(dotted))), "")
        text = f"{message}。{mend}。".replace("。。", "。")
        if name:
            by_name.setdefault(name, text)
            summary.append({"target": name.replace(".", "-"), "message": f"{names[name]}：{text}"})
        else:
            summary.append({"target": "main", "message": f"{places.words_of(where)}：{text}"})
    return by_name, summary
