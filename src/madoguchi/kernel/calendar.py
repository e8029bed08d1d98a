"""Days as the office counts them: 和暦, 年度 and 開庁日.

Owns the eras and their boundary days, the fiscal year and the count of office days. Closing days are data (the
municipality's folder); this module knows none. Sources: 元号を改める政令 (昭和64年政令第1号・平成31年政令第143号)
and the imperial rescripts before them; 地方自治法第208条 (the fiscal year, 1 April to 31 March); 民法第140条 (the
first day is not counted).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from madoguchi.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its kanji, its letter, its first and last day (None while it lasts)."""

    name: str
    letter: str
    first_on: date
    last_on: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in this era."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)

    def year_of(self, day: date) -> int:
        """Return the year of the era in which the day lies; the first year is 1."""
        return day.year - self.first_on.year + 1


# 明治 dates before 1873-01-01 were counted by the moon; here every 明治 date is read as a Gregorian one.
ERAS: tuple[Era, ...] = (
    Era("令和", "R", date(2019, 5, 1), None),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 29)),
)
_BY_NAME = {key: era for era in ERAS for key in (era.name, era.letter, era.name[0])}
_SQUARE_ERAS = str.maketrans({"㍾": "明治", "㍽": "大正", "㍼": "昭和", "㍻": "平成", "㋿": "令和"})
_ERA_NAMES = "明治|大正|昭和|平成|令和|[明大昭平令MTSHR]"
_ERA_DATE = re.compile(
    rf"({_ERA_NAMES})\s*(元|\d{{1,2}})\s*[年./\-]\s*(\d{{1,2}})\s*[月./\-]\s*(\d{{1,2}})\s*日?", re.IGNORECASE
)
_WEST_DATE = re.compile(r"(?:西暦)?\s*(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?")
_BARE_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HYPHENS = re.compile(r"[‐‑‒–—―−]")


def era_of(day: date) -> Era:
    """Return the era in which a day lies. Raises InvalidInput before 明治."""
    for era in ERAS:
        if era.covers(day):
            return era
    raise InvalidInput("明治より前の日付は和暦で表せません。", code="calendar.before_meiji", day=day.isoformat())


def from_era(era: str, year: int, month: int, day: int) -> date:
    """Return the day of a 和暦 date; `era` is a name (令和), its first kanji (令) or its letter (R).

    Raises InvalidInput when the era is unknown, the date does not exist, or it lies outside the era (平成31年5月1日).
    """
    found = _BY_NAME.get(era) or _BY_NAME.get(era.upper())
    if found is None:
        raise InvalidInput(
            "元号が分かりません。", code="calendar.era", mend="令和・平成・昭和・大正・明治から選んでください。"
        )
    result = _existing_date(found.first_on.year + year - 1, month, day)
    if year < 1 or not found.covers(result):
        last = wareki(found.last_on) if found.last_on else "現在"
        raise InvalidInput(
            f"{found.name}にその日はありません。",
            code="calendar.outside_era",
            mend=f"{found.name}は{wareki(found.first_on)}から{last}までです。",
        )
    return result


def wareki(day: date) -> str:
    """Print a day in full 和暦: 「令和8年11月23日」; the first year is 「元年」."""
    era = era_of(day)
    return f"{era.name}{_year_label(era.year_of(day))}{day.month}月{day.day}日"


def day_in_words(day: date, lang: str) -> str:
    """Print a day as the reader's language does: 和暦 in Japanese, "23 November 2026", 2026年11月23日, 2026년 11월 23일."""
    match lang:
        case "en":
            return f"{day.day} {day:%B} {day.year}"
        case "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        case "ko":
            return f"{day.year}년 {day.month}월 {day.day}일"
    return wareki(day)


def wareki_short(day: date) -> str:
    """Print a day in short 和暦 for tables: 「R8.11.23」."""
    era = era_of(day)
    return f"{era.letter}{era.year_of(day)}.{day.month}.{day.day}"


def wareki_parts(day: date) -> tuple[str, int, int, int]:
    """Return a day as (era name, year, month, day), as three input boxes need it."""
    era = era_of(day)
    return era.name, era.year_of(day), day.month, day.day


def wareki_year(year: int) -> str:
    """Print a calendar year in 和暦 by its last day: 2026 → 「令和8年」, 2019 → 「令和元年」."""
    last = date(year, 12, 31)
    era = era_of(last)
    return f"{era.name}{_year_label(era.year_of(last))}"


def parse_date_ja(text: str) -> date:
    """Read a day as people write it: 令和8年4月1日, R8.4.1, 2026-04-01, 2026/4/1, 20260401, full width, 元年.

    Raises InvalidInput with code `calendar.form` (not a date), `calendar.no_such_day` or `calendar.outside_era`.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_SQUARE_ERAS)).strip()
    plain = _HYPHENS.sub("-", plain)
    if match := _ERA_DATE.fullmatch(plain):
        era, year, month, day = match.groups()
        return from_era(era, 1 if year == "元" else int(year), int(month), int(day))
    if match := _WEST_DATE.fullmatch(plain) or _BARE_DATE.fullmatch(plain):
        return _existing_date(*(int(part) for part in match.groups()))
    raise InvalidInput(
        "日付として読めません。",
        code="calendar.form",
        mend="「令和8年4月1日」「2026年4月1日」のように入力してください。",
    )


def fiscal_year(day: date) -> int:
    """Return the fiscal year (年度) of a day: 1 April 2026 to 31 March 2027 → 2026."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_label(year: int) -> str:
    """Print a fiscal year: 2026 → 「令和8年度」; 2019 → 「令和元年度」.

    A year in which the era changes is named by its last day, as the Cabinet Office asked for 2019.
    """
    last = fiscal_year_range(year)[1]
    era = era_of(last)
    return f"{era.name}{_year_label(year - era.first_on.year + 1)}度"


def fiscal_year_range(year: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year."""
    return date(year, 4, 1), date(year + 1, 3, 31)


@dataclass(frozen=True)
class OfficeCalendar:
    """The opening days of one office: weekdays always closed (Monday = 0) and closed dates with their reason."""

    weekly_closed: frozenset[int] = frozenset({5, 6})
    closed_dates: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly_closed & set(range(7))) >= 7:
            raise InvalidInput(
                "開庁日が一日もありません。", code="calendar.never_open", mend="閉庁の曜日を減らしてください。"
            )

    def is_open(self, day: date) -> bool:
        """Tell whether the office is open on a day."""
        return day.weekday() not in self.weekly_closed and day not in self.closed_dates

    def why_closed(self, day: date) -> str:
        """Say why the office is closed on a day; an empty string when it is open."""
        if day in self.closed_dates:
            return self.closed_dates[day]
        return "閉庁日" if day.weekday() in self.weekly_closed else ""

    def next_open(self, day: date) -> date:
        """Return the day itself when the office is open, else the next open day."""
        while not self.is_open(day):
            day += timedelta(days=1)
        return day

    def add_office_days(self, day: date, count: int) -> date:
        """Return the `count`-th open day after `day`; the day itself is not counted.

        0 gives the first open day from `day` on; a negative count walks back.
        """
        if count == 0:
            return self.next_open(day)
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_open(day)
        return day

    def office_days_between(self, start: date, end: date) -> int:
        """Count the open days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.office_days_between(end, start)
        days = (end - start).days
        weeks, rest = divmod(days, 7)
        tail = (start.weekday() + offset for offset in range(1, rest + 1))
        open_days = weeks * (7 - len(self.weekly_closed)) + sum(
            weekday % 7 not in self.weekly_closed for weekday in tail
        )
        closed = sum(1 for day in self.closed_dates if start < day <= end and day.weekday() not in self.weekly_closed)
        return open_days - closed


def _year_label(year: int) -> str:
    return "元年" if year == 1 else f"{year}年"


def _existing_date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInput(
            "その日付は暦にありません。", code="calendar.no_such_day", mend="月と日を確かめてください。"
        ) from None
