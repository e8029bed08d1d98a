"""Papers, fees and translations of a working copy."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from madoguchi.engines.forms.api import FormDefinition, current_fees, describe_value
from madoguchi.kernel import clock
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.kernel.folder import problems_of
from madoguchi.kernel.text import normalise_width
from madoguchi.rooms.studio import changing, texts
from madoguchi.rooms.studio.documents import Document, at, fields_of
from madoguchi.rooms.studio.parts import HOW, NUMERIC
from madoguchi.rooms.studio.places import when, words_of
from madoguchi.rooms.studio.selectors import Copy
from madoguchi.rooms.studio.surroundings import Surroundings, surroundings
from madoguchi.rooms.studio.views import common


@common.staff
@require_GET
def papers(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """List the papers with when each is needed."""
    copy = common.load(request, draft_id)
    definition = FormDefinition.model_validate(copy.document["form"])
    labels = {field["id"]: field["label"]["ja"] for _, field in fields_of(copy.document)}
    rows = [
        {
            "id": paper["id"],
            "title": paper["title"]["ja"],
            "how": dict(HOW)[paper.get("how", "upload")],
            "field": labels.get(paper.get("field", ""), ""),
            "needed": when(paper.get("needed_if"), definition, "に必要"),
        }
        for paper in copy.document["form"].get("papers", [])
    ]
    return render(request, "studio/papers.html", common.frame(copy, "papers", ("書類", "")) | {"rows": rows})


@common.staff
@require_GET
def fees(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """List the fee lines with their amounts, reductions and conditions."""
    return _draw_fees(request, common.load(request, draft_id))


def _draw_fees(request: HttpRequest, copy: Copy, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    document = copy.document
    here = surroundings(document)
    definition = FormDefinition.model_validate(document["form"])
    rows = [_fee_row(line, here, definition) for line in document["form"].get("fees", [])]
    context = common.frame(copy, "fees", ("手数料", "")) | {
        "rows": rows,
        "fees": [(fee.id, str(fee.title)) for fee in here.fees.values()],
        "new": document.get("fees", []),
        "payment": document["procedure"].get("payment"),
        "numbers": [
            (field["id"], field["label"]["ja"])
            for path, field in fields_of(document)
            if field["type"] in NUMERIC - {"yen"} and len(path) == 5
        ],
        "errors": errors or [],
        "typed": request.POST if errors else {},
        "today": clock.today(),
    }
    return render(request, "studio/fees.html", context, status=422 if errors else 200)


def _fee_row(line: dict[str, Any], here: Surroundings, definition: FormDefinition) -> dict[str, Any]:
    fee = here.fees.get(line["rate"])
    rate = fee.rate_on(clock.today()) if fee else None
    quantity = line.get("quantity", 1)
    used = {item["exemption"] for item in line.get("reduction", [])}
    variable = quantity.get("var", "") if isinstance(quantity, dict) and set(quantity) == {"var"} else ""
    return {
        "id": line["id"],
        "title": line.get("title", {}).get("ja") or (str(fee.title) if fee else line["rate"]),
        "fee": str(fee.title) if fee else "",
        "rate": line["rate"],
        "amount_yen": rate.amount_yen if rate else None,
        "source": rate.source if rate else "",
        "sample": bool(rate and rate.status != "verified"),
        "quantity": "1" if quantity == 1 else describe_value(quantity, definition),
        "quantity_field": variable,
        "quantity_kept": quantity != 1 and not variable,
        "when": when(line.get("when"), definition, "にかかる"),
        "reductions": [_reduction_row(item, fee, definition) for item in line.get("reduction", [])],
        "offered": [(item.id, f"{item.title}（{item.percent}%）") for item in fee.exemptions if item.id not in used]
        if fee
        else [],
    }


def _reduction_row(item: dict[str, Any], fee: Any, definition: FormDefinition) -> dict[str, Any]:
    exemption = fee.exemption(item["exemption"]) if fee else None
    return {
        "id": item["exemption"],
        "title": str(exemption.title) if exemption else item["exemption"],
        "percent": exemption.percent if exemption else None,
        "source": exemption.source if exemption else "",
        "when": when(item.get("when"), definition, "に減額する"),
        "always": item.get("when", True) is True,
    }


@common.staff
@require_POST
def quantity(request: HttpRequest, draft_id: uuid.UUID, key: str) -> HttpResponse:
    """Say how many times a fee line is charged: once, or as often as a question answers."""

    def change(document: Document) -> str:
        line = at(document, changing.locate(document, "fee", key))
        chosen = request.POST.get("quantity", "")
        line.pop("quantity", None)
        if chosen:
            line["quantity"] = {"var": chosen}
        return "手数料の数を編集"

    back = reverse("studio:fees", args=[draft_id])
    return common.save_or_warn(request, draft_id, change, back, done="保存しました。")


@common.staff
@require_POST
def new_fee(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Add a fee that the municipality does not have yet, with its amount and reductions, and a line for it."""
    post = request.POST
    problems: list[str] = []

    def change(document: Document) -> str:
        problems.clear()
        try:
            name = changing.add_rate(document, _typed_fee(request), known=set(current_fees()))
        except ValidationError as error:
            problems.extend(
                f"{words_of(tuple(map(str, where)))}：{text}。{mend}。" for where, text, mend in problems_of(error)
            )
            raise InvalidInput("手数料を追加できません。", code="studio.no_fee") from None
        line = changing.add_fee(document, name)
        for item in at(document, ("fees", name)).get("exemptions", []):
            changing.add_reduction(document, line, item["id"])
        return f"手数料『{post.get('title', '').strip()}』を追加"

    try:
        saved = common.save(request, draft_id, change)
    except InvalidInput as error:
        errors = [{"target": "new-title", "message": text} for text in problems or [str(error)]]
        return _draw_fees(request, common.load(request, draft_id), errors=errors)
    return common.answer(request, saved, reverse("studio:fees", args=[draft_id]), done="手数料を追加しました。")


def _typed_fee(request: HttpRequest) -> dict[str, Any]:
    """Return the posted fee as the file ``fees.yaml`` would hold it. Raises InvalidInput."""
    post = request.POST
    title = post.get("title", "").strip()
    if not title:
        raise InvalidInput("手数料の名前がありません。", code="studio.no_name", mend="名前を入力してください。")
    source = post.get("source", "").strip()
    rate = {
        "valid_from": post.get("valid_from") or clock.today().isoformat(),
        "amount_yen": _yen(post.get("amount", "")),
        "source": source or "未記入",
        "status": "verified" if source else "unverified",
    }
    fee: dict[str, Any] = {
        "title": {"ja": title},
        "account": post.get("account", "").strip() or "使用料及び手数料（手数料）",
        "rates": [rate],
    }
    if unit := post.get("unit", "").strip():
        fee["unit"] = {"ja": unit}
    exemptions = []
    for number, (name, percent, basis) in enumerate(
        zip(post.getlist("cut_title"), post.getlist("cut_percent"), post.getlist("cut_source"), strict=False), start=1
    ):
        if name.strip():
            exemptions.append({
                "id": f"cut_{number}", "title": {"ja": name.strip()}, "source": basis.strip() or "未記入",
                "percent": _yen(percent) if percent.strip() else 100,
            })  # fmt: skip
    return fee | ({"exemptions": exemptions} if exemptions else {})


def _yen(text: str) -> Any:
    """Return a typed number, or the text as typed for the model to refuse."""
    digits = normalise_width(text).replace(",", "").replace("円", "").replace("%", "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else text


@common.staff
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, draft_id: uuid.UUID, section: str = "procedure") -> HttpResponse:
    """Show or save the texts of one section in every language, side by side."""
    here = reverse("studio:texts_in", args=[draft_id, section])
    if request.method == "POST":

        def change(document: Document) -> str:
            for path, text in texts.texts_of(document, section):
                for code in texts.OTHERS:
                    posted = request.POST.get(f"{'/'.join(path)}|{code}")
                    if posted is None:
                        continue
                    if posted.strip():
                        text[code] = posted.strip().replace("\r\n", "\n")
                    else:
                        text.pop(code, None)
            return "翻訳を編集"

        return common.save_or_warn(request, draft_id, change, here, done="保存しました。")
    copy = common.load(request, draft_id)
    document = copy.document
    sections = texts.sections_of(document)
    if section not in {key for key, _, _ in sections}:
        raise NotFound("この部分は見つかりません。", code="studio.no_part")
    prefix = next(path for key, _, path in sections if key == section)
    rows = [
        {
            "name": "/".join(path),
            "place": words_of(path, document).removeprefix(words_of(prefix, document)).strip(" ›"),
            "ja": text["ja"],
            "cells": [
                {"code": code, "label": name, "lang": {"easy": "ja"}.get(code, code), "value": text.get(code, "")}
                for code, name in texts.OTHERS.items()
            ],
            "rows": 1 + len(text["ja"]) // 30,
            "advice": texts.advice(text),
        }
        for path, text in texts.texts_of(document, section)
    ]
    lacking = texts.missing(document)
    context = common.frame(copy, "texts", ("翻訳", "")) | {
        "rows": rows,
        "sections": [{"key": key, "title": name, "current": key == section} for key, name, _ in sections],
        "section": section,
        "missing": [(texts.OTHERS[code], count) for code, count in lacking.items()],
        "total": texts.total(document),
    }
    return render(request, "studio/texts.html", context)
