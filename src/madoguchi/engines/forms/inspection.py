"""Judging and preparing a file by its content: kind, pages, pixels; pictures turned, shrunk and freed of their metadata.

Owns the limits and what is refused. Pure: bytes in, bytes out; no Django, no storage, no words (``Refused`` carries a code).
A picture's metadata (position, device, time) never reaches the store; HEIC becomes JPEG because few offices can open it.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pillow_heif
import pypdfium2 as pdfium
from PIL import Image, ImageOps

from madoguchi.engines.forms.types.files import sniff

pillow_heif.register_heif_opener()

_PICTURES = {"jpeg": "JPEG", "png": "PNG", "heic": "HEIF"}
_SPEAKING = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "Raw profile type exif"})
_MACROS = ("vbaproject.bin", "vbadata.xml", "/activex/", "/embeddings/oleobject")
_PREVIEW_SIDE = 640


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be beyond its size: pages of a PDF, side kept of a picture, pixels opened, bytes unpacked.

    A picture of more than ``keep_bytes`` is written anew even when its pixels may stay.
    """

    max_pages: int = 100
    max_side: int = 3_000
    max_pixels: int = 80_000_000
    max_unpacked: int = 200_000_000
    max_ratio: int = 200
    keep_bytes: int = 3_000_000


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: its kind and bytes as stored, and the SHA-256 (hex) of the bytes as they were sent."""

    kind: str
    body: bytes
    original_sha256: str
    original_size: int
    pages: int | None = None
    width: int | None = None
    height: int | None = None


class Refused(Exception):  # noqa: N818 - the name says what happened
    """A file that may not be kept; ``code`` names the reason, ``params`` fill its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class _Source:
    body: bytes
    name: str
    limits: Limits
    sha256: str


def kind_of(body: bytes, name: str) -> str | None:
    """Name the kind of a file by its bytes; the name decides only between Word and Excel when the bytes do not."""
    kind = sniff(body[:4096])
    if kind != "office":
        return kind
    ending = name.rsplit(".", 1)[-1].lower()
    return ending if ending in {"docx", "xlsx"} else None


def inspect(body: bytes, name: str, kinds: Collection[str], limits: Limits) -> Inspected:
    """Return the file as it is to be kept. Raises Refused (file_empty, file_archive, file_type, file_broken, file_pages,
    file_locked, file_pixels, file_macro, file_bomb).

    *kinds* are the accepted kinds; HEIC is taken wherever JPEG is, and becomes JPEG.
    """
    if not body:
        raise Refused("file_empty")
    kind = kind_of(body, name)
    if kind is None and _is_archive(body):
        raise Refused("file_archive")
    if kind is None or not (kind in kinds or (kind == "heic" and "jpeg" in kinds)):
        raise Refused("file_type")
    source = _Source(body, name, limits, hashlib.sha256(body).hexdigest())
    if kind in _PICTURES:
        return _picture(source, kind)
    pages = None
    if kind == "pdf":
        pages = _pdf_pages(source)
    elif kind in {"docx", "xlsx"}:
        _judge_office(source)
    return Inspected(kind, body, source.sha256, len(body), pages=pages)


def _is_archive(body: bytes) -> bool:
    """Tell whether the bytes are a package of other files: zip, gzip, 7z, rar, bzip2, xz, tar, old Office (may hold macros)."""
    starts = (
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07",
        b"BZh",
        b"\xfd7zXZ\x00",
    )
    return body.startswith((*starts, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) or body[257:262] == b"ustar"


def _picture(source: _Source, kind: str) -> Inspected:
    limits = source.limits
    try:
        picture = Image.open(io.BytesIO(source.body), formats=[_PICTURES[kind], *(["MPO"] if kind == "jpeg" else [])])
        if picture.width * picture.height > limits.max_pixels:
            raise Refused("file_pixels", max=limits.max_pixels // 10_000)
        picture.load()
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError, EOFError) as error:
        raise Refused("file_broken") from error
    big = max(picture.size) > limits.max_side or len(source.body) > limits.keep_bytes
    if kind != "heic" and not big and picture.format in {"JPEG", "PNG"} and not _SPEAKING & set(picture.info):
        return Inspected(kind, source.body, source.sha256, len(source.body), width=picture.width, height=picture.height)
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((limits.max_side, limits.max_side), Image.Resampling.LANCZOS)
    kept = "png" if kind == "png" else "jpeg"
    body = _written(turned, kept)
    return Inspected(kept, body, source.sha256, len(source.body), width=turned.width, height=turned.height)


def _written(picture: Image.Image, kind: str) -> bytes:
    """Write the pixels alone (and the colour profile, without which colours would shift)."""
    out = io.BytesIO()
    profile = picture.info.get("icc_profile")
    bare = picture if kind == "png" else _on_white(picture)
    bare.info = {}
    if kind == "png":
        bare.save(out, "PNG", optimize=True, icc_profile=profile)
    else:
        bare.save(
            out, "JPEG", quality=88, optimize=True, icc_profile=profile if bare.mode == picture.mode else None, exif=b""
        )
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGB", "L"}:
        return picture
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _pdf_pages(source: _Source) -> int:
    try:
        document = pdfium.PdfDocument(source.body)
    except pdfium.PdfiumError as error:
        raise Refused("file_locked" if "password" in str(error).lower() else "file_broken") from error
    try:
        pages = len(document)
        locked = pdfium.raw.FPDF_GetSecurityHandlerRevision(document.raw) >= 0
    finally:
        document.close()
    if locked:
        raise Refused("file_locked")
    if not pages:
        raise Refused("file_broken")
    if pages > source.limits.max_pages:
        raise Refused("file_pages", pages=pages, max=source.limits.max_pages)
    return pages


def _judge_office(source: _Source) -> None:
    """Refuse macros, locked and unreasonably packed Office files (a bomb unpacks to many times its size)."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.body)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refused("file_broken") from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > source.limits.max_unpacked or (unpacked > 1_000_000 and unpacked // packed > source.limits.max_ratio):
        raise Refused("file_bomb")
    for entry in entries:
        name = f"/{entry.filename.lower()}"
        if any(mark in name for mark in _MACROS):
            raise Refused("file_macro")
        if entry.flag_bits & 1:
            raise Refused("file_locked")


def draw_preview(body: bytes, media_type: str) -> bytes | None:
    """Return a small JPEG of a picture or of a PDF's first page (at most 640 px a side), None when there is none."""
    try:
        if media_type == "application/pdf":
            document = pdfium.PdfDocument(body)
            try:
                page = document[0]
                picture: Image.Image = page.render(scale=_PREVIEW_SIDE / max(page.get_size())).to_pil()
            finally:
                document.close()
        elif media_type in {"image/jpeg", "image/png", "image/heic"}:
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(body)))
        else:
            return None
        picture.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE))
        return _written(picture, "jpeg")
    except (OSError, ValueError, pdfium.PdfiumError, Image.DecompressionBombError):
        return None
