"""Reads of the forms engine: the version in force, a version compiled, the fees, a draft by id or short code.

Owns no permission: who may see a draft is decided by the room that asks (``access``).
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.db.models.fields.json import KT
from django.utils.crypto import salted_hmac

from madoguchi.engines.forms.compiler import CompiledForm, compile_form
from madoguchi.engines.forms.evaluation import Context, Evaluation, evaluate
from madoguchi.engines.forms.models import Draft, DraftHand, FormVersion, Submission
from madoguchi.engines.forms.schema import Fee, FormDefinition
from madoguchi.kernel import ids, municipality
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import to_text

DRAFT_GONE = "この申請の下書きは見つかりません。"
# written out: every page of an application reads its draft, and composing this statement takes thrice the time of running it
_DRAFT_AND_WHETHER_SENT = (
    f"SELECT d.*, EXISTS (SELECT 1 FROM {Submission._meta.db_table} s WHERE s.draft_id = d.id) AS sent"  # noqa: S608 - names of tables
    f" FROM {Draft._meta.db_table} d WHERE d.id = %s AND d.expires_at > %s"
)


@functools.lru_cache(maxsize=512)
def compiled_version(version_id: uuid.UUID) -> CompiledForm:
    """Return a published version compiled; it never changes, so it is kept for the life of the process."""
    return compile_form(FormDefinition.model_validate(FormVersion.objects.get(pk=version_id).definition))


@municipality.per_generation
def version_in_force(form_id: str, day: dt.date) -> uuid.UUID:
    """Return the id of the latest version valid on *day*. Raises NotFound when there is none."""
    versions = FormVersion.objects.filter(form_id=form_id, valid_from__lte=day).order_by("-version")
    found = versions.values_list("id", flat=True).first()
    if found is None:
        raise NotFound(
            f"様式「{form_id}」はまだ公開されていません。",
            code="forms.no_version",
            mend="公開する日を確かめてください。",
        )
    return found


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A published version by its number: since when it is valid, when it was published, how many submissions keep it."""

    id: uuid.UUID
    number: int
    valid_from: dt.date
    published_at: dt.datetime
    submissions: int


def versions_of(form_id: str) -> list[VersionFacts]:
    """Return the published versions of a form, newest first, [] when there is none (one SQL statement)."""
    rows = FormVersion.objects.filter(form_id=form_id).annotate(count=Count("submissions")).order_by("-version")
    return [VersionFacts(*row) for row in rows.values_list("id", "version", "valid_from", "published_at", "count")]


@dataclass(frozen=True, slots=True)
class FormVersions:
    """A published form: the Japanese title of its latest version, and its versions' first days, oldest first."""

    form_id: str
    title: str
    valid_from: tuple[dt.date, ...]

    def in_force_since(self, day: dt.date) -> dt.date | None:
        """Return the first day of the version in force on *day*, None when none is yet."""
        return next((first for first in reversed(self.valid_from) if first <= day), None)


def published_forms() -> list[FormVersions]:
    """Return every published form by id, without its definition (one SQL statement)."""
    rows = FormVersion.objects.order_by("form_id", "version").values_list(
        "form_id", KT("definition__title"), "valid_from"
    )
    titles: dict[str, str] = {}
    days: dict[str, list[dt.date]] = {}
    for form_id, title, valid_from in rows:
        titles[form_id] = title
        days.setdefault(form_id, []).append(valid_from)
    return [FormVersions(form_id, _japanese(titles[form_id]), tuple(found)) for form_id, found in days.items()]


def _japanese(stored: str) -> str:
    """Return the Japanese text of a localised text as the database prints it: plain, or an object of languages."""
    return str(to_text(json.loads(stored))) if stored.startswith("{") else stored


@municipality.per_generation
def current_fees() -> dict[str, Fee]:
    """Return the fees of the municipality by id."""
    rows = municipality.current().section("fees")
    return {row["id"]: Fee.model_validate(row) for row in rows}


@dataclass(slots=True)
class LoadedDraft:
    """A draft with its form, ready to be evaluated."""

    draft: Draft
    form: CompiledForm
    sent: bool = False

    @property
    def code(self) -> str:
        """Return the short code by which the draft is resumed on another device."""
        return draft_code(self.draft.id)

    def evaluate(self, *, at: dt.datetime) -> Evaluation:
        """Evaluate the answers as of *at*."""
        return evaluate(self.form, self.draft.answers, context_at(at, channel=self.draft.channel))


def context_at(at: dt.datetime, *, channel: str = "online") -> Context:
    """Return the evaluation context of a moment (the day in Japan) and a channel."""
    from django.utils import timezone

    return Context(timezone.localtime(at).date() if timezone.is_aware(at) else at.date(), channel, current_fees())


def draft_code(draft_id: uuid.UUID) -> str:
    """Return the draft's short code: derived from the secret key, so it is stored nowhere."""
    return ids.short_code(salted_hmac("forms.draft.code", str(draft_id), algorithm="sha256").digest())


def code_hash(code: str) -> str:
    """Return the keyed hash under which a short code is found again."""
    return salted_hmac("forms.draft.code.hash", ids.parse_short_code(code), algorithm="sha256").hexdigest()


def load_draft(draft_id: uuid.UUID, *, at: dt.datetime) -> LoadedDraft:
    """Return a draft that has not expired (one SQL statement). Raises NotFound."""
    draft = next(iter(Draft.objects.raw(_DRAFT_AND_WHETHER_SENT, [draft_id, at])), None)
    if draft is None:
        raise NotFound(DRAFT_GONE, code="forms.no_draft", mend="手続のページから、もう一度始めてください。")
    return LoadedDraft(draft, compiled_version(draft.form_version_id), sent=draft.sent)  # type: ignore[attr-defined]


def parts_of(parent: Draft) -> dict[str, LoadedDraft]:
    """Return the drafts that are handed in together with *parent*, by procedure id (one SQL statement)."""
    rows = Draft.objects.filter(parent=parent)
    return {draft.procedure_id: LoadedDraft(draft, compiled_version(draft.form_version_id)) for draft in rows}


def find_draft(code: str, *, at: dt.datetime) -> LoadedDraft:
    """Return the draft of a short code. Raises InvalidInput (mistyped) or NotFound."""
    draft = Draft.objects.filter(code_hash=code_hash(code), parent=None, expires_at__gt=at).first()
    if draft is None or Submission.objects.filter(draft_id=draft.id).exists():
        raise NotFound(
            "この再開コードの下書きは見つかりません。",
            code="forms.no_draft",
            mend="コードを確かめてください。送信が済んだ申請や、期限の過ぎた下書きは再開できません。",
        )
    return LoadedDraft(draft, compiled_version(draft.form_version_id))


def drafts_of(owner_ref: str, *, at: dt.datetime) -> list[Draft]:
    """Return the unsent drafts of an account, newest first (one SQL statement)."""
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    rows = Draft.objects.filter(~Exists(sent), owner_ref=owner_ref, parent=None, expires_at__gt=at).order_by(
        "-updated_at"
    )
    return list(rows.defer("answers")[:50])


def drafts_expiring(first: dt.date, last: dt.date) -> list[Draft]:
    """Return the unsent drafts that will be deleted from *first* to *last* (days in Japan), by that day. One statement."""
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    begin = dt.datetime.combine(first, dt.time(), TOKYO)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), TOKYO)
    rows = Draft.objects.filter(~Exists(sent), parent=None, expires_at__gte=begin, expires_at__lt=end)
    return list(rows.order_by("expires_at", "id"))


def hands_of(draft_id: uuid.UUID) -> list[DraftHand]:
    """Return the changes of hands of a draft, oldest first (one SQL statement)."""
    return list(DraftHand.objects.filter(draft_id=draft_id))


def drafts_held_by(holder_ref: str, *, at: dt.datetime) -> list[Draft]:
    """Return the unsent drafts that a member of staff has in hand for residents, newest first (one SQL statement)."""
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    rows = Draft.objects.filter(~Exists(sent), holder_ref=holder_ref, expires_at__gt=at).order_by("-updated_at")
    return list(rows.defer("answers")[:50])


def replay(submission: Submission) -> Evaluation:
    """Evaluate a submission with its own form version as of the day it was handed in."""
    form = compiled_version(submission.form_version_id)
    return evaluate(form, submission.answers, context_at(submission.submitted_at, channel=submission.channel))


def person_of(form: CompiledForm, answers: dict[str, Any]) -> tuple[str, str]:
    """Return (name, kana) of the first person named in the answers, '' when none is."""
    for item in form.fields.values():
        value = answers.get(item.id)
        if item.fd.type == "person_name" and isinstance(value, dict) and value.get("family"):
            name = f"{value.get('family', '')} {value.get('given', '')}".strip()
            return name, f"{value.get('family_kana', '')} {value.get('given_kana', '')}".strip()
        if item.fd.type == "latin_name" and isinstance(value, dict) and value.get("surname"):
            return f"{value['surname']} {value.get('given_names', '')}".strip(), ""
    return "", ""


def email_of(form: CompiledForm, answers: dict[str, Any]) -> str:
    """Return the first e-mail address in the answers, '' when none was given."""
    for item in form.fields.values():
        value = answers.get(item.id)
        if item.fd.type == "email" and isinstance(value, str) and not item.kind.judge(item.fd, value, {}):
            return item.kind.normalise(item.fd, value) or value
    return ""
