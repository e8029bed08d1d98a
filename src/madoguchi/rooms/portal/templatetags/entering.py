"""Template tag of the clerk's pages: a question as it is asked aloud."""

from __future__ import annotations

from typing import Any

from django import template

from madoguchi.rooms.portal.entering import spoken

register = template.Library()


@register.simple_tag
def spoken_prompt(field: Any) -> str:
    """Print how to ask a question aloud, '' when there is nothing to ask."""
    return spoken(field)
