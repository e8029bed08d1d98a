"""Giving a stored file to a browser so that it can do nothing there but be looked at or saved.

Owns the headers. Who may read is decided, and written to the audit log, by the room that calls.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.http import FileResponse

from madoguchi.engines.forms.models import Attachment

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"


def file_response(attachment: Attachment, stream: File[bytes]) -> FileResponse:
    """Return the file as a download under its own name."""
    response = FileResponse(stream, as_attachment=True, filename=attachment.name, content_type=attachment.media_type)
    return _guarded(response)


def preview_response(stream: File[bytes]) -> FileResponse:
    """Return a preview (always a JPEG) to be shown in a page; its address and name say nothing about the file."""
    return _guarded(FileResponse(stream, filename="preview.jpg", content_type="image/jpeg"))


def _guarded(response: Any) -> Any:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
