"""Secrets of a demo or test house: made once, kept under ``var/secrets`` with mode 0600. Production brings its own."""

from __future__ import annotations

import os
import secrets

from madoguchi.config.database import var_dir


def local_secret(name: str, *, allow: bool) -> str:
    """Return the local secret *name*, making it at first use. Raises ValueError in production (``allow`` false)."""
    if not allow:
        raise ValueError(f"MADOGUCHI_{name.upper()} を設定してください（50 文字以上の無作為な文字列）。")
    path = var_dir() / "secrets" / name
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = secrets.token_urlsafe(64)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(value)
    return value
