"""When and by which way a notice goes, how long an SMS is, what a number is: pure decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.notices.delivery_schema import DeliveryFile, QuietHours
from madoguchi.engines.notices.rules import allowed_from, choose_ways, e164, next_way, segments, way_states
from madoguchi.engines.notices.schema import Letter
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import InvalidInput

CALENDAR = OfficeCalendar(closed_dates={date(2026, 11, 3): "文化の日"})
NIGHT = QuietHours(closed_days=["sms"])
NOON = QuietHours.model_validate({"from": "12:00", "to": "13:00", "channels": ["line"]})


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO)


def allowed(when: str, channel: str, quiet: QuietHours = NIGHT, *, urgent: bool = False) -> str:
    moment = allowed_from(at(when), channel=channel, urgent=urgent, quiet=quiet, calendar=CALENDAR)
    return f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("when", "channel", "expected"),
    [
        ("2026-11-04 20:59", "line", "2026-11-04 20:59"),
        ("2026-11-04 21:00", "line", "2026-11-05 08:00"),
        ("2026-11-04 23:59", "line", "2026-11-05 08:00"),
        ("2026-11-05 00:00", "line", "2026-11-05 08:00"),
        ("2026-11-05 07:59", "sms", "2026-11-05 08:00"),
        ("2026-11-05 08:00", "sms", "2026-11-05 08:00"),
        ("2026-11-04 23:00", "mail", "2026-11-04 23:00"),
        ("2026-10-30 22:00", "sms", "2026-11-02 08:00"),
        ("2026-10-31 12:00", "line", "2026-10-31 12:00"),
        ("2026-11-02 21:30", "sms", "2026-11-04 08:00"),
        ("2026-11-03 10:00", "sms", "2026-11-04 08:00"),
        ("2026-12-31 21:00", "line", "2027-01-01 08:00"),
    ],
)
def test_quiet_hours_across_midnight_and_closed_days(when: str, channel: str, expected: str) -> None:
    assert allowed(when, channel) == expected
    assert allowed(when, channel, urgent=True) == when


def test_quiet_hours_within_a_day() -> None:
    assert allowed("2026-11-04 12:30", "line", NOON) == "2026-11-04 13:00"
    assert allowed("2026-11-04 13:00", "line", NOON) == "2026-11-04 13:00"


@given(st.integers(0, 60 * 24 * 40), st.sampled_from(["mail", "line", "sms"]))
def test_what_is_put_off_goes_at_the_moment_it_was_put_off_to(minutes: int, channel: str) -> None:
    moment = at("2026-10-20 00:00") + timedelta(minutes=minutes)
    due = allowed_from(moment, channel=channel, urgent=False, quiet=NIGHT, calendar=CALENDAR)
    assert moment <= due <= moment + timedelta(days=5)
    assert allowed_from(due, channel=channel, urgent=False, quiet=NIGHT, calendar=CALENDAR) == due


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("090-1234-5678", "+819012345678"),
        ("０８０１２３４５６７８", "+818012345678"),
        ("+81 70 1234 5678", "+817012345678"),
        ("06012345678", "+816012345678"),
    ],
)
def test_mobile_numbers_of_japan_are_read(number: str, expected: str) -> None:
    assert e164(number) == expected


@pytest.mark.parametrize("number", ["03-1234-5678", "0901234567", "090123456789", "+1 202 555 0100", "", "abc"])
def test_other_numbers_are_refused(number: str) -> None:
    with pytest.raises(InvalidInput):
        e164(number)


@pytest.mark.parametrize(("length", "parts"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_an_sms_is_counted_in_parts(length: int, parts: int) -> None:
    assert segments("あ" * length) == parts


def test_a_character_outside_the_plane_counts_twice() -> None:
    assert segments("𠮷" * 35) == 1
    assert segments("𠮷" * 36) == 2


LETTER = Letter.model_validate(
    {
        "id": "small",
        "title": "小さな文面",
        "kind": "progress",
        "channels": ["mail", "line", "sms", "feed"],
        "variables": {"url": "u"},
        "subject": {"ja": "a", "easy": "a", "en": "a"},
        "body": {"ja": "{url}", "easy": "a", "en": "a"},
    }
)


@pytest.mark.parametrize(
    ("usable", "chosen", "expected"),
    [
        (["mail", "line", "sms"], None, ["mail", "line"]),
        (["sms"], None, ["sms"]),
        (["mail", "line", "sms"], ["sms"], ["sms"]),
        (["mail", "line"], ["sms"], ["line"]),
        (["mail", "line"], [], []),
        ([], None, []),
    ],
)
def test_ways_are_those_chosen_or_the_wards_or_the_next(
    usable: list[str], chosen: list[str] | None, expected: list[str]
) -> None:
    assert choose_ways(LETTER, usable=usable, chosen=chosen, delivery=DeliveryFile()) == expected


def test_the_next_way_is_taken_only_when_nothing_arrived() -> None:
    usable = ["mail", "sms"]
    gone = way_states(["line"], [("line", "failed"), ("line", "given_up")])
    assert next_way(["line"], gone, usable=usable, delivery=DeliveryFile()) == "mail"
    arrived = way_states(["line", "mail"], [("line", "given_up"), ("mail", "sent")])
    assert next_way(["line", "mail"], arrived, usable=usable, delivery=DeliveryFile()) is None
    bounced = way_states(["mail"], [("mail", "sent"), ("mail", "given_up")])
    assert next_way(["mail"], bounced, usable=usable, delivery=DeliveryFile()) == "sms"
