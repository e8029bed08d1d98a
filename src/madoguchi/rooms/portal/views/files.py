"""Files of a draft and of a case: sending them in pieces, opening them, looking at their previews.

Every reading is checked by ``access`` and written to the audit log: who, which draft or case, which file; never its name.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.engines.casework.api import current_answers, open_correction
from madoguchi.engines.forms import api as forms
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, public
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import DomainError, InvalidInput, NotFound
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.rooms.portal import access, services
from madoguchi.rooms.portal.correction_files import asked_file_question, correction_files

_draft = public(reason="下書きの鍵を持つ人だけが、その下書きのファイルを送り、開ける")
_case = public(reason="受付番号と照会コードを知る人だけが、その案件のファイルを開ける")
OFFSET = "Upload-Offset"


def links_of_draft(draft_id: uuid.UUID) -> forms.FileLinks:
    """Return the addresses of a draft's files."""
    return forms.FileLinks(
        open=lambda key: reverse("portal:file", args=[draft_id, key]),
        preview=lambda key: reverse("portal:file_preview", args=[draft_id, key]),
        send=lambda field_id: reverse("portal:uploads", args=[draft_id, field_id]),
    )


def links_of_part(draft_id: uuid.UUID) -> forms.FileLinks:
    """Return the addresses of the files of one part of what is handed in together; more are sent with the page itself."""
    links = links_of_draft(draft_id)
    return forms.FileLinks(open=links.open, preview=links.preview)


def links_of_case(number: str) -> forms.FileLinks:
    """Return the addresses of a case's files."""
    return forms.FileLinks(
        open=lambda key: reverse("portal:case_file", args=[number, key]),
        preview=lambda key: reverse("portal:case_file_preview", args=[number, key]),
    )


def links_of_correction(number: str) -> forms.FileLinks:
    """Return the addresses of the files of a case that is being corrected."""
    links = links_of_case(number)
    return forms.FileLinks(
        open=links.open,
        preview=links.preview,
        send=lambda field_id: reverse("portal:correction_uploads", args=[number, field_id]),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that takes files now: who keeps them, and how the page draws them."""

    holder: forms.FileHolder
    item: forms.CompiledField
    evaluation: forms.Evaluation
    links: forms.FileLinks


def _of_draft(request: HttpRequest, draft_id: uuid.UUID, field_id: str) -> _Asked:
    """Return the file question that is on one of the draft's open pages. Raises NotFound."""
    at = clock.now()
    loaded = access.get_draft(request, draft_id, at=at)
    item = loaded.form.fields.get(field_id)
    page = loaded.evaluate(at=at)
    if item is None or item.fd.type != "file" or item.id not in page.visible or not page.may_visit(item.step_id):
        raise NotFound("この質問にはファイルを付けられません。", code="portal.no_question")
    return _Asked(forms.DraftFiles(loaded), item, page, links_of_draft(draft_id))


def _of_correction(request: HttpRequest, number: str, field_id: str) -> _Asked:
    """Return the file question of the correction that the case awaits. Raises NotFound."""
    case = access.get_case(request, number)
    files = correction_files(case)
    item = asked_file_question(case, files, field_id)
    return _Asked(files, item, services.evaluate_correction(case, {}), links_of_correction(number))


def _refusal(request: HttpRequest, asked: _Asked, refused: Any) -> JsonResponse:
    problem = forms.problem_of(asked.item, refused)
    words = forms.problem_message(problem, asked.evaluation.form, lang_of(request))
    return JsonResponse({"code": refused.code, "message": words}, status=422)


def _domain(request: HttpRequest, error: DomainError) -> JsonResponse:
    answer: dict[str, Any] = {"code": error.code, "message": str(words_of(error, lang_of(request)))}
    if isinstance(error, forms.WrongOffset):
        return JsonResponse({**answer, "offset": error.offset}, status=409)
    return JsonResponse(answer, status=422)


@_draft
@require_POST
def begin(request: HttpRequest, draft_id: uuid.UUID, field_id: str) -> HttpResponse:
    """Begin, or find again, the upload of a file; answer with its id and the offset to go on from."""
    return _begin(request, _of_draft(request, draft_id, field_id))


@_draft
@require_http_methods(["PATCH", "POST"])
def send(request: HttpRequest, draft_id: uuid.UUID, field_id: str, upload_id: uuid.UUID) -> HttpResponse:
    """Take a piece (PATCH) or finish the file (POST) and answer with the list as it now is."""
    if request.method == "PATCH":
        access.get_draft(request, draft_id, at=clock.now())
        return _piece(request, draft_id, field_id, upload_id)
    return _finish(request, _of_draft(request, draft_id, field_id), upload_id)


@_case
@require_POST
def begin_corrected(request: HttpRequest, number: str, field_id: str) -> HttpResponse:
    """Do as ``begin`` for a file that answers a correction."""
    return _begin(request, _of_correction(request, number, field_id))


@_case
@require_http_methods(["PATCH", "POST"])
def send_corrected(request: HttpRequest, number: str, field_id: str, upload_id: uuid.UUID) -> HttpResponse:
    """Do as ``send`` for a file that answers a correction."""
    if request.method == "PATCH":
        return _piece(request, correction_files(access.get_case(request, number)).draft_id, field_id, upload_id)
    return _finish(request, _of_correction(request, number, field_id), upload_id)


def _begin(request: HttpRequest, asked: _Asked) -> HttpResponse:
    size = request.POST.get("size", "")
    try:
        if not size.isascii() or not size.isdigit() or len(size) > 10:
            raise InvalidInput("大きさが読み取れません。", code="portal.size")
        upload = forms.begin_upload(
            asked.holder,
            asked.item,
            name=request.POST.get("name", "")[:300],
            size=int(size),
            fingerprint=request.POST.get("fingerprint", "")[:600],
            at=clock.now(),
        )
    except forms.Refused as refused:
        return _refusal(request, asked, refused)
    except DomainError as error:
        return _domain(request, error)
    return JsonResponse({"id": str(upload.id), "offset": upload.received}, status=201)


def _finish(request: HttpRequest, asked: _Asked, upload_id: uuid.UUID) -> HttpResponse:
    holder, item = asked.holder, asked.item
    try:
        forms.finish_upload(holder, item, upload_id, at=clock.now())
    except forms.Refused as refused:
        return _refusal(request, asked, refused)
    except DomainError as error:
        return _domain(request, error)
    answers = {item.id: holder.files(item)}
    context = forms.fields_context(asked.evaluation, [item], answers, lang=lang_of(request), show_problems=False)
    forms.dress_files(context["fields"], holder.draft_id, asked.links)
    html = render_to_string("forms/file_list.html", {"field": context["fields"][0]}, request=request)
    return JsonResponse({"html": html})


def _piece(request: HttpRequest, draft_id: uuid.UUID, field_id: str, upload_id: uuid.UUID) -> HttpResponse:
    offset = request.headers.get(OFFSET, "")
    try:
        if not offset.isascii() or not offset.isdigit() or len(offset) > 10:
            raise InvalidInput("続きの位置が読み取れません。", code="portal.offset")
        upload = forms.append_piece(
            draft_id, field_id, upload_id, offset=int(offset), piece=request.body, at=clock.now()
        )
    except DomainError as error:
        return _domain(request, error)
    return JsonResponse({"offset": upload.received})


@_draft
@require_GET
def open_file(request: HttpRequest, draft_id: uuid.UUID, file_id: str) -> HttpResponseBase:
    """Give a file of a draft to who holds the draft."""
    access.demand_files(request, draft_id)
    attachment, stream = forms.open_attachment(draft_id, file_id)
    _note(request, f"draft:{draft_id}", file_id)
    return forms.file_response(attachment, stream)


@_draft
@require_GET
def preview(request: HttpRequest, draft_id: uuid.UUID, file_id: str) -> HttpResponseBase:
    """Give the preview of a file of a draft to who holds the draft."""
    access.demand_files(request, draft_id)
    return forms.preview_response(forms.open_preview(draft_id, file_id)[1])


@_case
@require_GET
def open_case_file(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """Give a file of a case to its applicant."""
    draft_id = _draft_of(request, number, file_id)
    attachment, stream = forms.open_attachment(draft_id, file_id)
    _note(request, f"case:{number}", file_id)
    return forms.file_response(attachment, stream)


@_case
@require_GET
def case_preview(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """Give the preview of a file of a case to its applicant."""
    return forms.preview_response(forms.open_preview(_draft_of(request, number, file_id), file_id)[1])


def _draft_of(request: HttpRequest, number: str, file_id: str) -> uuid.UUID:
    """Return the draft whose file this is, when the case's answers or its awaited correction name it. Raises NotFound."""
    case = access.get_case(request, number)
    asked = open_correction(case)
    named = {
        str(item.get("id"))
        for value in (*current_answers(case).values(), *(asked.prepared.values() if asked else ()))
        if isinstance(value, list)
        for item in value
        if isinstance(item, dict)
    }
    if case.submission is None or file_id not in named:
        raise NotFound("この添付ファイルは見つかりません。", code="forms.no_attachment")
    return case.submission.draft_id


def _note(request: HttpRequest, subject: str, file_id: str) -> None:
    record(
        actor=actor_of(request), action="portal.open_file", subject=subject, payload={"file": file_id}, at=clock.now()
    )
