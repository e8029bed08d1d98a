"""Pure decisions of issuing: which documents go with a case, what state one is in, how numbers and texts are filled.

No Django, no database, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from .schema import VARIABLE, DocumentTemplate, Input

State = Literal["valid", "expired", "revoked", "replaced"]
ISSUED, REVOKED, REPLACED = "issued", "revoked", "replaced"
DOWNLOADED, CHOSEN, POSTED, HANDED_OVER, ERASED = "downloaded", "chosen", "posted", "handed_over", "erased"
EXPIRY_TOLD, PICKUP_TOLD = "expiry_told", "pickup_told"
REIWA_OFFSET = 2018
UNPAID = "unpaid_yen"


def state_of(kinds: Collection[str], *, expires_on: date | None, today: date) -> State:
    """Return the state of a document from the kinds of its events; the last day of validity still counts."""
    if REVOKED in kinds:
        return "revoked"
    if REPLACED in kinds:
        return "replaced"
    return "expired" if expires_on is not None and expires_on < today else "valid"


def document_number(form: str, *, fiscal_year: int, sign: str, serial: int) -> str:
    """Write a document number (文書番号): (2026, 杉保児, 12) → 「8杉保児第12号」."""
    return form.format(year=fiscal_year - REIWA_OFFSET, sign=sign, serial=serial)


def last_day(issued_on: date, valid_days: int | None) -> date | None:
    """Return the last day of validity, the day of issue being the first; None when it does not end."""
    return issued_on + timedelta(days=valid_days - 1) if valid_days else None


def matching(
    templates: Iterable[DocumentTemplate], *, procedure: str, workflow: str, outcome: str
) -> list[DocumentTemplate]:
    """Return the documents that go with a decided case; those naming the procedure replace the workflow's of their kind."""
    fitting = [item for item in templates if outcome and outcome in item.outcomes]
    own = [item for item in fitting if procedure in item.procedures]
    kinds = {item.kind for item in own}
    return own + [item for item in fitting if workflow in item.workflows and item.kind not in kinds]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill the variables of a text; one that has no value becomes 「―」."""
    return VARIABLE.sub(lambda place: values.get(place[1], "") or "―", text)


def says_something(text: str, values: Mapping[str, str]) -> bool:
    """Tell whether a line has anything to say: it names no variable, or one of those it names has a value."""
    names = VARIABLE.findall(text)
    return not names or any(values.get(name) for name in names)


def missing_inputs(inputs: Iterable[Input], given: Mapping[str, str]) -> list[Input]:
    """Return the required inputs that were left empty."""
    return [item for item in inputs if item.required and not given.get(item.id, "").strip()]
