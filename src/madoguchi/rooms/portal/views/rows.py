"""Rows of a repeating group: add, edit, save, cancel, remove — one at a time, each a plain post with a redirect."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.errors import InvalidInput


class Draw(Protocol):
    """The view's own drawing of a step."""

    def __call__(
        self,
        request: HttpRequest,
        loaded: forms.LoadedDraft,
        evaluation: forms.Evaluation,
        current: forms.CompiledStep,
        *,
        extra: list[forms.Problem] | None = None,
        editing: tuple[str, int] | None = None,
    ) -> HttpResponse: ...


def row_action(
    request: HttpRequest,
    loaded: forms.LoadedDraft,
    after: forms.Evaluation,
    current: forms.CompiledStep,
    *,
    draw: Draw,
) -> HttpResponse:
    """Do what the pressed row button says; what was typed is already saved."""
    action, value = next((key, request.POST[key]) for key in request.POST if key.startswith("_row_"))
    group_id, _, number = value.partition(":")
    group = next((item for item in current.fields if item.id == group_id and item.repeats), None)
    if group is None or (number and not number.isdigit()):
        raise InvalidInput(
            "この画面にない項目が送られました。", code="forms.unknown_field", mend="画面を開き直してください。"
        )
    index, at = int(number or 0), clock.now()
    if action == "_row_add":
        return _to(request, loaded, current, open_row=f"{group.id}:{forms.add_row(loaded, group, at=at)}")
    if action == "_row_edit":
        return _to(request, loaded, current, open_row=f"{group.id}:{index}")
    if action == "_row_save":
        mine = [item for item in after.problem_steps.get(current.id, []) if item.row == index]
        children = {child.id for child in group.children}
        wrong = [item for item in mine if item.field in children]
        if wrong:
            return draw(request, loaded, after, current, extra=wrong, editing=(group.id, index))
    elif action == "_row_remove":
        forms.remove_row(loaded, group, index, at=at)
    elif action == "_row_cancel":
        forms.drop_empty_row(loaded, group, index, at=at)
    return _to(request, loaded, current)


def _to(
    request: HttpRequest, loaded: forms.LoadedDraft, current: forms.CompiledStep, *, open_row: str = ""
) -> HttpResponse:
    """Redirect back to the step, with a row open if asked."""
    query = "&".join([*(["change=1"] if "change" in request.GET else []), *([f"row={open_row}"] if open_row else [])])
    url = reverse("portal:step", args=[loaded.draft.id, current.id])
    return redirect(f"{url}?{query}" if query else url)
