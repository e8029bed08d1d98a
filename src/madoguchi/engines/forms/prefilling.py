"""Answers put into a draft from what is known about the person: used, cleared, refused; and where each came from.

Owns the row that remembers it, beside the draft and, for good, beside the submission of the same draft. A value counts as
put in only while it stands as it was: what the person changes is the person's own.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from madoguchi.engines.forms.models import Prefill
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.engines.forms.services import merge_answers


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: ``profile`` (own details), ``provider`` (sign-in), ``earlier`` (an earlier application).

    ``title`` names the provider or the procedure; ``on`` is the day of the earlier application (ISO), '' otherwise.
    """

    source: str
    value: Any
    title: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What was put into a draft, by question, and the steps whose offer the person refused."""

    origins: Mapping[str, Origin]
    declined: frozenset[str]

    def standing(self, answers: Mapping[str, Any]) -> dict[str, Origin]:
        """Return the origins of the values that still stand as they were put in."""
        return {key: origin for key, origin in self.origins.items() if answers.get(key) == origin.value}


def prefilled(draft_id: uuid.UUID) -> Prefilled:
    """Return what was put into a draft (one SQL statement)."""
    row = Prefill.objects.filter(pk=draft_id).first()
    if row is None:
        return Prefilled({}, frozenset())
    return Prefilled({key: Origin(**each) for key, each in row.origins.items()}, frozenset(row.declined))


@transaction.atomic
def use_values(loaded: LoadedDraft, origins: Mapping[str, Origin], *, at: dt.datetime) -> None:
    """Put values into questions that have no answer yet. Raises Conflict when the draft was handed in meanwhile."""
    fresh = {key: origin for key, origin in origins.items() if not _answered(loaded.draft.answers.get(key))}
    if not fresh:
        return
    merge_answers(loaded, {key: origin.value for key, origin in fresh.items()}, at=at)
    row = _row(loaded, at)
    row.origins = {**row.origins, **{key: asdict(origin) for key, origin in fresh.items()}}
    row.save(update_fields=["origins", "updated_at"])


@transaction.atomic
def clear_values(loaded: LoadedDraft, fields: Iterable[str], *, at: dt.datetime) -> None:
    """Take values that were put in out again; one that the person changed stays."""
    row = _row(loaded, at)
    known = {key: Origin(**each) for key, each in row.origins.items()}
    gone = [key for key in fields if key in known and loaded.draft.answers.get(key) == known[key].value]
    merge_answers(loaded, dict.fromkeys(gone), at=at)
    row.origins = {key: each for key, each in row.origins.items() if key not in gone}
    row.save(update_fields=["origins", "updated_at"])


@transaction.atomic
def decline_values(loaded: LoadedDraft, step_id: str, *, at: dt.datetime) -> None:
    """Remember that the person wants nothing put into a step."""
    row = _row(loaded, at)
    row.declined = sorted({*row.declined, step_id})
    row.save(update_fields=["declined", "updated_at"])


def _row(loaded: LoadedDraft, at: dt.datetime) -> Prefill:
    row, _ = Prefill.objects.select_for_update().get_or_create(pk=loaded.draft.pk, defaults={"updated_at": at})
    row.updated_at = at
    return row


def _answered(value: Any) -> bool:
    return (
        any(_answered(each) for each in value.values()) if isinstance(value, Mapping) else value not in (None, "", [])
    )
