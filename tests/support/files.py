"""Small files of every kind a form may accept, by their MIME type."""

from __future__ import annotations

import io
import zipfile


def office(folder: str) -> bytes:
    """Return a minimal Office file whose inner folder is ``word`` or ``xl``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
    return buffer.getvalue()


PDF = b"%PDF-1.4\n% sample\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(64)
CSV = "氏名,年齢\n見本 花子,30\n".encode()
EXE = b"MZ\x90\x00" + bytes(64)

BY_TYPE: dict[str, bytes] = {
    "application/pdf": PDF,
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/heic": HEIC,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office("word"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office("xl"),
    "text/csv": CSV,
}
