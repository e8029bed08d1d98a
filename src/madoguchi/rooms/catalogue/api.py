"""The face of the catalogue: what other rooms may ask of it.

Promises: reads cost no SQL once a process is warm; what is returned is public; nothing is written here but by loading the
municipality folder.
"""

from madoguchi.rooms.catalogue.figure_rows import counts_by_year
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

__all__ = [
    "CASHLESS_LABELS",
    "CHANNEL_LABELS",
    "ONLINE_LABELS",
    "DepartmentInfo",
    "LifeEvent",
    "NewsFile",
    "PageFile",
    "Procedure",
    "Service",
    "counts_by_year",
    "departments",
    "facts_of",
    "form_of",
    "frequent",
    "get_department",
    "get_life_event",
    "get_procedure",
    "life_events",
    "list_procedures",
    "news_items",
    "pages",
    "procedures_of_department",
    "procedures_of_event",
    "search_procedures",
    "services",
]
