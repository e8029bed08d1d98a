"""What is still wrong with a document: the checks of forms and of the catalogue, with the page where each is mended.

Owns the joining of the two and the translation of positions into parts. No storage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from madoguchi.engines.forms.api import FormFault, check_form
from madoguchi.rooms.catalogue.api import check_procedure
from madoguchi.rooms.studio.documents import Contents, Document, Faulty, Path, by_ids, fields_of, read
from madoguchi.rooms.studio.places import BETWEEN, words_of
from madoguchi.rooms.studio.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its place in words, what is wrong, the mend, and the part whose page mends it."""

    place: str
    message: str
    mend: str
    part: str
    key: str
    slot: str = ""
    example: str = ""


def faults_of(document: Document, here: Surroundings) -> list[Fault]:
    """Return every fault of a document."""
    try:
        contents = read(document)
    except Faulty as error:
        return [_fault(document, path, message, mend) for path, message, mend in error.problems]
    return [*_procedure(document, contents, here), *_form(document, contents, here)]


def _procedure(document: Document, contents: Contents, here: Surroundings) -> Iterator[Fault]:
    for fault in check_procedure(contents.procedure, here.known(contents.form.id)):
        mend = f"{words_of(('procedure', *fault.path))}を選び直してください"
        yield Fault(words_of(("procedure", *fault.path), document), fault.message, mend, "basics", "")


def _form(document: Document, contents: Contents, here: Surroundings) -> Iterator[Fault]:
    for fault in check_form(contents.form, here.fees):
        yield _from_check(document, fault, here)


def _from_check(document: Document, fault: FormFault, here: Surroundings) -> Fault:
    """Return a fault of the form in the words of the page: labels for ids, and where to press for what is missing."""
    path = by_ids(document["form"], fault.path)
    names = names_in(document, here)
    message = in_labels(fault.message, names)
    mend = EXAMPLE_MEND if UNCOVERED in fault.message else fault.mend
    found = _fault(document, ("form", *path), message, mend)
    if found.part in {"reduction", "fee"}:
        place = BETWEEN.join(["手数料", *(f"『{names.get(key, key)}』" for key in found.key.split("."))])
        return replace(found, place=place)
    return found


UNCOVERED = "例がありません"
EXAMPLE_MEND = "「足りない例を自動で作る」を押すか、プレビューで入力して例にしてください"


def in_labels(text: str, names: Mapping[str, str]) -> str:
    """Return a message of the checks with labels in place of ids."""
    return re.sub("「([a-z][a-z0-9_]*)」", lambda found: f"『{names.get(found[1], found[1])}』", text)


def names_in(document: Document, here: Surroundings) -> dict[str, str]:
    """Return what the ids in messages are called."""
    form = document["form"]
    names = {fee.id: str(fee.title) for fee in here.fees.values()}
    names |= {
        line["id"]: line.get("title", {}).get("ja") or names.get(line["rate"], "") for line in form.get("fees", [])
    }
    for line in form.get("fees", []):
        fee = here.fees.get(line["rate"])
        names |= {item.id: str(item.title) for item in (fee.exemptions if fee else [])}
    names |= {part["id"]: part["title"]["ja"] for key in ("steps", "papers") for part in form.get(key, [])}
    return names | {field["id"]: field["label"]["ja"] for _, field in fields_of(document)}


def _fault(document: Document, path: Path, message: str, mend: str) -> Fault:
    part, key, slot = part_of(path)
    example = path[2] if path[1:2] == ("examples",) and len(path) > 2 else ""
    return Fault(words_of(path, document), message, mend, part, key, slot, example)


def part_of(path: Path) -> tuple[str, str, str]:
    """Return (part, key, rule) of the page that shows a place."""
    if path[:1] == ("procedure",):
        return "basics", "", ""
    if path[:1] == ("fees",):
        return ("rate", path[1], "") if len(path) > 1 else ("fees", "", "")
    section, rest = path[1] if len(path) > 1 else "", path[2:]
    if section == "steps" and rest:
        return _in_step(rest)
    if section == "papers" and rest:
        return "paper", rest[0], rest[1] if rest[1:2] == ("needed_if",) else ""
    if section == "fees" and rest:
        if len(rest) > 2 and rest[1] == "reduction":
            return "reduction", f"{rest[0]}.{rest[2]}", "when"
        return "fee", rest[0], rest[1] if rest[1:2] == ("when",) else ""
    if section == "examples":
        return "examples", "", ""
    return "form", "", ""


def _in_step(rest: Path) -> tuple[str, str, str]:
    fields = [rest[i + 1] for i, key in enumerate(rest[:-1]) if key == "fields" and i % 2]
    tail = rest[-1] if rest[-1] in {"shown_if", "required"} else ""
    return ("field", fields[-1], tail) if fields else ("step", rest[0], tail if tail == "shown_if" else "")
