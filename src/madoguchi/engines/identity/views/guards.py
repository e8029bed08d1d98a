"""The rule that a page which changes staff opens only while the rights are raised, whatever a role grants for good."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from madoguchi.kernel.access import staff_required
from madoguchi.kernel.errors import NotAllowed

from ..current import elevation_of

View = Callable[..., HttpResponse]


def elevation_required(view: View) -> View:
    """Open a view to staff who hold ``admin.staff`` and have raised their rights with a reason; others get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if elevation_of(request) is None:
            raise NotAllowed(
                "この操作には、権限の昇格が必要です。",
                code="identity.not_elevated",
                mend="右上の「権限の昇格」で理由を書いてから、もう一度操作してください。",
            )
        return view(request, *args, **kwargs)

    return staff_required("admin.staff")(guarded)
