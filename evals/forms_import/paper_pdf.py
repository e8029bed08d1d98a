"""A small pen for PDF forms: typst source with ``#f(label, type)`` marks, whose positions become the gold."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import typst

from evals.forms_import.gold import F, Gold

PRELUDE = """
#set page(paper: "a4", margin: 18mm)
#set text(font: ("Noto Sans CJK JP", "Noto Sans CJK TC"), lang: "ja", size: 10pt)
#let f(label, kind, inside: "") = box(width: 0pt, height: 0.6em, context {
  let p = here().position()
  [#metadata((label: label, type: kind, inside: inside, page: p.page, x: p.x.pt(), y: p.y.pt()))<gold>]
})
#let sp(n) = h(n * 1em)
#set table(inset: 5pt, stroke: 0.6pt, align: left + horizon)
"""


def write_pdf(path: Path, *, title: str, source: str, addressee: str = "", left_out: list[str] | None = None) -> None:
    """Typeset *source* and write the PDF and its gold (places are ``p.PAGE x,y`` in points from the top left)."""
    gold = Gold(title, addressee, left_out=left_out or [])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.typ"
        file.write_text(PRELUDE + source, encoding="utf-8")
        path.write_bytes(typst.compile(str(file), format="pdf"))
        marks = json.loads(typst.query(str(file), "<gold>", field="value"))
    known: dict[tuple[str, str, str], F] = {}
    for mark in marks:
        key = (mark["label"], mark["type"], mark["inside"])
        expected = known.setdefault(key, F(*key))
        gold.add(expected, f"p.{mark['page']} {mark['x']:.0f},{mark['y']:.0f}")
    gold.write(path.with_suffix(".json"))
