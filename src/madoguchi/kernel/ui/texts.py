"""The words of the frame in each language: loaded once from ``texts/*.yaml`` of every installed app.

Owns key → {ja, easy, en}. A key is the whole dotted name (``portal.home.title``) and stands in one file only; a
municipality replaces single texts through ``set_overrides``. Data of the ward (procedures, forms) is not here but in
its folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from madoguchi.kernel.errors import Conflict, NotFound
from madoguchi.kernel.l10n import FALLBACK, LocalText, to_text

_PLACE = re.compile(r"\{(\w+)\}")
_texts: dict[str, LocalText] | None = None
_overrides: dict[str, LocalText] = {}
_escaped: dict[tuple[str, str], SafeString] = {}


def load_file(path: Path) -> dict[str, LocalText]:
    """Read one file of texts. Raises ValueError naming the key that is not written well."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    found: dict[str, LocalText] = {}
    for key, value in raw.items():
        try:
            found[key] = to_text(value)
        except ValueError as error:
            raise ValueError(f"{path.name}: {key}: {error}") from error
    return found


def all_texts() -> dict[str, LocalText]:
    """Return every text by key, read from the installed apps at the first call.

    Raises Conflict when two files share a key.
    """
    global _texts
    if _texts is None:
        merged: dict[str, LocalText] = {}
        for config in apps.get_app_configs():
            for path in sorted(Path(config.path, "texts").glob("*.yaml")):
                for key, value in load_file(path).items():
                    if key in merged:
                        raise Conflict(
                            f"文言「{key}」が二か所にあります（{path}）。",
                            code="texts.duplicate",
                            mend="片方の名前を変えてください。",
                        )
                    merged[key] = value
        _texts = merged
    return _texts


def set_overrides(mapping: Mapping[str, Any]) -> None:
    """Replace single texts with the ward's own wording (the folder's ``texts.yaml``).

    Languages that the ward leaves out keep the built-in text. Raises NotFound for a key that no page uses.
    """
    known = all_texts()
    fresh: dict[str, LocalText] = {}
    for key, value in mapping.items():
        if key not in known:
            raise NotFound(
                f"文言「{key}」はありません。", code="texts.unknown", mend="texts/*.yaml の名前を確かめてください。"
            )
        fresh[key] = LocalText({**known[key], **to_text(value)})
    _overrides.clear()
    _overrides.update(fresh)
    _escaped.clear()


def text(key: str, lang: str = FALLBACK, /, **values: Any) -> str:
    """Return the text *key* in *lang* with ``{name}`` places filled, as plain text.

    Raises NotFound for an unknown key.
    """
    found = _overrides.get(key) or all_texts().get(key)
    if found is None:
        raise NotFound(f"文言「{key}」はありません。", code="texts.unknown", mend="texts/*.yaml に書き足してください。")
    plain = found.get(lang)
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), plain) if values else plain


def html_text(key: str, lang: str = FALLBACK, /, **values: Any) -> SafeString:
    """Return the text *key* escaped for a page; values are escaped unless they are marked safe."""
    base = _escaped.get((key, lang))
    if base is None:
        base = _escaped[key, lang] = conditional_escape(text(key, lang))
    if not values:
        return base
    filled = _PLACE.sub(lambda place: conditional_escape(values[place[1]]) if place[1] in values else place[0], base)
    return mark_safe(filled)  # noqa: S308 - the text is escaped above, each value by conditional_escape
