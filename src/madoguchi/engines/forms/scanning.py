"""Virus scanning by clamd: a file is held (確認中) until the scanner says that it is clean.

Owns the table ``FileScan`` and the talk with clamd (INSTREAM over TCP or a Unix socket). Without ``MADOGUCHI_CLAMD`` nothing is
asked and nothing is held. An infected file is never readable again; its bytes stay where they are for the office's own
investigation, until retention takes them away.
"""

from __future__ import annotations

import datetime as dt
import uuid
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import OuterRef, Subquery

from madoguchi.engines.forms.models import Attachment, FileScan
from madoguchi.kernel import jobs
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.audit import record

FileState = Literal["open", "held", "infected"]
TIMEOUT_SECONDS = 60.0
JOB = "forms.scan_file"


class ScannerSilent(Exception):  # noqa: N818 - the name says what happened
    """The scanner cannot be reached or gave no answer; the job is tried again."""


def is_configured() -> bool:
    """Tell whether files are scanned in this house."""
    return bool(settings.CLAMD_URL)


@cache
def _library() -> Any:
    """Load the client when it is first needed; its use of pkg_resources is the library's own concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import clamd
    return clamd


def _client() -> Any:
    """Return a client for ``tcp://host:port`` or ``unix:/path/to/socket``."""
    clamd = _library()
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        return clamd.ClamdUnixSocket(address.path, timeout=TIMEOUT_SECONDS)
    return clamd.ClamdNetworkSocket(address.hostname or "localhost", address.port or 3310, timeout=TIMEOUT_SECONDS)


def ask_for_scan(attachment: Attachment, *, at: dt.datetime) -> None:
    """Hold a file and queue its scan in the current transaction; does nothing when no scanner is configured."""
    if not is_configured():
        return
    FileScan.objects.create(attachment=attachment, at=at, result=FileScan.Result.ASKED)
    jobs.enqueue(JOB, attachment_id=str(attachment.id))


def scan_bytes(stream: Any) -> str:
    """Return the signature the scanner found, '' for a clean file. Raises ScannerSilent."""
    try:
        verdict, signature = _client().instream(stream)["stream"]
    except (_library().ClamdError, OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise ScannerSilent(type(error).__name__) from error
    if verdict == "OK":
        return ""
    if verdict == "FOUND":
        return str(signature or "unknown")[:200]
    raise ScannerSilent(str(verdict)[:40])


def scan_file(attachment_id: str, *, at: dt.datetime) -> None:
    """Scan a held file and write what came of it. Raises ScannerSilent: the hold goes on and the queue tries again.

    A file that is gone or judged already is left alone.
    """
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None or state_of(attachment) != "held":
        return
    with default_storage.open(attachment.stored, "rb") as stream:
        signature = scan_bytes(stream)
    with transaction.atomic():
        result = FileScan.Result.INFECTED if signature else FileScan.Result.CLEAN
        FileScan.objects.create(attachment=attachment, at=at, result=result, signature=signature)
        if signature:
            payload = {"file": str(attachment.id), "draft": str(attachment.draft_id)}
            record(actor=SYSTEM, action="forms.file_infected", subject=f"file:{attachment.id}", payload=payload, at=at)


def state_of(attachment: Attachment) -> FileState:
    """Return the state of one file, derived from its scans (one SQL statement)."""
    return states_of([attachment.id])[attachment.id]


def states_of(attachment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, FileState]:
    """Return the state of many files (one SQL statement): ``open``, ``held`` until judged, ``infected``."""
    wanted = list(attachment_ids)
    results: dict[uuid.UUID, set[str]] = {}
    for key, result in FileScan.objects.filter(attachment_id__in=wanted).values_list("attachment_id", "result"):
        results.setdefault(key, set()).add(result)
    return {key: _derived(results.get(key, set())) for key in wanted}


def _derived(results: set[str]) -> FileState:
    if FileScan.Result.INFECTED in results:
        return "infected"
    return "held" if results and FileScan.Result.CLEAN not in results else "open"


def states_of_draft(draft_id: uuid.UUID) -> dict[str, FileState]:
    """Return the state of every scanned file of a draft by id as text (one SQL statement); what is missing is open."""
    results: dict[str, set[str]] = {}
    rows = FileScan.objects.filter(attachment__draft_id=draft_id).values_list("attachment_id", "result")
    for key, result in rows:
        results.setdefault(str(key), set()).add(result)
    return {key: _derived(found) for key, found in results.items()}


def long_held(*, before: dt.datetime) -> int:
    """Return how many files have been held since before *before* (for the doctor)."""
    judged = FileScan.objects.filter(
        attachment=OuterRef("attachment"), result__in=[FileScan.Result.CLEAN, FileScan.Result.INFECTED]
    )
    asked = FileScan.objects.filter(result=FileScan.Result.ASKED, at__lt=before)
    return asked.annotate(judged=Subquery(judged.values("pk")[:1])).filter(judged=None).count()


def ask_version() -> str:
    """Return what the scanner says about itself. Raises ScannerSilent."""
    try:
        return str(_client().version())
    except (_library().ClamdError, OSError) as error:
        raise ScannerSilent(type(error).__name__) from error
