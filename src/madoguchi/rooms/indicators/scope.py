"""What a reader asked for in the address: a department, a fiscal year, a day.

Owns the reading of the query and the choices of the form. Values that are not known count as not given, so that an
old address never breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from madoguchi.engines.identity.api import departments as all_departments
from madoguchi.kernel import municipality
from madoguchi.kernel.calendar import fiscal_year
from madoguchi.kernel.indicators import Filters

YEARS = 4
"""Fiscal years a reader may choose from."""


@dataclass(frozen=True, slots=True)
class Department:
    """A bureau or section to choose; ``sections`` are those it covers."""

    id: str
    name: str
    parent: str
    sections: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The day and the filters of a page."""

    as_of: date
    filters: Filters
    is_today: bool = True

    def query(self, **more: str) -> str:
        """Return the query string that asks for the same again, with *more*; '' when nothing is asked."""
        values = {
            "department": self.filters.department,
            "fiscal_year": str(self.filters.fiscal_year or ""),
            "as_of": "" if self.is_today else self.as_of.isoformat(),
            **more,
        }
        kept = {key: value for key, value in values.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


@municipality.per_generation
def departments() -> dict[str, Department]:
    """Return bureaus and sections by id, in the order of the folder (one SQL statement per folder loaded)."""
    rows = [(row.pk, row.name, row.parent_id or "") for row in all_departments()]
    return {
        key: Department(key, name, parent, frozenset({key, *(child for child, _, above in rows if above == key)}))
        for key, name, parent in rows
    }


def filters_of(department: str, year: int | None) -> Filters:
    """Return the filters for a department ('' or an unknown one: the whole office) and a fiscal year."""
    found = departments().get(department)
    return Filters(department=found.id if found else "", sections=found.sections if found else None, fiscal_year=year)


def read(query: Mapping[str, Any], *, today: date) -> Asked:
    """Read what is asked for; a day ahead of *today* and a year out of reach count as not given."""
    try:
        as_of = min(date.fromisoformat(str(query.get("as_of", ""))), today)
    except ValueError:
        as_of = today
    wanted = str(query.get("fiscal_year", ""))
    year = int(wanted) if wanted in {str(each) for each in years(as_of)} else None
    return Asked(as_of, filters_of(str(query.get("department", "")), year), is_today=as_of == today)


def years(as_of: date) -> list[int]:
    """Return the fiscal years to choose from, the newest first."""
    newest = fiscal_year(as_of)
    return list(range(newest, newest - YEARS, -1))


def department_groups() -> list[tuple[Department, list[Department]]]:
    """Return the bureaus, each with its sections, in the order of the folder; a section without bureau stands alone."""
    known = departments()
    tops = [item for item in known.values() if item.parent not in known]
    return [(top, [item for item in known.values() if item.parent == top.id]) for top in tops]
