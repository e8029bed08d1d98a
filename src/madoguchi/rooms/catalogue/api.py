"""The face of the catalogue: what other rooms may ask of it.

Promises: reads cost no SQL once a process is warm; what is returned is public; a procedure is written by loading the
municipality folder, or by ``publish_procedure`` of a room whose staff have approved it.
"""

from __future__ import annotations

import datetime as dt

from madoguchi.kernel.access import Actor
from madoguchi.rooms.catalogue.checks import Known, ProcedureFault, check_procedure
from madoguchi.rooms.catalogue.figure_rows import counts_by_year
from madoguchi.rooms.catalogue.interviews.deciding import Decision, answers_for, decide
from madoguchi.rooms.catalogue.interviews.remaining import questions_left, signature
from madoguchi.rooms.catalogue.interviews.schema import Interview
from madoguchi.rooms.catalogue.interviews.selectors import get_interview, interviews, table_of
from madoguchi.rooms.catalogue.schema import (
    CASHLESS_LABELS,
    CHANNEL_LABELS,
    ONLINE_LABELS,
    LifeEvent,
    NewsFile,
    PageFile,
    Procedure,
    Service,
)
from madoguchi.rooms.catalogue.selectors import (
    DepartmentInfo,
    departments,
    facts_of,
    form_of,
    frequent,
    get_department,
    get_life_event,
    get_procedure,
    life_events,
    list_procedures,
    news_items,
    pages,
    procedures_of_department,
    procedures_of_event,
    search_procedures,
    services,
)


def publish_procedure(
    procedure: Procedure, *, origin: str, actor: Actor, at: dt.datetime, effective_on: dt.date | None = None
) -> None:
    """Publish a procedure for staff, at once or from a day; see ``publishing``."""
    from madoguchi.rooms.catalogue.publishing import publish_procedure as publish

    publish(procedure, origin=origin, actor=actor, at=at, effective_on=effective_on)


__all__ = [
    "CASHLESS_LABELS",
    "CHANNEL_LABELS",
    "ONLINE_LABELS",
    "Decision",
    "DepartmentInfo",
    "Interview",
    "Known",
    "LifeEvent",
    "NewsFile",
    "PageFile",
    "Procedure",
    "ProcedureFault",
    "Service",
    "answers_for",
    "check_procedure",
    "counts_by_year",
    "decide",
    "departments",
    "facts_of",
    "form_of",
    "frequent",
    "get_department",
    "get_interview",
    "get_life_event",
    "get_procedure",
    "interviews",
    "life_events",
    "list_procedures",
    "news_items",
    "pages",
    "procedures_of_department",
    "procedures_of_event",
    "publish_procedure",
    "questions_left",
    "search_procedures",
    "services",
    "signature",
    "table_of",
]
