"""Published workflows: write a version, find the current one, read a definition back.

Owns the in-process memory of versions. A version's id follows from its content, so what is remembered can never be
wrong; only *which* version is current can change, and that memory lives for a few seconds.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Max

from madoguchi.kernel.errors import NotFound

from .models import WorkflowVersion
from .schema import WorkflowDefinition

CURRENT_FOR_SECONDS = 5.0

_current: dict[str, tuple[float, UUID]] = {}
_definitions: dict[UUID, WorkflowDefinition] = {}


def digest_of(definition: WorkflowDefinition) -> str:
    """Return the SHA-256 of the definition as canonical JSON (hex)."""
    data = definition.model_dump(mode="json", by_alias=True)
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def publish_workflow(definition: WorkflowDefinition, *, at: datetime) -> WorkflowVersion:
    """Publish a workflow unless its newest version says the same; return the newest version either way."""
    newest = WorkflowVersion.objects.filter(workflow_id=definition.id).order_by("-version").first()
    digest = digest_of(definition)
    if newest is None or newest.digest != digest:
        number = (newest.version if newest else 0) + 1
        newest = WorkflowVersion.objects.create(
            id=uuid5(NAMESPACE_URL, f"workflow:{definition.id}:{number}:{digest}"),
            workflow_id=definition.id,
            version=number,
            digest=digest,
            definition=definition.model_dump(mode="json", by_alias=True),
            published_at=at,
        )
    _remember_current(definition.id, newest.pk)
    return newest


def current_version_id(workflow_id: str) -> UUID:
    """Return the id of the newest version (at most one SQL statement every few seconds). Raises NotFound."""
    hit = _current.get(workflow_id)
    if hit and hit[0] > time.monotonic():
        return hit[1]
    row = (
        WorkflowVersion.objects.filter(workflow_id=workflow_id)
        .order_by("-version")
        .values_list("pk", "definition")
        .first()
    )
    if row is None:
        raise NotFound(
            f"業務の流れ「{workflow_id}」は登録されていません。",
            code="casework.workflow_unknown",
            mend="municipality load を実行してください。",
        )
    _definitions.setdefault(row[0], WorkflowDefinition.model_validate(row[1]))
    _remember_current(workflow_id, row[0])
    return row[0]


def definition_of(version_id: UUID) -> WorkflowDefinition:
    """Return the definition of a version (no SQL once it has been read). Raises NotFound."""
    found = _definitions.get(version_id)
    if found is None:
        data = WorkflowVersion.objects.filter(pk=version_id).values_list("definition", flat=True).first()
        if data is None:
            raise NotFound("業務の流れの版が見つかりません。", code="casework.version_unknown")
        found = _definitions[version_id] = WorkflowDefinition.model_validate(data)
    return found


def preload_definitions(version_ids: Iterable[UUID]) -> None:
    """Read the versions that are not in memory yet, in one statement; none when all are (before lists of cases)."""
    missing = {version_id for version_id in version_ids if version_id not in _definitions}
    if not missing:
        return
    for version_id, data in WorkflowVersion.objects.filter(pk__in=missing).values_list("pk", "definition"):
        _definitions[version_id] = WorkflowDefinition.model_validate(data)


def current_definitions() -> list[WorkflowDefinition]:
    """Return the newest version of every workflow, by id."""
    newest = WorkflowVersion.objects.values("workflow_id").annotate(newest=Max("version"))
    numbers = {row["workflow_id"]: row["newest"] for row in newest}
    rows = WorkflowVersion.objects.order_by("workflow_id")
    return [
        WorkflowDefinition.model_validate(row.definition) for row in rows if numbers[row.workflow_id] == row.version
    ]


def forget_current() -> None:
    """Forget which versions are current (tests; after a load in the same process)."""
    _current.clear()


def _remember_current(workflow_id: str, version_id: UUID) -> None:
    _current[workflow_id] = (time.monotonic() + CURRENT_FOR_SECONDS, version_id)
