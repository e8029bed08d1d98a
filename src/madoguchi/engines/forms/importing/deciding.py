"""From a blank and its words to a question: type, unit, options, required, confidence. Owns the decision of types only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from madoguchi.engines.forms.importing.finding import Found
from madoguchi.engines.forms.importing.lexicon import TypeWord, fold, lexicon, says, tidy, type_of, unit_of
from madoguchi.engines.forms.importing.paper import Place

BIG_LINES = 2.5


@dataclass(slots=True)
class ProposedField:
    """A question the paper seems to ask."""

    type: str
    label: str
    places: list[Place]
    confidence: float
    section: str = ""
    required: bool = True
    help: str = ""
    unit: str = ""
    options: tuple[str, ...] = ()
    digits: int = 0
    part: str = ""
    rows: int = 0
    children: list[ProposedField] = field(default_factory=list)
    id: str = ""
    step: str = ""

    @property
    def place(self) -> str:
        return str(self.places[0])


def decide(found: Found) -> ProposedField:
    """Return the question that a blank asks."""
    label, hint = _split_hint(found.label)
    if found.children:
        made = ProposedField("group", label, found.places, 0.9, found.section, rows=found.rows)
        made.children = [decide(child) for child in found.children]
        return made
    word = _word(found)
    kind, confidence = _kind(found, label)
    made = ProposedField(kind, label or "記入欄", found.places, confidence, found.section, help=hint)
    made.required = not (found.extra or says("optional", found.label))
    if found.ask is not None:
        made.options = found.ask.options
        made.unit = found.ask.unit
    made.options = found.options or made.options
    made.digits = found.boxes
    if kind == "bank_part" and word is not None:
        made.part = word.part
    elif kind in {"integer", "decimal"}:
        made.unit = made.unit or (word.unit if word else "") or _unit_in(found.label)
    if kind == "yen":
        made.unit = ""
    if found.how in {"heading", "line"}:
        made.confidence = round(made.confidence - 0.1, 2)
    return made


def _word(found: Found) -> TypeWord | None:
    """Return what the words nearest to the blank say: its own label before the cell's."""
    own = type_of(found.ask.label) if found.ask is not None and found.ask.label else None
    return own or type_of(found.label)


def _split_hint(label: str) -> tuple[str, str]:
    """Split 「氏名（法人にあっては名称）」 into the label and the hint in its bracket."""
    match = re.fullmatch(r"(?P<head>[^()（）]{1,40}?)[(（](?P<hint>[^()（）]{5,})[)）]", label)
    if match and not re.search("開始|終了", match["hint"]):
        return tidy(match["head"]), match["hint"]
    return label, ""


def _unit_in(label: str) -> str:
    match = re.search(r"[(（]([^()（）]{1,4})[)）]", label)
    word = unit_of(match[1]) if match else None
    return word.unit if word else ""


def _kind(found: Found, label: str) -> tuple[str, float]:
    """Return type and confidence: what is printed in the blank counts before the label's words."""
    word = _word(found)
    kind = _by_content(found, label, word.type if word else "")
    if kind is not None:
        agrees = word is not None and (word.type == kind[0])
        return kind[0], 0.95 if agrees else kind[1]
    if found.extra:
        return ("phone" if word and word.type == "phone" else "text"), 0.65
    if word is None:
        unit = _unit_in(found.label)
        if unit:
            return ("decimal" if unit in {"㎡", "m", "km", "kg"} else "yen" if unit == "円" else "integer"), 0.8
        return ("textarea", 0.7) if found.lines >= BIG_LINES else ("text", 0.6)
    if word.type == "textarea":
        return ("textarea", 0.85) if found.lines >= 1.6 else ("text", 0.7)
    if word.type == "file":
        return "textarea" if found.lines >= BIG_LINES else "file", 0.6
    if word.type == "text":
        return ("text", 0.75)
    return word.type, 0.85


def _by_content(found: Found, label: str, said: str) -> tuple[str, float] | None:
    ask, printed = found.ask, found.printed
    if found.control == "date":
        return "date", 0.9
    if found.control == "choice" and found.options:
        return "choice", 0.9
    if re.fullmatch(r"(?:□[ \u3000-]*){9,}", printed.strip()) and said not in {"corporate_number", "insured_number"}:
        return "my_number", 0.8
    if said == "bank_part" or (ask is not None and says("content", printed, below="bank") and said in {"", "text"}):
        return ("bank_part", 0.85) if said == "bank_part" else None
    if ask is None:
        if says("content", printed, below="address") and printed.strip():
            return "address", 0.85
        return None
    if ask.kind in {"choice", "choices", "tick"}:
        return _choice(found, label)
    if ask.kind == "number":
        unit = unit_of(ask.unit)
        return (unit.type if unit else "integer"), 0.9
    if ask.kind in {"date", "year_month", "time", "text", "phone", "consent", "file", "address"}:
        return ask.kind, 0.9
    return None


def _choice(found: Found, label: str) -> tuple[str, float]:
    ask = found.ask
    assert ask is not None
    pairs = lexicon()["content"]["yes_no"]
    if len(ask.options) == 2 and [re.sub(r"[(（].*", "", fold(option)) for option in ask.options] in [
        [fold(a), fold(b)] for a, b in pairs
    ]:
        return "yes_no", 0.9
    if ask.kind == "tick":
        return ("consent", 0.8) if says("consent", ask.options[0]) else ("choices", 0.6)
    if ask.kind == "choices" or says("multiple", found.label) or says("items", label):
        return "choices", 0.85
    return "choice", 0.85
