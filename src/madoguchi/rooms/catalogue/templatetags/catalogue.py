"""Signs and words of changes for the catalogue's pages."""

from __future__ import annotations

from django import template

from madoguchi.rooms.catalogue.form_versions import KINDS

register = template.Library()


@register.filter
def change_sign(kind: str) -> str:
    """Return the sign of a kind of change: ＋, －, ±, →."""
    return KINDS[kind][0]


@register.filter
def change_word(kind: str) -> str:
    """Return the word of a kind of change: 追加, 削除, 変更, 移動."""
    return KINDS[kind][1]
