"""Line icons of the house, drawn on a 24 × 24 grid, put into the page as SVG so that they take the colour of the text.

Owns ``icons/icons.svg``. Icons are decoration: the words beside them carry the meaning, so they are hidden from
screen readers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

_FILE = Path(__file__).parent / "icons" / "icons.svg"
DEFAULT = "document"


@cache
def icon_bodies() -> dict[str, str]:
    """Return the inner SVG of every icon by name. Raises ParseError when the file is not well formed."""
    root = ElementTree.fromstring(_FILE.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    bodies = {}
    for node in root.findall("symbol"):
        inner = "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in node)
        bodies[node.attrib["id"]] = inner
    return bodies


@cache
def icon(name: str) -> SafeString:
    """Return the SVG of the icon *name*; an unknown name gives the icon of a document."""
    bodies = icon_bodies()
    body = bodies.get(name) or bodies[DEFAULT]
    return mark_safe(  # noqa: S308 - the body is our own file, the name is not printed
        '<svg class="wd-icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"'
        f' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
        f' aria-hidden="true" focusable="false">{body}</svg>'
    )
