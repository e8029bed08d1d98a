"""A procedure as one file, to keep and to share: written out, and read in at another municipality.

Owns the file's shape. What the other municipality lacks (a section, a workflow, a fee) is said with the mend by the checks of the
working copy; nothing of the file is lost. No storage.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from madoguchi.engines.forms.api import Fee, FormDefinition, compile_form
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.folder import plain, read_yaml
from madoguchi.rooms.studio.documents import Document, Faulty, normal

FORMAT = "madoguchi-procedure"
VERSION = 1
MAX_BYTES = 1_000_000
KEYS = frozenset({"format", "version", "from", "procedure", "form", "fees"})


def to_file(document: Document, *, fees: Mapping[str, Fee], origin: str) -> str:
    """Return the text (YAML) of a document with every fee its form and procedure name. *origin* says whose it is."""
    named = {line["rate"] for line in document["form"].get("fees", [])}
    named |= {document["procedure"]["fee"].get("rate")} - {None}
    with contextlib.suppress(ValueError):  # a form that does not compile yet is written out all the same
        named |= compile_form(FormDefinition.model_validate(document["form"])).rates
    data = {
        "format": FORMAT,
        "version": VERSION,
        "from": origin,
        "procedure": document["procedure"],
        "form": document["form"],
        "fees": [plain(fees[fee_id]) for fee_id in sorted(named) if fee_id in fees],
    }
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was read: its document (fees that are new here included), where it is from, and what to know."""

    document: Document
    origin: str
    remarks: tuple[str, ...]


def from_file(content: bytes, *, fees: Mapping[str, Fee]) -> Brought:
    """Return what a file holds; *fees* are those there are here. Raises InvalidInput with the place and the mend."""
    data = _read(content)
    remarks: list[str] = []
    fresh: list[Any] = []
    try:
        brought = [Fee.model_validate(item) for item in data.get("fees") or []]
    except ValueError as error:
        raise InvalidInput(f"手数料（fees）を読めません：{str(error)[:200]}", code="studio.file", mend=_MEND) from None
    for fee in brought:
        if fee.id not in fees:
            fresh.append(plain(fee))
            remarks.append(
                f"手数料「{fee.title}」はここにないので、写しと一緒に持ってきました。額と根拠を確かめてください。"
            )
        elif plain(fees[fee.id]) != plain(fee):
            remarks.append(f"手数料「{fee.title}」は、ここの額と減免を使います。減免の条件を確かめてください。")
    document: dict[str, Any] = {"procedure": data.get("procedure"), "form": data.get("form")}
    if fresh:
        document["fees"] = fresh
    try:
        document = normal(document)
    except Faulty as error:
        path, message, _ = error.problems[0]
        raise InvalidInput(f"{'.'.join(path)}：{message}。", code="studio.file", mend=_MEND) from None
    document["procedure"]["form"] = document["form"]["id"]
    return Brought(document, str(data.get("from") or "")[:100], tuple(remarks))


_MEND = "様式スタジオか自治体フォルダから書き出したファイルを選んでください。"


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise InvalidInput("ファイルが大きすぎます。", code="studio.file", mend="1 MB までです。")
    try:
        text = content.decode("utf-8-sig")
        if any(getattr(event, "anchor", None) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            raise InvalidInput("別名（&、*）のあるファイルは読めません。", code="studio.file", mend=_MEND)
        data = read_yaml(text, "").data
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        raise InvalidInput("ファイルを読めません。", code="studio.file", mend=_MEND) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidInput("手続のファイルではありません。", code="studio.file", mend=_MEND)
    if data.get("version") != VERSION or set(data) - KEYS:
        raise InvalidInput(
            "このファイルは、新しい版の様式スタジオで書き出されています。",
            code="studio.file",
            mend="こちらのシステムを新しくしてから、もう一度読み込んでください。",
        )
    return data
