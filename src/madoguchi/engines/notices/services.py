"""Writes of the notices engine: make a notice, deliver it, mark it read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from madoguchi.kernel import jobs, municipality
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ids import uuid7
from madoguchi.kernel.registry import Registry

from . import rules
from .channels import CHANNELS
from .contacts import addresses_of, choices_of, mark_fault, owner_of
from .letters import delivery, letter
from .models import DeliveryAttempt, Notice
from .schema import Letter

LateMaker = Callable[[str], str]
late_values: Final[Registry[LateMaker]] = Registry("届ける時に入る値")
"""Functions by name that turn a stored argument into a secret (a sign-in link) at the moment of delivery."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives: an e-mail address, a number, an account (its feed and its own ways), or the ways a guest gave for a
    case (``case_number``). ``name`` is the name line, may be empty.
    """

    email: str = ""
    account_id: int | None = None
    name: str = ""
    phone: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class LateValue:
    """A value that must not be stored: the name of its maker and the argument to give it."""

    maker: str
    argument: str


def send_notice(
    template_id: str,
    *,
    to: Recipient,
    lang: str,
    context: Mapping[str, str],
    at: datetime,
    dedupe_key: str | None = None,
    case_number: str = "",
    late: Mapping[str, LateValue] | None = None,
) -> UUID:
    """Write a notice and queue its delivery in the current transaction: one insert and one enqueue. Returns the
    notice's id. By which ways it goes is decided when it is delivered, from what the person chose by then.

    ``context`` holds the letter's variables (dates as words); ``name``, ``municipality`` and ``url`` are filled in
    when left out, a date that is left out drops its line, and names the letter does not use are ignored. The same
    ``dedupe_key`` writes and mails nothing a second time. Raises NotFound (letter), InvalidInput (values, recipient).
    """
    definition, digest = letter(template_id)
    owner = owner_of(account_id=to.account_id, case_number=to.case_number)
    channels = _channels(definition.channels, to, owner)
    values = _defaults(definition.variables, to, lang) | dict(context)
    subject, body = rules.render(definition, lang, values)
    notice = Notice(
        id=uuid7(),
        account_id=to.account_id,
        owner=owner,
        email=to.email if "mail" in channels else "",
        phone=to.phone if "sms" in channels else "",
        case_number=case_number,
        letter=definition.id,
        letter_digest=digest,
        lang=lang,
        channels=channels,
        subject=subject[:300],
        body=body,
        sms=rules.render_sms(definition, lang, values) if "sms" in definition.channels else "",
        card={key: values[key] for key in ("number", "stage", "url") if values.get(key)},
        late={name: [value.maker, value.argument] for name, value in (late or {}).items()},
        dedupe_key=dedupe_key,
        created_at=at,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=dedupe_key is not None)
    if set(channels) & set(rules.OUTSIDE) or (owner and set(definition.channels) & set(rules.OUTSIDE)):
        jobs.enqueue("notices.deliver", notice_id=str(notice.id))
    return notice.id


def deliver_notice(notice_id: UUID | str, *, at: datetime, channel: str = "") -> None:
    """Deliver a notice by one way, or (without *channel*) decide by which ways it goes and begin.

    One way is tried in the same transaction, several get a job each, so that a fault of one never repeats another. A
    notice whose ``dedupe_key`` was taken by another is left alone, and so is a way by which it arrived or was given up.
    """
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            return
        addresses = addresses_of(notice)
        ways = [channel] if channel else _route(notice, addresses)
        if len(ways) == 1:
            _attempt(notice, ways[0], addresses, at=at)
        else:
            for way in ways:
                jobs.enqueue("notices.deliver", notice_id=str(notice.id), channel=way)


def give_up(notice: Notice, channel: str, *, error: str, at: datetime) -> None:
    """Note afterwards that a notice did not arrive by a way (it bounced) and take the next one. Call it in a transaction."""
    _write(notice, channel, DeliveryAttempt.Result.GIVEN_UP, at=at, error=error)
    _take_next_way(notice, addresses_of(notice))


def mark_read(notice_id: UUID | str, *, account_id: int, at: datetime) -> bool:
    """Note that the account's holder opened a notice, once; tell whether it was unread."""
    unread = Notice.objects.filter(pk=notice_id, account_id=account_id, read_at__isnull=True)
    return bool(unread.update(read_at=at))


def _route(notice: Notice, addresses: Mapping[str, str]) -> Sequence[str]:
    """Return the outside ways of a notice and keep them on it; the first choice stands when it is delivered again."""
    tried = set(notice.attempts.values_list("channel", flat=True))
    if tried:
        return [way for way in notice.channels if way in rules.OUTSIDE]
    definition = _letter_of(notice)
    chosen = choices_of(notice.owner).get(definition.kind)
    ways = rules.choose_ways(definition, usable=addresses, chosen=chosen, delivery=delivery())
    if not ways and notice.email and "mail" in notice.channels and chosen is None:
        ways = ["mail"]  # its address is known not to work: the attempt says so
    channels = [*ways, *(way for way in notice.channels if way not in rules.OUTSIDE)]
    if channels != notice.channels:
        notice.channels = channels
        notice.save(update_fields=["channels"])
    return ways


def _attempt(notice: Notice, channel: str, addresses: Mapping[str, str], *, at: datetime) -> None:
    """Try one way now, or put it off to the end of the quiet hours; queue the next try or take the next way."""
    results = list(notice.attempts.filter(channel=channel).values_list("result", flat=True))
    if {"sent", "given_up"} & set(results):
        return
    due = rules.allowed_from(
        at,
        channel=channel,
        urgent=_letter_of(notice).urgent,
        quiet=delivery().quiet,
        calendar=municipality.current().calendar,
    )
    if due > at:
        jobs.enqueue("notices.deliver", not_before=due, notice_id=str(notice.id), channel=channel)
        return
    if channel not in addresses:
        _write(notice, channel, DeliveryAttempt.Result.GIVEN_UP, at=at, error="unusable")
        _take_next_way(notice, addresses)
        return
    late = {name: late_values.get(maker)(argument) for name, (maker, argument) in notice.late.items()}
    outcome = CHANNELS[channel].deliver(notice, to=addresses[channel], late=late)
    wait = jobs.wait_seconds(len(results), delivery().tries.get(channel, 1))  # type: ignore[call-overload]
    result = "given_up" if outcome.result == "failed" and wait is None else outcome.result
    _write(notice, channel, DeliveryAttempt.Result(result), at=at, error=outcome.error, ref=outcome.ref)
    if outcome.fault:
        mark_fault(channel, addresses[channel], outcome.fault, at=at)
    if result == "failed" and wait is not None:
        jobs.enqueue(
            "notices.deliver", not_before=at + timedelta(seconds=wait), notice_id=str(notice.id), channel=channel
        )
    elif result == "given_up":
        _take_next_way(notice, {way: value for way, value in addresses.items() if way != channel})


def _take_next_way(notice: Notice, addresses: Mapping[str, str]) -> None:
    """Add the next usable way to a notice that arrived by none, and queue it."""
    if not set(notice.channels) & set(rules.OUTSIDE):
        return
    allowed = _letter_of(notice).channels
    usable = [way for way in addresses if way in allowed]
    attempts = list(notice.attempts.order_by("id").values_list("channel", "result"))
    states = rules.way_states(notice.channels, attempts)
    way = rules.next_way(notice.channels, states, usable=usable, delivery=delivery())
    if way is None:
        return
    notice.channels = [way, *notice.channels]
    notice.save(update_fields=["channels"])
    jobs.enqueue("notices.deliver", notice_id=str(notice.id), channel=way)


def _write(
    notice: Notice, channel: str, result: DeliveryAttempt.Result, *, at: datetime, error: str = "", ref: str = ""
) -> None:
    DeliveryAttempt.objects.create(
        notice=notice, channel=channel, at=at, result=result, error_class=error[:100], ref=ref[:120]
    )


def _letter_of(notice: Notice) -> Letter:
    return letter(notice.letter)[0]


def _channels(wanted: Sequence[str], to: Recipient, owner: str) -> list[str]:
    """Return the ways known now; those a person gave of their own are found at delivery."""
    usable = {"mail": bool(to.email), "sms": bool(to.phone), "feed": to.account_id is not None}
    channels = [channel for channel in wanted if usable.get(channel)]
    if not channels and not owner:
        raise InvalidInput(
            "お知らせを届ける先がありません。",
            code="notices.recipient",
            mend="メールアドレスかアカウントのどちらかが必要です。",
        )
    return channels


def _defaults(variables: Mapping[str, str], to: Recipient, lang: str) -> dict[str, str]:
    values = {"name": to.name, "url": settings.BASE_URL, "due_on": "", "promised_on": ""}
    if "municipality" in variables:
        values["municipality"] = municipality.current().name.get(lang)
    return values
