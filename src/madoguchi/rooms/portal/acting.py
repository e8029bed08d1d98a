"""Acting for somebody else in the portal: under a delegation, or as the clerk who asks and writes.

Owns which mandate a draft or a case is worked on under. Whether a delegation holds is decided by the identity engine.
"""

from __future__ import annotations

import datetime as dt

from madoguchi.engines.casework.api import Bundle, Case
from madoguchi.engines.identity.api import Asked, mandate_for
from madoguchi.kernel.access import Actor, Mandate
from madoguchi.kernel.errors import DomainError
from madoguchi.rooms.catalogue.api import Procedure
from madoguchi.rooms.portal.together.naming import procedures_in

DELEGATION = "delegation:"
ENTRY = "entry:"
ENTRY_CHANNELS = ("counter", "phone")
"""Where staff ask a resident and write for them."""
ENTRY_RIGHT = "portal.entry"
ENTRY_CAPACITY = {
    "counter": {
        "ja": "窓口で職員が聞き取って入力",
        "easy": "窓口で 役所の 人が 書きました",
        "en": "entered by staff at the counter",
        "zh": "由窗口工作人员询问后代为填写",
        "ko": "창구에서 직원이 듣고 입력",
    },
    "phone": {
        "ja": "電話で職員が聞き取って入力",
        "easy": "電話で 役所の 人が 書きました",
        "en": "entered by staff on the telephone",
        "zh": "由工作人员通过电话询问后代为填写",
        "ko": "전화로 직원이 듣고 입력",
    },
}


def asked_of(procedure: Procedure) -> Asked:
    """Return what the delegation register must know of a procedure."""
    return Asked(procedure.id, procedure.field, procedure.no_delegation)


def entry_mandate(channel: str, owner_ref: str = "") -> Mandate:
    """Return what records say of a clerk who asks and writes at the counter or on the phone.

    *owner_ref*: the account of the resident whose draft it is, '' for a guest or who has none.
    """
    return Mandate(ref=f"{ENTRY}{channel}", capacity=ENTRY_CAPACITY[channel], principal_ref=owner_ref)


def is_entry(actor: Actor) -> bool:
    """Tell whether somebody acts as the clerk who asks and writes."""
    return actor.mandate is not None and actor.mandate.ref.startswith(ENTRY)


def is_delegated(mandate: str) -> bool:
    """Tell whether a draft or a case was begun under a delegation."""
    return mandate.startswith(DELEGATION)


def mandate_in(actor: Actor, ref: str, procedure_id: str, *, at: dt.datetime) -> Mandate:
    """Return the mandate of a delegated draft or case as it holds now; of an interview, when it covers a part of it.

    Raises NotFound, NotAllowed (ended, revoked, not covered).
    """
    return mandate_for(actor, ref, [asked_of(item) for item in procedures_in(procedure_id)], at=at)


def may_follow(actor: Actor, filed: Case | Bundle, *, at: dt.datetime) -> Mandate | None:
    """Return the mandate under which a representative may follow what they filed, None when it does not hold now."""
    filer, about = (
        (filed.submission.owner_ref, filed.submission) if isinstance(filed, Bundle) else (filed.filer_ref, filed)
    )
    if not filer or filer != actor.ref:
        return None
    try:
        return mandate_in(actor, about.mandate, about.procedure_id, at=at)
    except DomainError:
        return None
