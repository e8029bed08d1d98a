"""Attached files: the answer is a list of references; the bytes live in the attachment store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.schema import FieldDef
from madoguchi.engines.forms.types.base import FieldKind, Part, Post, Problem, register

MIME: dict[str, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
DEFAULT_ACCEPT = ("pdf", "jpeg", "png")


def accepted(fd: FieldDef) -> tuple[str, ...]:
    """Return the file kinds a field accepts."""
    return tuple(fd.accept) if fd.accept else DEFAULT_ACCEPT


def sniff(head: bytes) -> str | None:
    """Name the kind of a file by its first bytes (at least 512 wanted), never by its name; None when unknown."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return "heic"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in head else "docx" if b"word/" in head else _office_by_order(head)
    if b"\x00" not in head and _is_text(head):
        return "csv"
    return None


def _office_by_order(head: bytes) -> str | None:
    return "office" if b"[Content_Types].xml" in head else None


def _is_text(head: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp932"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


@register
class FileKind(FieldKind):
    type = "file"

    def parse(self, fd: FieldDef, post: Post, name: str, previous: Any = None) -> Any:
        return previous

    def shaped(self, value: Any) -> bool:
        keys = {"id", "name", "size", "type"}
        return isinstance(value, list) and all(isinstance(item, dict) and set(item) == keys for item in value)

    def judge_value(self, fd: FieldDef, value: Any, bounds: Mapping[str, Any]) -> list[Problem]:
        if len(value) > fd.max_files:
            return [Problem(fd.id, "max_files", params={"max": fd.max_files})]
        types = {MIME[kind] for kind in (*accepted(fd), *(["jpeg"] if "heic" in accepted(fd) else []))}
        for item in value:
            name = str(item["name"])
            if item["type"] not in types:
                params = {"accept": "、".join(accepted(fd)).upper(), "name": name}
                return [Problem(fd.id, "file_type", params=params)]
            if not isinstance(item["size"], int) or item["size"] > fd.max_mb * 1_000_000:
                return [Problem(fd.id, "file_size", params={"max": fd.max_mb, "name": name})]
        return []

    def show(self, fd: FieldDef, value: Any, lang: str) -> list[Part]:
        return [Part("", f"{item['name']}（{max(1, item['size'] // 1000):,}KB）") for item in value]
