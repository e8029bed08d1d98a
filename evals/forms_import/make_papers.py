"""Draw every invented form with its gold anew: ``python -m evals.forms_import.make_papers``."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import import dev_more, dev_papers, dev_pdf, held_docx, held_pdf, held_xlsx

PAPERS = Path(__file__).parent / "papers"
SPLITS = {
    "dev": (*dev_papers.ALL, *dev_pdf.ALL, *dev_more.ALL),
    "held": (*held_xlsx.ALL, *held_docx.ALL, *held_pdf.ALL),
}


def make_papers(target: Path = PAPERS) -> None:
    """Write ``dev`` and ``held`` below *target*."""
    for split, papers in SPLITS.items():
        folder = target / split
        folder.mkdir(parents=True, exist_ok=True)
        for draw in papers:
            draw(folder)


if __name__ == "__main__":
    make_papers()
