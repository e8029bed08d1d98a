"""By which ways somebody can be reached: contacts given by consent, choices per kind, addresses that do not work.

Owns these rows. A guest is known by the case (``case:R08-…``), a resident by the account (``account:12``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.ids import uuid7

from .channels import CHANNELS
from .models import AddressFault, Choice, Contact, Notice
from .rules import OUTSIDE, e164
from .schema import CHOOSABLE

CODE_MINUTES = 15
MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A way of delivery as its holder sees it on my page. ``state`` is ``none``, ``unconfirmed``, ``ok`` or ``broken``."""

    channel: str
    value: str
    state: str
    reason: str = ""
    since: datetime | None = None


def owner_of(*, account_id: int | None = None, case_number: str = "") -> str:
    """Return the owner under which contacts and choices are kept."""
    return f"account:{account_id}" if account_id is not None else f"case:{case_number}" if case_number else ""


def ways_of(owner: str, *, email: str = "") -> list[Way]:
    """Return the ways of a person that are set up here, with their state (two SQL statements)."""
    contacts = {item.channel: item for item in Contact.objects.filter(owner=owner, ended_at=None)}
    values = {"mail": email, **{channel: item.value for channel, item in contacts.items()}}
    faults = faults_of([(channel, value) for channel, value in values.items() if value])
    ways = []
    for channel in OUTSIDE:
        if not CHANNELS[channel].is_ready():
            continue
        value, contact = values.get(channel, ""), contacts.get(channel)
        fault = faults.get((channel, value))
        state = "broken" if fault else "ok" if value else "none"
        if contact is not None and contact.confirmed_at is None:
            state = "unconfirmed"
        ways.append(
            Way(
                channel,
                value,
                state,
                reason=fault.reason if fault else "",
                since=fault.at if fault else contact.confirmed_at if contact else None,
            )
        )
    return ways


def faults_of(addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], AddressFault]:
    """Return the standing faults of addresses (channel, value); one SQL statement, none for no address."""
    wanted = Q(pk__in=[])
    for channel, value in addresses:
        wanted |= Q(channel=channel, value=value)
    rows = AddressFault.objects.filter(wanted, lifted_at=None) if addresses else []
    return {(item.channel, item.value): item for item in rows}


def addresses_of(notice: Notice) -> dict[str, str]:
    """Return where a notice can go: way to address, faults left out (two SQL statements)."""
    found = {"mail": notice.email, "sms": notice.phone}
    if notice.owner:
        rows = Contact.objects.filter(owner=notice.owner, ended_at=None, confirmed_at__isnull=False)
        found |= dict(rows.values_list("channel", "value"))
    found = {way: value for way, value in found.items() if value and CHANNELS[way].is_ready()}
    broken = faults_of(list(found.items()))
    return {way: value for way, value in found.items() if (way, value) not in broken}


def has_contact(owner: str) -> bool:
    """Tell whether a person gave a way of their own (one SQL statement)."""
    return Contact.objects.filter(owner=owner, ended_at=None, confirmed_at__isnull=False).exists()


def choices_of(owner: str) -> dict[str, list[str]]:
    """Return what a person chose: kind to ways; kinds left alone are left out (one SQL statement)."""
    return dict(Choice.objects.filter(owner=owner).values_list("kind", "channels")) if owner else {}


@transaction.atomic
def choose(owner: str, wanted: Mapping[str, Collection[str]], *, at: datetime) -> None:
    """Keep by which ways a person wants each kind of letter; ways and kinds that do not exist are left out."""
    for kind in CHOOSABLE:
        ways = [way for way in OUTSIDE if way in wanted.get(kind, ())]
        Choice.objects.update_or_create(owner=owner, kind=kind, defaults={"channels": ways, "at": at})


@transaction.atomic
def add_phone(owner: str, number: str, *, at: datetime) -> Contact:
    """Keep a mobile number that is yet to be confirmed, in place of an earlier one. Raises InvalidInput.

    The caller sends the code (``phone_code``); nothing else goes to the number before it is confirmed.
    """
    value = e164(number)
    recent = Contact.objects.filter(channel="sms", created_at__gt=at - timedelta(hours=1))
    if recent.filter(Q(owner=owner) | Q(value=value)).count() >= MAX_TRIES:
        raise InvalidInput(
            "確認の SMS を短い間に何度も送ったため、しばらく送れません。",
            code="notices.too_many_codes",
            mend="1時間ほど待ってからやり直してください。",
        )
    end_contact(owner, "sms", at=at)
    return Contact.objects.create(id=uuid7(), owner=owner, channel="sms", value=value, created_at=at)


def code_of(contact_id: str) -> str:
    """Return the six digits that confirm a number: derived from the house's key, stored nowhere."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"notices.phone:{contact_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def confirm_phone(owner: str, code: str, *, at: datetime) -> Contact:
    """Confirm a number by the code sent to it. Raises Conflict (nothing to confirm, too late), InvalidInput (wrong code)."""
    waiting = Contact.objects.filter(owner=owner, channel="sms", ended_at=None, confirmed_at=None)
    contact = waiting.filter(created_at__gt=at - timedelta(minutes=CODE_MINUTES), tries__lt=MAX_TRIES).first()
    if contact is None:
        raise Conflict(
            "確認コードの期限が切れました。",
            code="notices.code_expired",
            mend="番号を入力して、確認コードをもう一度受け取ってください。",
        )
    Contact.objects.filter(pk=contact.pk).update(tries=F("tries") + 1)
    if not hmac.compare_digest(code_of(str(contact.pk)), "".join(code.split())):
        raise InvalidInput(
            "確認コードが違います。", code="notices.code_wrong", mend="SMS に書かれた6桁の数字を入力してください。"
        )
    Contact.objects.filter(pk=contact.pk).update(confirmed_at=at)
    lift_fault("sms", contact.value, at=at)
    return contact


@transaction.atomic
def link_contact(owner: str, channel: str, value: str, *, at: datetime) -> None:
    """Link a confirmed address to a person; it leaves whoever had it, and the person's earlier one ends."""
    Contact.objects.filter(channel=channel, value=value, ended_at=None).update(ended_at=at)
    end_contact(owner, channel, at=at)
    Contact.objects.create(id=uuid7(), owner=owner, channel=channel, value=value, created_at=at, confirmed_at=at)
    lift_fault(channel, value, at=at)


def end_contact(owner: str, channel: str, *, at: datetime) -> bool:
    """End a person's way (revoked or replaced); tell whether there was one."""
    return bool(Contact.objects.filter(owner=owner, channel=channel, ended_at=None).update(ended_at=at))


def mark_fault(channel: str, value: str, reason: str, *, at: datetime) -> None:
    """Keep that an address does not work, and why; a fault already known stays as it is."""
    AddressFault.objects.bulk_create(
        [AddressFault(channel=channel, value=value, reason=reason, at=at)], ignore_conflicts=True
    )


def lift_fault(channel: str, value: str, *, at: datetime) -> bool:
    """Use an address again; tell whether it had a fault."""
    return bool(AddressFault.objects.filter(channel=channel, value=value, lifted_at=None).update(lifted_at=at))
