"""A resident's own details, with which forms can be filled: shown, changed, forgotten by the resident alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, resident_required
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.texts import text

from ..selectors import methods_of, profile_of
from ..services.profiles import PROFILE_KEYS, save_profile

ROWS = (
    ("name", (("family_name", "family-name"), ("given_name", "given-name"))),
    ("kana", (("family_kana", ""), ("given_kana", ""))),
    ("address", (("postal_code", "postal-code"), ("prefecture", "address-level1"), ("city", "address-level2"),
                 ("town", ""), ("block", ""), ("building", ""))),
    ("contact", (("phone", "tel"), ("email", "email"))),
)  # fmt: skip
"""The boxes of the page by heading, with their autocomplete tokens."""
DAY_PARTS = ("y", "m", "d")


@resident_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Show and change the details; ``_forget`` empties them."""
    actor, lang = actor_of(request), request.lang  # type: ignore[attr-defined]
    kept = profile_of(int(actor.id))
    values, fault, wrong = dict(kept.values) if kept else {}, "", ""
    if request.method == "POST":
        values = {} if "_forget" in request.POST else _posted(request)
        try:
            save_profile(values, actor=actor, at=clock.now())
        except InvalidInput as error:
            fault, wrong = str(words_of(error, lang)), str(error.context.get("key", ""))
        else:
            return redirect(f"{request.path}?saved=1")
    proven = [item for item in methods_of(int(actor.id)) if item.claims]
    target = "birth_date-y" if wrong == "birth_date" else wrong
    context = {
        "groups": [
            {
                "id": group,
                "title": text(f"identity.profile.group.{group}", lang),
                "boxes": _boxes(keys, values, wrong, lang),
            }
            for group, keys in ROWS
        ],
        "day": dict(zip(DAY_PARTS, values.get("birth_date", "").split("-"), strict=False)),
        "day_wrong": wrong == "birth_date",
        "fault": fault,
        "errors": [{"target": target, "message": fault}] if fault else [],
        "saved": "saved" in request.GET,
        "any": bool(values),
        "proven": bool(proven),
    }
    return render(request, "identity/profile.html", context, status=422 if fault else 200)


def _boxes(keys: Iterable[tuple[str, str]], values: Mapping[str, str], wrong: str, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": text(f"identity.profile.{key}", lang),
            "value": values.get(key, ""),
            "token": token,
            "wrong": key == wrong,
        }
        for key, token in keys
    ]


def _posted(request: HttpRequest) -> dict[str, str]:
    values = {key: request.POST.get(key, "") for key in PROFILE_KEYS if key != "birth_date"}
    parts = [request.POST.get(f"birth_date-{part}", "").strip() for part in DAY_PARTS]
    if any(parts):
        values["birth_date"] = f"{parts[0].zfill(4)}-{parts[1].zfill(2)}-{parts[2].zfill(2)}"
    return values
