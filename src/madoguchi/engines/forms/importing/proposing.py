"""From a paper form to a proposal: fields in order with steps, and what was left out with the reason.

Owns the walk over the paper's blocks. A proposal is only a proposal: a clerk accepts it field by field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from madoguchi.engines.forms.importing.deciding import ProposedField, decide
from madoguchi.engines.forms.importing.finding import OFFICE, Found, LeftOut
from madoguchi.engines.forms.importing.lexicon import fold, says, tidy
from madoguchi.engines.forms.importing.merging import merge
from madoguchi.engines.forms.importing.naming import give_ids
from madoguchi.engines.forms.importing.paper import Grid, PaperForm, Place
from madoguchi.engines.forms.importing.reading_lines import LineReader
from madoguchi.engines.forms.importing.tables import TableReader

MAX_FIELDS = 300
GENERAL_STEP = "申請の内容"


@dataclass(slots=True)
class Proposal:
    """What a paper form seems to ask."""

    title: str
    number: str
    addressee: str
    source: str
    fields: list[ProposedField]
    left_out: list[LeftOut] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the proposal as plain data (the shape of ``madoguchi forms import --json``)."""
        return {
            "title": self.title,
            "number": self.number,
            "addressee": self.addressee,
            "source": self.source,
            "fields": [_plain(item) for item in self.fields],
            "left_out": [{"label": item.label, "place": item.place, "reason": item.reason} for item in self.left_out],
        }


def _plain(item: ProposedField) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": item.id, "type": item.type, "label": item.label, "confidence": item.confidence, "place": item.place,
        "places": [str(place) for place in item.places], "step": item.step, "required": item.required,
    }  # fmt: skip
    for key in ("help", "unit"):
        if getattr(item, key):
            data[key] = getattr(item, key)
    if item.options:
        data["options"] = list(item.options)
    if item.children:
        data["rows"] = item.rows
        data["fields"] = [_plain(child) for child in item.children]
    return data


def proposal_of(data: dict[str, Any]) -> Proposal:
    """Return the proposal that ``Proposal.as_dict`` wrote, so that it can be kept between two pages."""
    left_out = [LeftOut(item["label"], item["place"], item["reason"]) for item in data["left_out"]]
    fields = [_field(item) for item in data["fields"]]
    return Proposal(data["title"], data["number"], data["addressee"], data["source"], fields, left_out)


def _field(data: dict[str, Any]) -> ProposedField:
    made = ProposedField(data["type"], data["label"], [Place(text) for text in data["places"]], data["confidence"])
    made.id, made.step, made.required = data["id"], data["step"], data["required"]
    made.help, made.unit = data.get("help", ""), data.get("unit", "")
    made.options, made.rows = tuple(data.get("options", ())), data.get("rows", 0)
    made.children = [_field(child) for child in data.get("fields", ())]
    return made


def propose_form(paper: PaperForm) -> Proposal:
    """Return what a paper form seems to ask, in its order, grouped into steps by its headings."""
    lines = LineReader(paper)
    found: list[Found] = []
    left_out = [LeftOut(name, name, reason) for name, reason in paper.skipped]
    for i, block in enumerate(paper.blocks):
        if not isinstance(block, Grid):
            follows = i + 1 < len(paper.blocks) and isinstance(paper.blocks[i + 1], Grid)
            lines.read(block, before_table=follows)
            found += lines.found
            lines.found = [lines.found[-1]] if lines.pending is not None and lines.found else []
            found = found[: len(found) - len(lines.found)] if lines.found else found
            continue
        found += lines.found
        lines.found, lines.pending = [], None
        if lines.office:
            continue
        reader = TableReader(block, heading=lines.heading, marked=lines.marked)
        found += reader.read()
        left_out += reader.left_out
        lines.heading = ""
        if (
            says("office", block.cells[0].text, below="strong")
            and len(block.cells) == 1
            and "印" not in block.cells[0].text
        ):
            lines.office = True
    found += lines.found
    fields = merge([decide(item) for item in found if item.label or item.ask is not None][:MAX_FIELDS])
    for item in fields:
        item.children = merge(item.children)
    _consents(fields)
    _steps(fields, lines.title)
    give_ids(fields)
    return Proposal(
        lines.title or paper.name, lines.number, lines.addressee, paper.name, fields, [*left_out, *lines.left_out]
    )


def _consents(fields: list[ProposedField]) -> None:
    for item in fields:
        if item.type == "consent" and item.options:
            item.label, item.options = item.options[0], ()


def _steps(fields: list[ProposedField], title: str) -> None:
    """Name each field's step by its section."""
    for item in fields:
        section = re.sub(r"[(（].*", "", tidy(item.section)).strip()
        if item.type in {"file", "consent"}:
            section = "添付書類" if item.type == "file" else "確認と同意"
        item.step = section if section and len(fold(section)) <= 30 and section != title else GENERAL_STEP
    opening = [item for item in fields[:3] if item.step == GENERAL_STEP and item.type == "date"]
    if opening and len(fields) > len(opening) and fields[: len(opening)] == opening:
        for item in opening:
            item.step = fields[len(opening)].step


__all__ = ["OFFICE", "Proposal", "propose_form"]
