"""How many applications of which procedure arrive on which day, by which channel, in which language.

Owns the shape of the year. Pure: the counts and the calendar come in.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import Procedure
from madoguchi.rooms.portal.sample_year.walks import OfficeDays

MONTHS = {1: 0.9, 2: 1.0, 3: 1.45, 4: 1.4, 5: 1.0, 6: 1.05, 7: 0.95, 8: 0.85, 9: 0.95, 10: 1.0, 11: 1.0, 12: 0.85}
"""Applications by month against the average: the moving season stands out."""

HOURS = {
    7: 2,
    8: 4,
    9: 7,
    10: 8,
    11: 7,
    12: 9,
    13: 7,
    14: 6,
    15: 6,
    16: 5,
    17: 5,
    18: 5,
    19: 6,
    20: 8,
    21: 9,
    22: 8,
    23: 4,
    0: 2,
}
OFF_LINE = {"counter": 6.0, "post": 3.0, "phone": 1.0}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One application that arrives; ``target`` names the state it must stand in, '' leaves it to chance."""

    procedure: Procedure
    at: dt.datetime
    channel: str
    lang: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """The days of the sample and the online share of each procedure by fiscal year."""

    first: dt.date
    until: dt.datetime
    days: OfficeDays
    shares: Mapping[tuple[str, int], float]


def spread(procedures: Sequence[tuple[Procedure, int]], size: int) -> list[tuple[Procedure, int]]:
    """Give each procedure its number of cases: by the square root of its yearly count, at least one."""
    weights = [max(count, 1) ** 0.5 for _, count in procedures]
    whole = sum(weights) or 1.0
    return [(item, max(1, round(size * weight / whole))) for (item, _), weight in zip(procedures, weights, strict=True)]


class Clockwork:
    """Draws the arrivals of one year."""

    def __init__(self, year: Year, rng: random.Random) -> None:
        self.year, self.rng = year, rng
        last = year.until.astimezone(TOKYO).date()
        self._days = [year.first + dt.timedelta(days=n) for n in range((last - year.first).days + 1)]
        self._weights = [MONTHS[day.month] for day in self._days]
        self._open = [
            w if year.days.calendar.is_open(d) else 0.0 for d, w in zip(self._days, self._weights, strict=True)
        ]

    def arrivals(self, procedure: Procedure, count: int) -> list[Arrival]:
        """Return *count* applications of a procedure, none later than the end of the year."""
        found = []
        for _ in range(count):
            day = self.rng.choices(self._days, self._weights)[0]
            channel = self._channel(procedure, day)
            if channel != "online" and not self.year.days.calendar.is_open(day):
                day = self.rng.choices(self._days, self._open)[0]
            found.append(self._arrival(procedure, day, channel))
        return [item for item in found if item.at <= self.year.until]

    def exhibit(self, procedure: Procedure, target: str, *, office_days_ago: int) -> Arrival:
        """Return an application of a morning so many office days ago, to be taken into the state *target*."""
        number = self.year.days.number(self.year.until.astimezone(TOKYO).date()) - 1 - office_days_ago
        arrival = self._arrival(procedure, self.year.days[max(number, 0)], self._channel(procedure, self._days[-1]))
        morning = arrival.at.replace(hour=self.rng.randint(9, 12))
        return Arrival(arrival.procedure, morning, arrival.channel, arrival.lang, target)

    def _channel(self, procedure: Procedure, day: dt.date) -> str:
        share = self.year.shares.get((procedure.id, day.year if day.month >= 4 else day.year - 1), 0.0)
        others = [channel for channel in procedure.channels if channel in OFF_LINE]
        if "online" in procedure.channels and (not others or self.rng.random() < max(share, 0.1)):
            return "online"
        return self.rng.choices(others, [OFF_LINE[item] for item in others])[0] if others else "counter"

    def _arrival(self, procedure: Procedure, day: dt.date, channel: str) -> Arrival:
        hour = (
            self.rng.choices(list(HOURS), list(HOURS.values()))[0] if channel == "online" else self.rng.randint(9, 16)
        )
        at = dt.datetime(
            day.year, day.month, day.day, hour, self.rng.randint(0, 59), self.rng.randint(0, 59), tzinfo=TOKYO
        )
        lang = self.rng.choices(("ja", "easy", "en"), (91, 4, 5))[0] if channel == "online" else "ja"
        return Arrival(procedure, at, channel, lang)
