"""The municipality folder: reading it with line numbers, the registry of its sections, faults with place and mend.

Owns the reader. It knows no section by name: every engine and room registers its own section (a file pattern and a
pydantic model, what to check across sections, how to load). Writing to the database is in ``kernel.municipality``.
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import functools
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ValidationError

from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.registry import Registry

Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a folder, with its place and how to mend it."""

    file: str
    line: int
    path: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.message}: {self.mend}"


class FolderError(DomainError):
    """A folder that cannot be loaded; ``faults`` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            f"自治体フォルダに {len(faults)} 件の誤りがあります。",
            code="folder_faults",
            mend="madoguchi municipality check で場所を確かめて直してください。",
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """One file as data, with the line of every value."""

    file: str
    data: Any
    lines: Mapping[Where, int]

    def line(self, path: Where) -> int:
        """Return the line of *path*, or of its nearest known ancestor."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One validated file of a section."""

    document: Document
    value: Any

    def fault(self, path: Where, message: str, mend: str) -> Fault:
        """Return a fault at *path* of this file."""
        return Fault(self.document.file, self.document.line(path), _dotted(path), message, mend)


@dataclass
class Folder:
    """A folder that has been read: the entries of each section and the faults found on the way."""

    root: Path
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    digest: str = ""

    def of(self, section: str) -> list[Entry]:
        """Return the entries of a section, in order of file name."""
        return self.entries.get(section, [])

    def one(self, section: str) -> Any:
        """Return the only value of a one-file section, or None."""
        entries = self.of(section)
        return entries[0].value if entries else None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the folder as its owner registers it.

    ``items`` turns an entry's value into (key, plain data) pairs: each becomes a versioned row of the history.
    ``complete`` adds to the values of other sections once every file is read, before anything is checked.
    ``load`` writes the owner's own tables inside the loading transaction.
    """

    name: str
    pattern: str
    model: type[BaseModel]
    kind: Literal["yaml", "csv", "markdown", "binary"] = "yaml"
    required: bool = False
    order: int = 50
    check: Callable[[Folder], Iterable[Fault]] | None = None
    complete: Callable[[Folder], None] | None = None
    items: Callable[[Any, str], Iterable[tuple[str, Any]]] | None = None
    load: Callable[[Folder, dt.datetime], None] | None = None
    counts: Callable[[Folder], Mapping[str, int]] | None = None


sections: Registry[Section] = Registry("section")


def register_section(section: Section) -> None:
    """Register a section of the municipality folder (at start-up, from an AppConfig)."""
    sections.register(section.name, section)


def sections_in_order() -> list[Section]:
    """Return the sections in loading order."""
    return sorted(sections.all(), key=lambda section: (section.order, section.name))


class _Loader(yaml.CSafeLoader):
    """YAML 1.2-like scalars: only true/false are booleans, dates stay text, 013 and 13:30 stay text."""


_TEXT = "tag:yaml.org,2002:str"
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), "tf"),
    ("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), "-+0123456789"),
    ("tag:yaml.org,2002:float", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$"), "-+0123456789"),
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""]),
    ("tag:yaml.org,2002:merge", re.compile(r"^(?:<<)$"), ["<"]),
):
    _Loader.add_implicit_resolver(_tag, _pattern, list(_first))


def read_yaml(text: str, file: str, *, first_line: int = 1) -> Document:
    """Parse YAML with the line of every value. Raises yaml.YAMLError (with a mark) when it is not YAML."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Where, int] = {(): first_line}
        data = _build(loader, node, (), lines, first_line) if node is not None else None
    finally:
        loader.dispose()
    return Document(file, data, lines)


def _build(loader: Any, node: yaml.Node, path: Where, lines: dict[Where, int], first: int) -> Any:
    lines[path] = node.start_mark.line + first
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(loader, key_node)
            if key in result:
                raise yaml.MarkedYAMLError(problem=f"「{key}」が二度あります", problem_mark=key_node.start_mark)
            result[key] = _build(loader, value_node, (*path, key), lines, first)
            lines[(*path, key)] = key_node.start_mark.line + first
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*path, i), lines, first) for i, item in enumerate(node.value)]
    return _scalar(loader, node)


def _scalar(loader: Any, node: yaml.Node) -> Any:
    """Return the value of a scalar; a text, as most are, without the loader's long way."""
    return node.value if node.tag == _TEXT else loader.construct_object(node)


def _read_csv(text: str, file: str) -> Document:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    rows: list[dict[str, Any]] = []
    lines: dict[Where, int] = {(): 1, ("rows",): 1}
    for row in reader:
        lines[("rows", len(rows))] = reader.line_num
        rows.append({key: value for key, value in row.items() if key is not None})
    return Document(file, {"rows": rows}, lines)


def _read_markdown(text: str, file: str) -> Document:
    match = re.match(r"---\n(.*?)\n---\n(.*)\Z", text, re.DOTALL)
    if match is None:
        return Document(file, {"body": text}, {(): 1})
    head = read_yaml(match[1], file, first_line=2)
    data = {**(head.data or {}), "body": match[2].strip()}
    return Document(file, data, {**head.lines, (): 1})


_READERS: dict[str, Callable[[str, str], Document]] = {
    "yaml": read_yaml,
    "csv": _read_csv,
    "markdown": _read_markdown,
}


def files_of(root: Path) -> list[tuple[Section, Path]]:
    """Return the folder's files with their sections, in loading order."""
    return [(section, path) for section in sections_in_order() for path in sorted(root.glob(section.pattern))]


def digest_of_files(root: Path) -> str:
    """Return the SHA-256 (hex) of all files of the folder with their names (a few milliseconds)."""
    digest = hashlib.sha256()
    for _, path in files_of(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_folder(root: Path) -> Folder:
    """Read and validate every file of the folder; faults are collected, never raised."""
    folder = Folder(root)
    if not root.is_dir():
        folder.faults.append(Fault(str(root), 1, ".", "フォルダがありません", "道筋を確かめてください"))
        return folder
    files = files_of(root)
    for section in sections_in_order():
        folder.entries[section.name] = []
        if section.required and not any(owner is section for owner, _ in files):
            folder.faults.append(
                Fault(section.pattern, 1, ".", "必要なファイルがありません", f"{section.pattern} を作ってください")
            )
    for section, path in files:
        _read_file(folder, section, path, path.read_bytes())
    known = {path for _, path in files}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path not in known and path.name not in {"SOURCE.md", "LICENSE", "README.md"}:
            folder.faults.append(
                Fault(
                    str(path.relative_to(root)),
                    1,
                    ".",
                    "どの部門のファイルでもありません",
                    "名前と置き場所を確かめてください",
                )
            )
    for section in sections_in_order():
        if section.complete is not None:
            section.complete(folder)
    folder.digest = digest_of_files(root)
    return folder


def _read_file(folder: Folder, section: Section, path: Path, body: bytes) -> None:
    file = str(path.relative_to(folder.root))
    if section.kind == "binary":
        data = {"name": path.name, "base64": base64.b64encode(body).decode()}
        folder.entries[section.name].append(Entry(Document(file, data, {(): 1}), section.model.model_validate(data)))
        return
    try:
        document = _READERS[section.kind](body.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        folder.faults.append(
            Fault(file, line, ".", "UTF-8 で読めません", "文字コードを UTF-8 にして保存し直してください")
        )
        return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        folder.faults.append(
            Fault(
                file,
                (mark.line if mark else 0) + 1,
                ".",
                f"YAML として読めません（{error.problem}）",
                "字下げと記号を確かめてください",
            )
        )
        return
    try:
        folder.entries[section.name].append(Entry(document, section.model.model_validate(document.data)))
    except ValidationError as error:
        for where, message, mend in problems_of(error):
            folder.faults.append(Fault(file, document.line(where), _dotted(where), message, mend))


def problems_of(error: ValidationError) -> list[tuple[Where, str, str]]:
    """Return what breaks a model: (path, message, mend), in Japanese."""
    return [
        (tuple(part for part in problem["loc"] if _in_data(part)), *_in_japanese(problem))
        for problem in error.errors(include_url=False)
    ]


def _in_data(part: Any) -> bool:
    """Leave out what pydantic adds to a location (names of validators and union members)."""
    return isinstance(part, int) or not re.match(r"^(function|lax|json|is-instance|union|tagged)[-\[]", str(part))


_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("必要な項目がありません", "この項目を書いてください"),
    "extra_forbidden": ("知らない項目です", "綴りを確かめるか、消してください"),
    "string_type": ("文字列で書いてください", "引用符で囲んでください"),
    "int_type": ("整数で書いてください", "数字だけを書いてください"),
    "int_parsing": ("整数で書いてください", "数字だけを書いてください"),
    "bool_type": ("true か false で書いてください", "true か false にしてください"),
    "list_type": ("一覧（- で始まる行）で書いてください", "書き方を確かめてください"),
    "dict_type": ("項目と値の組で書いてください", "書き方を確かめてください"),
    "string_pattern_mismatch": ("使えない文字があります", "英小文字・数字・下線で書いてください"),
    "too_short": ("足りません", "一つ以上書いてください"),
}


def _in_japanese(problem: Mapping[str, Any]) -> tuple[str, str]:
    kind = str(problem["type"])
    if kind == "literal_error":
        return f"使えない値です: {problem.get('input')}", f"次のどれかにしてください: {problem['ctx']['expected']}"
    if kind == "value_error":
        return str(problem["msg"]).removeprefix("Value error, "), "書き方を確かめてください"
    if kind in _MESSAGES:
        return _MESSAGES[kind]
    return f"値が正しくありません（{problem['msg']}）", "書き方を確かめてください"


def _dotted(path: Where) -> str:
    return ".".join(str(part) for part in path) or "."


def check_folder(root: Path) -> tuple[Folder, dict[str, int]]:
    """Read the folder and run every section's cross-checks; return the folder with all faults and the counts."""
    folder = read_folder(root)
    counts: dict[str, int] = {}
    for section in sections_in_order():
        if section.check is not None:
            folder.faults.extend(section.check(folder))
        if section.counts is not None:
            counts.update(section.counts(folder))
    folder.faults.sort(key=lambda fault: (fault.file, fault.line, fault.path))
    return folder, counts


def plain(value: Any) -> Any:
    """Return a model or value as plain JSON data, keys that were not written left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True, by_alias=True)
    return value


def digest_of(data: Any) -> str:
    """Return the SHA-256 (hex) of plain JSON data, independent of the order of keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def items_of(section: Section, folder: Folder) -> Iterator[tuple[str, Any]]:
    """Yield (key, plain data) of every item of a section."""
    for entry in folder.of(section.name):
        stem = Path(entry.document.file).stem
        if section.items is not None:
            yield from ((key, plain(value)) for key, value in section.items(entry.value, stem))
        else:
            yield stem, plain(entry.value)


@functools.cache
def json_schema(section_name: str) -> dict[str, Any]:
    """Return the JSON Schema of a section's files, for editors."""
    return sections.get(section_name).model.model_json_schema()
