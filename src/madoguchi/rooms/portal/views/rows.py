"""Rows of a repeating group: add, edit, save, cancel, remove — one at a time, each a plain post with a redirect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.errors import InvalidInput


class Draw(Protocol):
    """The view's own drawing of a step."""

    def __call__(self, *, extra: list[forms.Problem], editing: tuple[str, int]) -> HttpResponse: ...


def is_row_action(request: HttpRequest) -> bool:
    """Tell whether a button of a repeating group was pressed."""
    return any(f"_row_{action}" in request.POST for action in ("add", "edit", "remove", "save", "cancel"))


def row_action(
    request: HttpRequest,
    loaded: forms.LoadedDraft,
    fields: Sequence[forms.CompiledField],
    problems: Sequence[forms.Problem],
    *,
    url: str,
    draw: Draw,
) -> HttpResponse:
    """Do what the pressed row button says; what was typed is already saved.

    *fields* and *problems* are those of the page at *url*; *draw* shows it again with a row open.
    """
    action, value = next((key, request.POST[key]) for key in request.POST if key.startswith("_row_"))
    group_id, _, number = value.partition(":")
    group = next((item for item in fields if item.id == group_id and item.repeats), None)
    if group is None or (number and not number.isdigit()):
        raise InvalidInput(
            "この画面にない項目が送られました。", code="forms.unknown_field", mend="画面を開き直してください。"
        )
    index, at = int(number or 0), clock.now()
    if action == "_row_add":
        return _to(request, url, open_row=f"{group.id}:{forms.add_row(loaded, group, at=at)}")
    if action == "_row_edit":
        return _to(request, url, open_row=f"{group.id}:{index}")
    if action == "_row_save":
        mine = [item for item in problems if item.row == index]
        children = {child.id for child in group.children}
        wrong = [item for item in mine if item.field in children]
        if wrong:
            return draw(extra=wrong, editing=(group.id, index))
    elif action == "_row_remove":
        forms.remove_row(loaded, group, index, at=at)
    elif action == "_row_cancel":
        forms.drop_empty_row(loaded, group, index, at=at)
    return _to(request, url)


def open_row_of(request: HttpRequest) -> tuple[str, int] | None:
    """Return which row of a repeating group the address asks to open (``row=group:index``), None when none."""
    group, _, index = request.GET.get("row", "").partition(":")
    return (group, int(index)) if request.method == "GET" and index.isdigit() and len(index) < 4 else None


def _to(request: HttpRequest, url: str, *, open_row: str = "") -> HttpResponse:
    """Redirect back to the page, with a row open if asked."""
    query = "&".join([*(["change=1"] if "change" in request.GET else []), *([f"row={open_row}"] if open_row else [])])
    return redirect(f"{url}?{query}" if query else url)
