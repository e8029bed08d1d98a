"""Reads of issuing: the documents of a case, what waits to be sent, what anybody may know of a document.

Owns no permission: the rooms decide who may ask for a case. ``Proof`` is all that the public page ever learns.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.kernel.l10n import LocalText

from .codes import code_hash, pickup_code
from .folder import setting_in_force, templates_in_force
from .models import Delivery, IssuedDocument
from .rules import ERASED, REVOKED, State, state_of
from .schema import Desk


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its state on a day and how it is delivered."""

    document: IssuedDocument
    state: State
    delivery: Delivery | None
    erased: bool = False
    revoked_reason: str = ""

    @property
    def title(self) -> LocalText:
        """Return the name of the document in every language."""
        return LocalText(self.document.title)

    def disagrees(self, outcome: str) -> bool:
        """Tell whether a valid document says another outcome than the case now has (a decision taken back)."""
        template = templates_in_force().get(self.document.template_id)
        return self.state == "valid" and template is not None and outcome not in template.outcomes

    @property
    def other_ways(self) -> list[str]:
        """Return the ways beside download that the owner may still choose."""
        if self.state != "valid" or (self.delivery and self.delivery.done_at):
            return []
        return [way for way in self.document.ways if way in Delivery.WAYS]

    @property
    def pickup_code(self) -> str:
        """Return the code the owner says at the desk, '' when it is not picked up."""
        waits = self.delivery is not None and self.delivery.way == "pickup" and self.delivery.done_at is None
        return pickup_code(self.document.id) if waits else ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What anybody who holds a document may know of it: nothing about a person."""

    number: str
    title: LocalText
    kind: str
    issued_on: dt.date
    expires_on: dt.date | None
    section: str
    state: State
    sha256: str
    is_sample: bool


def documents_of_case(number: str, *, today: dt.date) -> list[DocumentView]:
    """Return the documents of a case, newest first (one SQL statement, two when there are any)."""
    rows = IssuedDocument.objects.filter(case_number=number).select_related("delivery").prefetch_related("events")
    return [view_of(row, today=today) for row in rows]


def get_document(case_number: str, document_id: uuid.UUID, *, today: dt.date) -> DocumentView:
    """Return a document of a case. Raises NotFound."""
    rows = IssuedDocument.objects.filter(pk=document_id, case_number=case_number)
    row = rows.select_related("delivery").prefetch_related("events").first()
    if row is None:
        raise NotFound("この文書は見つかりません。", code="issuing.no_document")
    return view_of(row, today=today)


def view_of(document: IssuedDocument, *, today: dt.date) -> DocumentView:
    """Return a document with its state; its events and its delivery are expected to be fetched."""
    events = list(document.events.all())
    kinds = {event.kind for event in events}
    return DocumentView(
        document,
        state_of(kinds, expires_on=document.expires_on, today=today),
        getattr(document, "delivery", None),
        erased=ERASED in kinds,
        revoked_reason=next((event.reason for event in events if event.kind == REVOKED), ""),
    )


def waiting_deliveries(sections: Iterable[str] | None) -> list[Delivery]:
    """Return what waits to be posted or handed over in these sections (None: all), oldest first (one SQL statement)."""
    rows = Delivery.objects.filter(done_at=None).exclude(document__events__kind=REVOKED)
    rows = rows.filter(document__replaced_by=None)
    if sections is not None:
        rows = rows.filter(section__in=list(sections))
    return list(rows.select_related("document").order_by("chosen_at")[:200])


def get_delivery(pk: int, sections: Iterable[str] | None) -> Delivery:
    """Return a delivery of these sections. Raises NotFound."""
    rows = Delivery.objects.select_related("document").filter(pk=pk)
    found = (rows if sections is None else rows.filter(section__in=list(sections))).first()
    if found is None:
        raise NotFound("この文書は見つかりません。", code="issuing.no_delivery")
    return found


def desks() -> list[Desk]:
    """Return the desks at which documents are picked up."""
    setting = setting_in_force()
    return list(setting.desks) if setting else []


def proof_by_code(code: str, *, today: dt.date, number: str = "") -> Proof | None:
    """Return what a check code proves, None when there is no such document or *number* is not its own."""
    try:
        found = IssuedDocument.objects.filter(code_hash=code_hash(code)).prefetch_related("events").first()
    except InvalidInput:
        return None
    if found is None or (number and plain_number(number) != plain_number(found.number)):
        return None
    return _proof(found, today)


def proof_by_file(file: IO[bytes] | Iterable[bytes], *, today: dt.date) -> tuple[Proof | None, str]:
    """Return what a file proves and its SHA-256; None when it is not, byte for byte, a document that was issued."""
    digest = hashlib.sha256()
    for chunk in file:
        digest.update(chunk)
    found = IssuedDocument.objects.filter(sha256=digest.hexdigest()).prefetch_related("events").first()
    return (_proof(found, today) if found is not None else None), digest.hexdigest()


def plain_number(text: str) -> str:
    """Return a document number without spaces and differences of width, as people type it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _proof(document: IssuedDocument, today: dt.date) -> Proof:
    view = view_of(document, today=today)
    return Proof(
        number=document.number,
        title=view.title,
        kind=document.kind,
        issued_on=document.issued_on,
        expires_on=document.expires_on,
        section=document.section_name,
        state=view.state,
        sha256=document.sha256,
        is_sample=document.is_sample,
    )
