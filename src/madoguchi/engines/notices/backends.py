"""Mail as files a person can open (``*.eml``): the default of the demo. Owns the file names;
may not put an address in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from madoguchi.kernel import clock
from madoguchi.kernel.ids import uuid7


class FolderEmailBackend(BaseEmailBackend):
    """Writes each mail to ``MAIL_FOLDER/<time>-<id>.eml``; ready to open in any mail program."""

    def __init__(self, *args: Any, file_path: str | Path | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._folder = Path(file_path or settings.MAIL_FOLDER)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails and return how many there were. Raises OSError when the folder cannot be written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            content = message.message()
            if "Date" not in content:
                content["Date"] = formatdate(localtime=True)
            name = f"{clock.now():%Y%m%d-%H%M%S}-{uuid7().hex[-8:]}.eml"
            partial = self._folder / f".{name}"
            partial.write_bytes(content.as_bytes().replace(b"\n", b"\r\n"))
            partial.rename(self._folder / name)
        return len(email_messages)
