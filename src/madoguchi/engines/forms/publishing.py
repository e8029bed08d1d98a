"""Publishing: a changed definition becomes a new version; versions never change.

Owns the rows of ``FormVersion``: those of a loaded folder, and those a room publishes for its staff. Who may publish is the
room's question.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from madoguchi.engines.forms.models import FormVersion
from madoguchi.engines.forms.schema import Fee, FormDefinition
from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.folder import digest_of, plain

_NAMESPACE = uuid.UUID("6f2d6f0e-7c1b-5b7e-9d35-0f5b1f0a6d11")


def publish_definitions(definitions: Iterable[FormDefinition], *, at: dt.datetime) -> None:
    """Publish every definition of a folder that differs from its latest version, but those that staff have published."""
    latest: dict[str, FormVersion] = {}
    for version in FormVersion.objects.order_by("form_id", "version").defer("definition"):
        latest[version.form_id] = version
    by_staff = municipality.held("forms")
    fresh = []
    for definition in definitions:
        if definition.id not in by_staff:
            fresh += _following(definition, latest.get(definition.id), at)
    FormVersion.objects.bulk_create(fresh)


def _following(definition: FormDefinition, old: FormVersion | None, at: dt.datetime) -> list[FormVersion]:
    """Return the version that follows *old*, not yet written; none when nothing has changed."""
    data = plain(definition)
    digest = digest_of(data)
    if old is not None and old.digest == digest:
        return []
    number = old.version + 1 if old else 1
    return [
        FormVersion(
            id=uuid.uuid5(_NAMESPACE, f"{definition.id}:{number}:{digest}"),
            form_id=definition.id,
            version=number,
            digest=digest,
            definition=data,
            valid_from=definition.valid_from,
            published_at=at,
        )
    ]


def publish_version(definition: FormDefinition, *, origin: str, actor: Actor, at: dt.datetime) -> int:
    """Publish a definition for staff, valid from its own day; return the number of its version.

    A definition equal to the latest version publishes nothing. From now on a folder load leaves the form alone, until the
    folder holds the same definition. Call it inside a transaction.
    """
    old = FormVersion.objects.select_for_update().filter(form_id=definition.id).order_by("-version").first()
    fresh = _following(definition, old, at)
    FormVersion.objects.bulk_create(fresh)
    item = ("forms", definition.id, plain(definition))
    municipality.put_items([item], origin=origin, actor=actor, at=at, effective_on=definition.valid_from)
    return fresh[0].version if fresh else old.version if old else 0


def publish_fees(fees: Iterable[Fee], *, origin: str, actor: Actor, at: dt.datetime) -> None:
    """Publish fees for staff at once: their rates are dated themselves. Call it inside a transaction."""
    items = [("fees", fee.id, plain(fee)) for fee in fees]
    if items:
        municipality.put_items(items, origin=origin, actor=actor, at=at)
