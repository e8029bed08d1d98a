"""Whether a document is genuine: by its code, by number and code, or by the file itself.

Open to everybody, so it says nothing about a person, keeps nothing that was sent, and is slowed down against guessing.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.throttle import slow_down
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text

from ..selectors import Proof, proof_by_code, proof_by_file

FILE_MAX = 10_000_000
WHAT = "issuing.verify"
_open = public(reason="文書を受け取った人が、真正かどうかを確かめる。個人の情報は出さない")


@_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, or for the file; answer what they prove."""
    if request.method != "POST":
        return _form(request)
    try:
        slow_down(request, WHAT)
    except DomainError as refusal:
        return _form(request, error=str(words_of(refusal, lang_of(request))), status=refusal.http_status)
    if "file" in request.FILES:
        return _by_file(request)
    number, code = request.POST.get("number", "")[:60], request.POST.get("code", "")[:40]
    proof = proof_by_code(code, number=number, today=clock.today()) if number.strip() else None
    if proof is None:
        return _form(request, error=text("issuing.verify.unknown", lang_of(request)), number=number, status=422)
    return redirect("issuing:verify_code", "".join(code.split()).replace("-", ""))


@_open
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the code of a document (its QR code) proves; compare a file with it when one is sent."""
    try:
        slow_down(request, WHAT)
    except DomainError as refusal:
        return _form(request, error=str(words_of(refusal, lang_of(request))), status=refusal.http_status)
    proof = proof_by_code(code, today=clock.today())
    if proof is None:
        return _form(request, error=text("issuing.verify.unknown", lang_of(request)), status=404)
    compared = fault = ""
    if request.method == "POST":
        found, fault = _sent(request)
        if found is not None:
            _, digest = proof_by_file(found.chunks(), today=clock.today())
            compared = "same" if digest == proof.sha256 else "altered"
    return _result(request, proof, compared=compared, fault=fault)


def _by_file(request: HttpRequest) -> HttpResponse:
    found, fault = _sent(request)
    if found is None:
        return _form(request, file_error=fault, status=422)
    proof, _ = proof_by_file(found.chunks(), today=clock.today())
    if proof is None:
        return _form(request, file_error=text("issuing.verify.not_ours", lang_of(request)), status=422)
    return _result(request, proof, compared="same")


def _sent(request: HttpRequest) -> tuple[UploadedFile[Any] | None, str]:
    """Return the file that was sent, or None and what is wrong with it."""
    found = request.FILES.get("file")
    if not isinstance(found, UploadedFile) or not found.size:
        return None, text("issuing.verify.no_file", lang_of(request))
    return (found, "") if found.size <= FILE_MAX else (None, text("issuing.verify.too_big", lang_of(request)))


def _form(
    request: HttpRequest, *, error: str = "", file_error: str = "", number: str = "", status: int = 200
) -> HttpResponse:
    errors = [{"target": "number", "message": error}] if error else []
    errors += [{"target": "file", "message": file_error}] if file_error else []
    context = {"error": error, "file_error": file_error, "number": number, "errors": errors}
    return render(request, "issuing/verify.html", context, status=status)


def _result(request: HttpRequest, proof: Proof, *, compared: str = "", fault: str = "") -> HttpResponse:
    lang = lang_of(request)
    good = proof.state == "valid" and compared != "altered"
    context = {
        "proof": proof,
        "good": good,
        "state": text(f"issuing.verify.state_{proof.state}", lang),
        "state_note": text(f"issuing.verify.note_{proof.state}", lang),
        "kind": text(f"issuing.verify.kind_{proof.kind}", lang),
        "compared": compared,
        "fault": fault,
        "errors": [{"target": "file", "message": fault}] if fault else [],
    }
    return render(request, "issuing/verified.html", context, status=422 if fault else 200)
