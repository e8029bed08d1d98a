"""Small real files of every kind a form may accept, by their MIME type, and files that must be refused."""

from __future__ import annotations

import io
import zipfile

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()


def office(folder: str, **more: bytes) -> bytes:
    """Return a minimal Office file whose inner folder is ``word`` or ``xl``; *more* are further files inside by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
        for name, body in more.items():
            archive.writestr(f"{folder}/{name}", body)
    return buffer.getvalue()


def picture(kind: str, size: tuple[int, int] = (48, 32), **options: object) -> bytes:
    """Return a picture of one colour: JPEG, PNG or HEIF."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind, **options)
    return out.getvalue()


def located_jpeg(size: tuple[int, int] = (48, 32), orientation: int = 6) -> bytes:
    """Return a JPEG as a phone writes it: turned by its orientation mark, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 42.0, 0.0), 3: "E", 4: (139.0, 38.0, 0.0)})
    return picture("JPEG", size, exif=exif)


def pdf(pages: int = 1) -> bytes:
    """Return a PDF of empty pages."""
    kids = b" ".join(b"%d 0 R" % (3 + i) for i in range(pages))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, pages)]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"] * pages
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, item)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + tail


PDF = pdf()
JPEG = picture("JPEG")
PNG = picture("PNG")
HEIC = picture("HEIF")
CSV = "氏名,年齢\n見本 花子,30\n".encode()
EXE = b"MZ\x90\x00" + bytes(64)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file by which every virus scanner proves that it works (eicar.org)."""

BY_TYPE: dict[str, bytes] = {
    "application/pdf": PDF,
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/heic": HEIC,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office("word"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office("xl"),
    "text/csv": CSV,
}
