"""Signing an application: get what is to be signed as a file, sign it with one's own software, send the signature."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.engines.forms.api import Evaluation, LoadedDraft
from madoguchi.engines.identity.api import (
    DEMO_CARDS,
    good_signature,
    sign_with_demo_card,
    signatures_of,
    take_signature,
)
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public
from madoguchi.kernel.errors import DomainError, InvalidInput
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import get_department, get_procedure
from madoguchi.rooms.portal import access
from madoguchi.rooms.portal.signing import draft_to_sign, needs_signature
from madoguchi.rooms.portal.views.browse import crumbs, procedure_crumb

_open = public(reason="下書きは鍵を持つ人だけが開ける")
MAX_FILE = 60_001


def signature_state(loaded: LoadedDraft, evaluation: Evaluation) -> dict[str, Any] | None:
    """Return whether a signature is asked for and whether there is a good one, None when none is asked for."""
    if not needs_signature(get_procedure(loaded.draft.procedure_id), loaded.draft.channel) or not evaluation.valid:
        return None
    kept = good_signature(loaded.draft.id, draft_to_sign(loaded, evaluation.effective_answers()))
    return {"kept": kept, "url": reverse("portal:sign", args=[loaded.draft.id])}


@_open
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Explain how to sign; take a signature in and say what was found out about it."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    evaluation = loaded.evaluate(at=at)
    procedure = get_procedure(loaded.draft.procedure_id)
    if loaded.sent or not evaluation.valid or not needs_signature(procedure, loaded.draft.channel):
        return redirect("portal:entry", draft_id)
    content = draft_to_sign(loaded, evaluation.effective_answers())
    refused: list[str] = []
    if request.method == "POST":
        refused = _take(request, draft_id, content)
        if not refused:
            return redirect("portal:summary", draft_id)
    lang = lang_of(request)
    context = {
        "procedure": procedure,
        "draft_id": draft_id,
        "kept": good_signature(draft_id, content),
        "older": any(item.verdict == "good" for item in signatures_of(draft_id)),
        "refused": refused,
        "errors": [{"target": "signature", "message": each} for each in refused],
        "demo_cards": [(kind, text(f"portal.sign.demo_{kind}", lang)) for kind in DEMO_CARDS] if settings.DEMO else [],
        "department": get_department(procedure.department),
        "other_ways": [text(f"portal.channel.{item}", lang) for item in procedure.channels if item != "online"],
        "crumbs": crumbs(request, procedure_crumb(procedure), (text("portal.sign.title", lang), "")),
    }
    return render(request, "portal/sign.html", context, status=422 if refused else 200)


def _take(request: HttpRequest, draft_id: uuid.UUID, content: bytes) -> list[str]:
    """Take what was posted; return what is wrong with it in the reader's language, [] when the signature is good."""
    lang, at = lang_of(request), clock.now()
    try:
        if (kind := request.POST.get("_demo", "")) in DEMO_CARDS and settings.DEMO:
            signature = sign_with_demo_card(kind, content, at=at)
        else:
            signature = _read(request.FILES.get("signature"))
        certificate = _read(request.FILES.get("certificate"))
        decision = take_signature(draft_id, content, signature, certificate=certificate, actor=actor_of(request), at=at)
    except DomainError as problem:
        return [str(words_of(problem, lang))]
    if decision.is_good:
        return []
    return [
        str(words_of(InvalidInput(item.message_ja, code=item.code, mend=item.mend), lang)) for item in decision.reasons
    ]


def _read(upload: UploadedFile | None) -> bytes:
    return upload.read(MAX_FILE) if upload is not None else b""


@_open
@require_safe
def to_sign(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Give what is to be signed as a file: canonical JSON."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    content = draft_to_sign(loaded, loaded.evaluate(at=at).effective_answers())
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{loaded.draft.procedure_id}.json"'
    response["Cache-Control"] = "no-store"
    return response
