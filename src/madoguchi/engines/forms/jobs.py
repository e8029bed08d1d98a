"""The engine's work in the queue: virus scans, and removing what nobody finished. Owns names and times only.

What opens files is loaded by the process that works, not by every process that starts.
"""

from __future__ import annotations

from django.db import transaction

from madoguchi.kernel import clock
from madoguchi.kernel.jobs import job


@job("forms.scan_file", queue="files", retry=8)
def scan_file(*, attachment_id: str) -> None:
    """Scan one held file; when the scanner is silent, the queue tries again."""
    from madoguchi.engines.forms import scanning

    scanning.scan_file(attachment_id, at=clock.now())


@job("forms.remove_stale_uploads", queue="files", retry=2, cron="35 * * * *")
def remove_stale_uploads(*, timestamp: int) -> None:
    """Remove the pieces of files that nobody went on with, every hour."""
    from madoguchi.engines.forms import uploads

    with transaction.atomic():
        uploads.remove_stale_uploads(at=clock.now())
