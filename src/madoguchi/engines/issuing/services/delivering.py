"""How a document reaches its owner: downloaded, posted, handed over; and forgotten when its time has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound

from ..codes import is_pickup_code
from ..folder import setting_in_force
from ..models import Delivery, DocumentEvent, IssuedDocument
from ..rules import CHOSEN, DOWNLOADED, ERASED, HANDED_OVER, POSTED, state_of
from .issuing import ISSUE, add_event, note_on_case

ADDRESS_MAX, TRACKING_MAX = 400, 40


def _demand_valid(document: IssuedDocument, kinds: set[str], *, today: dt.date) -> None:
    """Raise Conflict when a document has expired, was revoked or was replaced."""
    state = state_of(kinds, expires_on=document.expires_on, today=today)
    if state == "expired":
        raise Conflict(
            "この文書は、もう受け取れません。",
            code="issuing.expired",
            mend="必要なときは担当課にお問い合わせください。",
        )
    if state == "revoked":
        raise Conflict(
            "この文書は、もう受け取れません。",
            code="issuing.revoked",
            mend="必要なときは担当課にお問い合わせください。",
        )
    if state == "replaced":
        raise Conflict(
            "この文書は、もう受け取れません。",
            code="issuing.replaced",
            mend="必要なときは担当課にお問い合わせください。",
        )


def open_document(document: IssuedDocument, *, actor: Actor, at: dt.datetime, today: dt.date) -> File[bytes]:
    """Return the PDF open for reading, and write down who read it. Raises NotFound, Conflict (no longer valid).

    Staff may read any document; its owner only a valid one.
    """
    kinds = {event.kind for event in document.events.all()}
    if not actor.is_staff:
        _demand_valid(document, kinds, today=today)
    if ERASED in kinds or not default_storage.exists(document.stored):
        raise NotFound("この文書のファイルは、もう残っていません。", code="issuing.erased")
    add_event(document, DOWNLOADED, actor=actor, at=at)
    return default_storage.open(document.stored, "rb")


@transaction.atomic
def choose_delivery(
    document: IssuedDocument,
    way: str,
    *,
    actor: Actor,
    at: dt.datetime,
    name: str = "",
    address: str = "",
    desk: str = "",
) -> Delivery:
    """Choose post (with name and address) or a desk; may be changed until it is posted or handed over.

    Raises InvalidInput naming what is missing, Conflict when it is on its way.
    """
    kinds = set(document.events.values_list("kind", flat=True))
    _demand_valid(document, kinds, today=clock.local(at).date())
    if way not in document.ways or way not in Delivery.WAYS:
        raise InvalidInput("受け取り方を選んでください。", code="issuing.way", fields=["way"])
    if way == "post" and not (name.strip() and address.strip()):
        raise InvalidInput(
            "あて名と送り先の住所を入力してください。", code="issuing.address", fields=["name", "address"]
        )
    if len(address) > ADDRESS_MAX or len(name) > 200:
        raise InvalidInput("送り先が長すぎます。", code="issuing.address_length", fields=["address"])
    setting = setting_in_force()
    if way == "pickup" and desk not in {item.id for item in (setting.desks if setting else [])}:
        raise InvalidInput("受け取る窓口を選んでください。", code="issuing.desk", fields=["desk"])
    held = Delivery.objects.select_for_update().filter(document=document).first()
    if held is not None and held.done_at is not None:
        raise Conflict("すでに発送またはお渡しが済んでいます。", code="issuing.delivered")
    values = {
        "way": way,
        "name": name.strip() if way == "post" else "",
        "address": address.strip() if way == "post" else "",
        "desk": desk if way == "pickup" else "",
        "section": document.section,
        "chosen_at": at,
    }
    delivery, _ = Delivery.objects.update_or_create(document=document, defaults=values)
    add_event(document, CHOSEN, actor=actor, at=at)
    return delivery


@transaction.atomic
def mark_posted(delivery: Delivery, *, posted_on: dt.date, tracking: str, actor: Actor, at: dt.datetime) -> None:
    """Write down that a document was posted on a day. Raises Conflict, InvalidInput (a day to come)."""
    actor.demand(ISSUE)
    locked = _waiting(delivery, "post")
    if posted_on > clock.local(at).date():
        raise InvalidInput("発送日は今日までの日にしてください。", code="issuing.posted_on", fields=["posted_on"])
    locked.posted_on, locked.tracking, locked.done_at = posted_on, tracking.strip()[:TRACKING_MAX], at
    locked.save(update_fields=["posted_on", "tracking", "done_at"])
    add_event(locked.document, POSTED, actor=actor, at=at)
    note_on_case(locked.document, "document_posted", actor=actor, at=at)


@transaction.atomic
def mark_handed_over(delivery: Delivery, *, code: str, actor: Actor, at: dt.datetime) -> None:
    """Write down that a document was handed over to who said its pickup code. Raises Conflict, InvalidInput."""
    actor.demand(ISSUE)
    locked = _waiting(delivery, "pickup")
    if not is_pickup_code(locked.document_id, code):
        raise InvalidInput(
            "受取コードが違います。",
            code="issuing.pickup_code",
            mend="本人の画面のコードを確かめてください。",
            fields=["code"],
        )
    locked.done_at = at
    locked.save(update_fields=["done_at"])
    add_event(locked.document, HANDED_OVER, actor=actor, at=at)
    note_on_case(locked.document, "document_handed_over", actor=actor, at=at)


def _waiting(delivery: Delivery, way: str) -> Delivery:
    """Return the delivery locked. Raises Conflict when it is done, or is of another way meanwhile."""
    locked = Delivery.objects.select_for_update(of=("self",)).select_related("document").get(pk=delivery.pk)
    if locked.done_at is not None or locked.way != way:
        raise Conflict(
            "受け取り方が変わったか、すでに済んでいます。", code="issuing.delivered", mend="一覧を開き直してください。"
        )
    return locked


@transaction.atomic
def erase_documents(case_numbers: Iterable[str], *, actor: Actor, at: dt.datetime) -> int:
    """Delete the files, addresses and written reasons of the documents of cases whose retention has ended; return how many.

    The rows stay: number, day and hash hold no personal data, so that a paper can still be checked. Only within
    ``kernel.retention.erase``: the database lets the words of events go only while an erasure is on the log.
    """
    gone = DocumentEvent.objects.filter(kind=ERASED).values("document_id")
    count = 0
    for document in IssuedDocument.objects.filter(case_number__in=list(case_numbers)).exclude(pk__in=gone):
        default_storage.delete(document.stored)
        Delivery.objects.filter(document=document).update(name="", address="", tracking="")
        DocumentEvent.objects.filter(document=document).exclude(reason="").update(reason="")
        by_owner = Q(actor_ref__startswith="guest:") | Q(actor_ref__startswith="resident:")
        DocumentEvent.objects.filter(by_owner, document=document).update(actor_ref="erased")
        add_event(document, ERASED, actor=actor, at=at)
        count += 1
    return count
