"""Pure decisions of the notices engine: the words of a notice, by which way and when it goes, what its attempts amount to.

No Django; time, data of the ward and facts about the person come in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import InvalidInput

from .delivery_schema import DeliveryFile, Outside, QuietHours
from .schema import CHOOSABLE, PLACEHOLDER, Letter

State = Literal["in_feed", "waiting", "sent", "given_up"]
OUTSIDE: tuple[Outside, ...] = ("mail", "line", "sms")
TOKYO = ZoneInfo("Asia/Tokyo")
SEGMENT, LONG_SEGMENT = 70, 67
"""UTF-16 units of one SMS and of each part of a longer one (3GPP TS 23.040: a header of 6 octets of 140)."""
_MOBILE = re.compile(r"0(?:60|70|80|90)\d{8}")
"""Numbers of mobile telephones in Japan (電気通信番号計画 音声伝送携帯電話番号)."""


def render(letter: Letter, lang: str, context: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and body with every value filled in but the late ones.

    A line of the body that holds a value which is empty (no name, no date set) is left out. The context may hold more
    than this letter uses. Raises InvalidInput for a missing value and for a name that no letter may use.
    """
    wanted = set(letter.variables) - letter.late
    missing, extra = sorted(wanted - set(context)), sorted(set(context) - letter.allowed)
    if missing or extra:
        raise InvalidInput(
            f"文面「{letter.id}」に差し込む値が合いません。",
            code="notices.context",
            mend=f"足りない値: {', '.join(missing) or 'なし'}、使えない値: {', '.join(extra) or 'なし'}",
        )
    subject = fill(letter.subject.get(lang), context)
    lines = [line for line in letter.body.get(lang).splitlines() if _is_filled(line, context)]
    return " ".join(subject.split()), fill("\n".join(lines).strip(), context) + "\n"


def render_sms(letter: Letter, lang: str, context: Mapping[str, str]) -> str:
    """Return the words of an SMS: the letter's own, else its subject and the address of the page."""
    if letter.sms is not None:
        return fill(letter.sms.get(lang), context)
    subject = " ".join(fill(letter.subject.get(lang), context).split())
    return f"{subject}\n{context.get('url', '')}".strip()


def _is_filled(line: str, context: Mapping[str, str]) -> bool:
    return all(context.get(name, "late") for name in PLACEHOLDER.findall(line))


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put values into ``{placeholders}`` once;
    names without a value stay, and values are never read as placeholders.
    """
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), words)


def segments(words: str) -> int:
    """Return of how many parts an SMS in UCS-2 consists: 70 units in one, 67 in each of several."""
    units = len(words.encode("utf-16-be")) // 2
    return 1 if units <= SEGMENT else -(-units // LONG_SEGMENT)


def e164(number: str) -> str:
    """Return a Japanese mobile number as ``+8190…`` (E.164). Raises InvalidInput for any other number."""
    plain = re.sub(r"[\s\-‐‑–−ー－()（）.]", "", unicodedata.normalize("NFKC", number))
    plain = "0" + plain[3:] if plain.startswith("+81") else plain
    if not _MOBILE.fullmatch(plain):
        raise InvalidInput(
            "携帯電話の番号として読めません。",
            code="notices.phone",
            mend="060・070・080・090 で始まる11桁の番号を入力してください。",
        )
    return "+81" + plain[1:]


def allowed_from(at: datetime, *, channel: str, urgent: bool, quiet: QuietHours, calendar: OfficeCalendar) -> datetime:
    """Return the first moment from *at* on at which the way may be used: *at* itself outside the quiet hours.

    An urgent letter passes. On closed days a way named in ``closed_days`` rests until the end of the quiet hours of the
    next open day.
    """
    if urgent:
        return at
    local = at.astimezone(TOKYO)
    begin, end = time.fromisoformat(quiet.from_), time.fromisoformat(quiet.to)
    if channel in quiet.channels:
        now = local.time().replace(tzinfo=None)
        if (begin < end and begin <= now < end) or (begin > end and now < end):
            local = _at(local, end)
        elif begin > end and now >= begin:
            local = _at(local + timedelta(days=1), end)
    if channel in quiet.closed_days and not calendar.is_open(local.date()):
        opened = calendar.next_open(local.date())
        morning = end if channel in quiet.channels and begin > end else time(8, 30)
        local = _at(local + (opened - local.date()), morning)
    return local if local > at else at


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


def choose_ways(
    letter: Letter, *, usable: Collection[str], chosen: Collection[str] | None, delivery: DeliveryFile
) -> Sequence[str]:
    """Return the outside ways by which a letter goes to a person who can be reached by *usable* ones.

    *chosen* is what the person set for this kind (None: nothing yet, ``defaults`` count). When none of the wanted ways can
    be used, the first usable one of ``fallback`` is taken; a person who chose none gets none. Letters about the account
    and to staff go by every way they name.
    """
    able: list[Outside] = [way for way in OUTSIDE if way in letter.channels and way in usable]
    if letter.kind not in CHOOSABLE:
        return able
    if chosen is not None:
        wanted = [way for way in able if way in chosen]
        return wanted or (_first(able, delivery) if set(chosen) & set(OUTSIDE) else [])
    wanted = [way for way in able if letter.kind in delivery.defaults.get(way, [])]
    return wanted or _first(able, delivery)


def _first(able: Sequence[Outside], delivery: DeliveryFile) -> list[Outside]:
    return [way for way in delivery.fallback if way in able][:1]


def next_way(
    tried: Collection[str], states: Mapping[str, State], *, usable: Collection[str], delivery: DeliveryFile
) -> str | None:
    """Return the way to take after one was given up: None while another arrived or is on its way, or none is left."""
    if any(states[way] in {"sent", "waiting"} for way in tried if way in states):
        return None
    return next((way for way in delivery.fallback if way in usable and way not in tried), None)


def way_states(channels: Iterable[str], attempts: Iterable[tuple[str, str]]) -> dict[str, State]:
    """Return what became of a notice by each outside way, from its attempts (way, result) in order of time."""
    last: dict[str, str] = {}
    for way, result in attempts:
        last[way] = result
    names: dict[str, State] = {"sent": "sent", "given_up": "given_up"}
    return {way: names.get(last.get(way, ""), "waiting") for way in channels if way in OUTSIDE}


def state_of(channels: Iterable[str], attempts: Iterable[tuple[str, str]]) -> State:
    """Derive what became of a notice: in the feed only, sent by some way, waiting, or given up by all."""
    states = set(way_states(channels, attempts).values())
    if not states:
        return "in_feed"
    order: tuple[State, ...] = ("sent", "waiting", "given_up")
    return next(state for state in order if state in states)
