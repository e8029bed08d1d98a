"""What tables and lines find: a blank with its label, before its type is decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from madoguchi.engines.forms.importing.inline import Ask
from madoguchi.engines.forms.importing.paper import Place


@dataclass(slots=True)
class Found:
    """A blank and the words that belong to it."""

    label: str
    places: list[Place]
    ask: Ask | None = None
    section: str = ""
    printed: str = ""
    """What is printed inside the blank."""
    how: str = "left"
    """Where the label stands: left, above, inside, line, heading."""
    lines: float = 1.0
    control: str = ""
    options: tuple[str, ...] = ()
    boxes: int = 0
    children: list[Found] = field(default_factory=list)
    rows: int = 0
    """Rows of a repeating table."""
    extra: bool = False
    """A blank inside the bracket of an option: answered only when that option is chosen."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the paper that no resident fills in, and why it is left out."""

    label: str
    place: str
    reason: str


OFFICE = "職員が使う欄のため"
STAMP = "印を押す欄のため（押印は求めません）"
