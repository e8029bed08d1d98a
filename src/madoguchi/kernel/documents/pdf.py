"""Rendering a typst template to PDF. Owns the call, the fonts and the standard; refuses to make an untagged file."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from madoguchi.kernel.errors import DomainError, NotFound

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
"""Templates may import anything under here by an absolute path, such as `/kernel/documents/templates/base.typ`."""
OWN_TEMPLATES = Path(__file__).resolve().parent / "templates"
FONT_FILE = "NotoSansCJKtc-Regular.otf"
FONT_PACKAGE = "cvttf_NotoSansCJK_Regular"


class RenderingFailed(DomainError):  # noqa: N818 - the name says what happened
    """A template could not be rendered: a fault of the template or of its data, never of the reader."""

    http_status = 500


def template_path(name: str) -> Path:
    """Return the path of one of the kernel's templates (`receipt`). Raises NotFound."""
    path = OWN_TEMPLATES / f"{name}.typ"
    if not path.is_file():
        raise NotFound(f"文書の型「{name}」はありません。", code="documents.template")
    return path


def render_pdf(template: str | Path, data: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """Render a template with its data to a PDF/UA-1 file; about 0.1 s for a page.

    `template` is the name of a kernel template or the path of a room's own; `data` must be JSON-able and is read in the
    template by `json(bytes(sys.inputs.data))`. `at` becomes the date of creation, so that the same call gives the same
    bytes. Raises NotFound for an unknown name, RenderingFailed when typst refuses.
    """
    path = template_path(template) if isinstance(template, str) else template
    root = PACKAGE_ROOT if path.is_relative_to(PACKAGE_ROOT) else path.parent
    try:
        return typst.compile(
            str(path),
            root=str(root),
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(at.timestamp()) if at else None,
        )
    except typst.TypstError as error:
        raise RenderingFailed(
            "文書を作成できませんでした。",
            code="documents.render",
            mend="担当課にお知らせください。",
            template=path.name,
        ) from error


@cache
def _fonts() -> typst.Fonts:
    """Load the fonts once per process: the packaged Noto Sans CJK and the system's."""
    places = [str(place) for place in _font_places() if (place / FONT_FILE).is_file()]
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=places)


def _font_places() -> list[Path]:
    """Name where the font package may have put its file."""
    packages = [Path(entry) / FONT_PACKAGE for entry in sys.path if entry.endswith("site-packages")]
    return [*packages, Path(sys.prefix)]
