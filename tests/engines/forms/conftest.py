"""Fixtures of the stored part: a published form, drafts of it, a moment."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from madoguchi.engines.forms.models import FormVersion
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.engines.forms.services import start_draft
from madoguchi.kernel import municipality
from madoguchi.kernel.access import NOBODY, Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.folder import digest_of, plain

from .small import definition, field

AT = dt.datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
Publish = Callable[..., FormVersion]
Begin = Callable[..., LoadedDraft]


@pytest.fixture
def publish() -> Publish:
    """Return a function that publishes a version of a small form."""

    def run(*fields: dict[str, Any], version: int = 1, valid_from: str = "2026-04-01", **keys: Any) -> FormVersion:
        given = definition(*(fields or (field("a"), field("b", required=False))), valid_from=valid_from, **keys)
        row = FormVersion.objects.create(
            id=uuid.uuid4(),
            form_id=given.id,
            version=version,
            digest=digest_of(plain(given)),
            definition=plain(given),
            valid_from=given.valid_from,
            published_at=AT,
        )
        municipality.reset()
        return row

    return run


@pytest.fixture
def begin() -> Begin:
    """Return a function that starts a draft of the small form."""

    def run(*, actor: Actor = NOBODY, at: dt.datetime = AT) -> LoadedDraft:
        return start_draft(form_id="small", procedure_id="p", actor=actor, lang="ja", channel="online", at=at)

    return run
