"""Tags for the pages that allauth draws itself and that therefore get no context of ours."""

from __future__ import annotations

from django import template

from ..outside.section import Provider, providers_for

register = template.Library()


@register.simple_tag
def staff_providers() -> list[Provider]:
    """Return the providers with which members of staff may sign in now."""
    return providers_for("staff")
