"""What the notices engine needs from the Django settings. Read by ``config/settings.py``; imports no Django model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

INSTALLED_APPS = ["madoguchi.engines.notices"]

_BACKENDS = "django.core.mail.backends."


def mail_settings(environ: Mapping[str, str], *, var: Path) -> dict[str, Any]:
    """Return the mail settings for ``MADOGUCHI_MAIL_URL``.

    ``file:`` (default: ``var/mail/*.eml``), ``console:``, ``smtp://user:password@host:587?tls=1`` or ``?ssl=1``. The sender
    is ``MADOGUCHI_MAIL_FROM``. Raises ValueError for another scheme.
    """
    url = urlsplit(environ.get("MADOGUCHI_MAIL_URL", "file:"))
    sender = environ.get("MADOGUCHI_MAIL_FROM", "窓口（サンプル） <madoguchi@example.jp>")
    common = {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": 20}
    if url.scheme == "file":
        folder = Path(url.path) if url.path else var / "mail"
        return {**common, "EMAIL_BACKEND": "madoguchi.engines.notices.backends.EmlFileBackend", "EMAIL_FILE_PATH": folder}
    if url.scheme == "console":
        return {**common, "EMAIL_BACKEND": f"{_BACKENDS}console.EmailBackend"}
    if url.scheme == "smtp":
        options = parse_qs(url.query)
        return {
            **common,
            "EMAIL_BACKEND": f"{_BACKENDS}smtp.EmailBackend",
            "EMAIL_HOST": url.hostname or "localhost",
            "EMAIL_PORT": url.port or 25,
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_TLS": "tls" in options,
            "EMAIL_USE_SSL": "ssl" in options,
        }
    raise ValueError("MADOGUCHI_MAIL_URL は file:、console:、smtp://… のどれかで書いてください")
