"""What of an application is signed: the form, its version and the answers that count, files by their digest.

Owns the content only; the bytes are ``canonical_bytes`` (RFC 8785), checking and keeping is the identity engine's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.api import Attachment, FormVersion, LoadedDraft, Submission
from madoguchi.engines.identity.api import canonical_bytes
from madoguchi.rooms.catalogue.api import Procedure

FORMAT = "madoguchi-application/1"
SIGNED_CHANNELS = frozenset({"online", "kiosk"})
"""Where the resident signs electronically; at the counter, on the phone and by post staff check the person."""


def needs_signature(procedure: Procedure, channel: str) -> bool:
    """Tell whether an application of this procedure by this channel is handed in only with a signature."""
    return procedure.assurance.signature and channel in SIGNED_CHANNELS


def content_to_sign(
    draft_id: uuid.UUID, *, procedure_id: str, version_id: uuid.UUID, answers: Mapping[str, Any]
) -> bytes:
    """Return the bytes to sign (two SQL statements): the answers that count, as they are written into the submission.

    個人番号 stands in its sealed form, files by name and SHA-256; the draft's id keeps a signature from being used twice.
    """
    version = FormVersion.objects.values("form_id", "version", "digest").get(pk=version_id)
    files = Attachment.objects.filter(draft_id=draft_id).order_by("id").values_list("id", "sha256")
    return canonical_bytes(
        {
            "format": FORMAT,
            "draft": str(draft_id),
            "procedure": procedure_id,
            "form": version["form_id"],
            "version": version["version"],
            "digest": version["digest"],
            "answers": answers,
            "files": {str(file_id): digest for file_id, digest in files},
        }
    )


def draft_to_sign(loaded: LoadedDraft, answers: Mapping[str, Any]) -> bytes:
    """Return the bytes to sign of a draft whose evaluated answers are *answers*."""
    draft = loaded.draft
    return content_to_sign(draft.id, procedure_id=draft.procedure_id, version_id=draft.form_version_id, answers=answers)


def submission_to_sign(submission: Submission) -> bytes:
    """Return the bytes that the signature of a submission covers."""
    return content_to_sign(
        submission.draft_id,
        procedure_id=submission.procedure_id,
        version_id=submission.form_version_id,
        answers=submission.answers,
    )
