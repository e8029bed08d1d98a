"""Open a case: the office takes in what a person asked for and gives it a receipt number.

Owns the opening only. Three SQL statements: the case (the database completes the number), its first event, the
audit record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.calendar import OfficeCalendar, fiscal_year
from madoguchi.kernel.ids import new_short_code, parse_short_code
from madoguchi.kernel.text import fold

from ..definitions import current_version_id, definition_of
from ..happenings import CaseHappening, tell_listeners
from ..models import Bundle, Case, CaseEvent
from ..rules import NO_PROMISE, OPENED, day_of, promise, received_day
from .acting import recorded_name, said_for
from .originals import expect_originals


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """What casework must know of a procedure; a snapshot goes into the case. ``standard_days`` are office days or
    None.
    """

    id: str
    title: str
    section: str
    workflow_id: str
    standard_days: int | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks and how to reach them; all optional. ``ref`` is the account (``resident:12``), '' for a guest.

    ``filer_ref`` is the account of who asks in the applicant's name (代理人), '' when nobody does.
    """

    name: str = ""
    kana: str = ""
    email: str = ""
    ref: str = ""
    language: str = "ja"
    filer_ref: str = ""


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """The new case with what the receipt shows; the secret is given out once and kept only as a hash."""

    case: Case
    number: str
    lookup_secret: str = field(repr=False)


def hash_secret(secret: str) -> str:
    """Return the keyed hash under which a lookup secret is stored (hex)."""
    return salted_hmac("casework.lookup", parse_short_code(secret), algorithm="sha256").hexdigest()


@transaction.atomic(savepoint=False)
def open_case(
    *,
    submission: Any | None,
    procedure: ProcedureFacts,
    applicant: Applicant,
    actor: Actor,
    channel: str,
    at: datetime,
    calendar: OfficeCalendar,
    is_sample: bool = False,
    lookup_secret: str | None = None,
    details: Mapping[str, Any] | None = None,
    bundle: Bundle | None = None,
) -> OpenedCase:
    """Open a case for a submission (or for none: hand-overs) and return it with its number and lookup secret.

    *lookup_secret* is a short code the applicant already holds (the draft's); without it a new one is made. *details* of
    how it came in are kept with the opening event. *bundle* ties the case to others handed in together with it.
    """
    version_id = current_version_id(procedure.workflow_id)
    definition = definition_of(version_id)
    start = definition.initial
    received_on = received_day(at, calendar=calendar)
    promised_on = promise(received_on=received_on, standard_days=procedure.standard_days, pauses=(), calendar=calendar)
    secret = lookup_secret or new_short_code()
    case = Case.objects.create(
        fiscal_year=fiscal_year(day_of(at)),
        procedure_id=procedure.id,
        procedure_title=procedure.title,
        submission=submission,
        bundle=bundle,
        workflow_version_id=version_id,
        channel=channel,
        language=applicant.language,
        received_at=at,
        received_on=received_on,
        standard_days=procedure.standard_days,
        applicant_name=applicant.name,
        applicant_folded=search_key(applicant.name),
        applicant_kana_folded=search_key(applicant.kana),
        applicant_ref=applicant.ref,
        filer_ref=applicant.filer_ref,
        mandate=actor.mandate.ref if actor.mandate else "",
        contact_email=applicant.email,
        lookup_secret_hash=hash_secret(secret),
        is_sample=is_sample,
        section=procedure.section,
        state=start.id,
        stage=start.stage,
        state_kind=start.kind,
        clock=start.clock,
        promised_on=promised_on,
        due_sort=promised_on or NO_PROMISE,
        event_count=1,
    )
    event = CaseEvent.objects.create(
        case=case,
        seq=1,
        kind=OPENED,
        to_state=start.id,
        at=at,
        actor_ref=actor.ref,
        actor_name=recorded_name(actor),
        payload={
            **(details or {}),
            **said_for(actor),
            "section": procedure.section,
            "received_on": received_on.isoformat(),
            "standard_days": procedure.standard_days,
            "channel": channel,
        },
    )
    expect_originals(case, at=at)
    record(
        actor=actor,
        action="casework.open",
        subject=f"case:{case.number}",
        payload={"procedure": procedure.id, "section": procedure.section, "channel": channel},
        at=at,
    )
    tell_listeners(
        CaseHappening(case=case, event=event, definition=definition, transition=None, actor=actor, at=at, payload={})
    )
    return OpenedCase(case=case, number=case.number, lookup_secret=secret)


def search_key(name: str) -> str:
    """Return a name folded for search, without spaces."""
    return "".join(fold(name).split())[:200]
