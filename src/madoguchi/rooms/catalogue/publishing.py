"""Publishing procedures: the rows that lists and figures read, from a loaded folder and from what staff publish.

Owns the table of procedures. Who may publish is the question of the room that asks; the history is in the kernel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from madoguchi.kernel import clock, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.folder import plain
from madoguchi.rooms.catalogue.checks import GENERAL_FORM
from madoguchi.rooms.catalogue.models import Procedure as Row
from madoguchi.rooms.catalogue.schema import Procedure


def store_procedures(procedures: Sequence[Procedure]) -> None:
    """Write the rows of a folder's procedures; those that are gone become inactive, those that staff published stay."""
    by_staff = municipality.held("procedures")
    _write([procedure for procedure in procedures if procedure.id not in by_staff])
    Row.objects.exclude(id__in=[*by_staff, *(procedure.id for procedure in procedures)]).update(active=False)


def publish_procedure(
    procedure: Procedure, *, origin: str, actor: Actor, at: dt.datetime, effective_on: dt.date | None = None
) -> None:
    """Publish a procedure for staff, at once or from a day. Call it inside a transaction.

    From now on a folder load leaves the procedure alone, until the folder holds the same.
    """
    item = ("procedures", procedure.id, plain(procedure))
    municipality.put_items([item], origin=origin, actor=actor, at=at, effective_on=effective_on)
    if effective_on is None or effective_on <= clock.local(at).date():
        _write([procedure])


def follow_dates() -> None:
    """Bring the rows up to the versions that staff published and whose day has come."""
    by_staff = municipality.held("procedures")
    rows = municipality.current().section("procedures")
    _write([Procedure.model_validate(row) for row in rows if row["id"] in by_staff])


def _write(procedures: Iterable[Procedure]) -> None:
    columns = [field.name for field in Row._meta.fields if field.name != "id"]
    Row.objects.bulk_create(
        [_row(procedure) for procedure in procedures],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=columns,
        batch_size=500,
    )


def _row(procedure: Procedure) -> Row:
    data: dict[str, Any] = plain(procedure)
    return Row(
        id=procedure.id,
        title=procedure.title.get("ja"),
        official_name=procedure.official_name,
        kana=procedure.kana,
        field=procedure.field,
        department=procedure.department,
        audience=procedure.audience,
        online_status=procedure.online.status,
        online_since=procedure.online.since,
        cashless_status=procedure.cashless.status,
        cashless_since=procedure.cashless.since,
        form_id=procedure.form or GENERAL_FORM,
        workflow_id=procedure.workflow,
        standard_days=procedure.standard_days,
        data=data,
        active=procedure.closed is None,
    )
