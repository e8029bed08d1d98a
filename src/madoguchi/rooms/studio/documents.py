"""The document a working copy holds: a procedure, its form, and the fees that are new with it.

Owns its shape and the addressing of its parts by ids (never by position: positions change while others write). The models
are those of the municipality folder, so what is written here is what the folder would hold. No storage.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from madoguchi.engines.forms.api import Fee, FormDefinition
from madoguchi.kernel.folder import plain, problems_of
from madoguchi.rooms.catalogue.api import Procedure

Document = dict[str, Any]
Path = tuple[str, ...]
IDENTITIES = ("id", "value", "exemption")
"""The keys by which the items of a list are told apart."""


class Contents(BaseModel):
    """A document, read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    procedure: Procedure
    form: FormDefinition
    fees: list[Fee] = []


class Faulty(ValueError):  # noqa: N818 - the name says what is wrong
    """A document that breaks the models; ``problems`` are (path, message, mend)."""

    def __init__(self, problems: list[tuple[Path, str, str]]) -> None:
        super().__init__("；".join(message for _, message, _ in problems))
        self.problems = problems


def read(document: Document) -> Contents:
    """Return a document as models. Raises Faulty."""
    try:
        return Contents.model_validate(document)
    except ValidationError as error:
        found = [(by_ids(document, where), message, mend) for where, message, mend in problems_of(error)]
        raise Faulty(found) from error


def normal(document: Document) -> Document:
    """Return a document as the folder would hold it, checked. Raises Faulty."""
    result: Document = plain(read(document))
    return result


def identity(item: Any) -> str | None:
    """Return what tells an item of a list from the others, None when nothing does."""
    if isinstance(item, Mapping):
        return next((str(item[key]) for key in IDENTITIES if key in item), None)
    return None


def step_into(value: Any, key: str) -> Any:
    """Return what lies under a key or an identity. Raises KeyError."""
    if isinstance(value, list):
        for item in value:
            if identity(item) == key:
                return item
        raise KeyError(key)
    return value[key]


def at(document: Any, path: Path) -> Any:
    """Return what lies at a path. Raises KeyError."""
    for key in path:
        document = step_into(document, key)
    return document


def place_of(document: Document, part: str, key: str) -> Path:
    """Return the path of a part by its kind and key. Raises KeyError when it is not there."""
    form = document["form"]
    path: Path
    if part == "basics":
        return ("procedure",)
    if part == "form":
        return ("form",)
    if part == "field":
        found = next((where for where, field in fields_of(document) if field["id"] == key), None)
        if found is None:
            raise KeyError(key)
        return found
    if part == "reduction":
        line, _, exemption = key.partition(".")
        path = ("form", "fees", line, "reduction", exemption)
    elif part == "rate":
        path = ("fees", key)
    else:
        path = ("form", {"step": "steps", "paper": "papers", "fee": "fees", "example": "examples"}[part], key)
    at({"form": form, "fees": document.get("fees", [])}, path)
    return path


def fields_of(document: Document) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every question with its path, those in groups after their group."""
    for step in document["form"]["steps"]:
        for field in step["fields"]:
            path: Path = ("form", "steps", step["id"], "fields", field["id"])
            yield path, field
            for child in field.get("fields", []):
                yield (*path, "fields", child["id"]), child


def ids_of(document: Document) -> set[str]:
    """Return the ids that are taken: of steps, questions, papers, fee lines and examples."""
    form = document["form"]
    taken = {field["id"] for _, field in fields_of(document)}
    for name in ("steps", "papers", "fees", "examples"):
        taken |= {item["id"] for item in form.get(name, [])}
    return taken


def copied(document: Document) -> Document:
    """Return a copy that may be changed."""
    return copy.deepcopy(document)


def by_ids(document: Any, where: tuple[Any, ...]) -> Path:
    """Return a path with positions turned into ids, as far as it can be followed."""
    result: list[str] = []
    value: Any = document
    for key in where:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            value = None
        result.append((identity(value) or str(key)) if isinstance(key, int) else str(key))
    return tuple(result)
