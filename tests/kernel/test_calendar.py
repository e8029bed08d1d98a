"""和暦, 年度 and office days."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.calendar import (
    ERAS,
    OfficeCalendar,
    day_in_words,
    fiscal_year,
    fiscal_year_label,
    fiscal_year_range,
    from_era,
    parse_date_ja,
    wareki,
    wareki_parts,
    wareki_short,
    wareki_year,
)
from madoguchi.kernel.errors import InvalidInput

days = st.dates(date(1868, 1, 25), date(2100, 12, 31))
WIDE = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@pytest.mark.parametrize(
    ("day", "full", "short"),
    [
        (date(1868, 1, 25), "明治元年1月25日", "M1.1.25"),
        (date(1912, 7, 29), "明治45年7月29日", "M45.7.29"),
        (date(1912, 7, 30), "大正元年7月30日", "T1.7.30"),
        (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
        (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (date(2026, 11, 23), "令和8年11月23日", "R8.11.23"),
    ],
)
def test_each_era_begins_and_ends_on_its_day(day, full, short):
    assert wareki(day) == full
    assert wareki_short(day) == short
    assert parse_date_ja(full) == parse_date_ja(short) == day


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", "令和8年11月3日"),
        ("easy", "令和8年11月3日"),
        ("en", "3 November 2026"),
        ("zh", "2026年11月3日"),
        ("ko", "2026년 11월 3일"),
    ],
)
def test_a_day_is_printed_as_the_reader_says_it(lang, words):
    assert day_in_words(date(2026, 11, 3), lang) == words


def test_eras_follow_each_other_without_gap():
    for later, earlier in itertools.pairwise(ERAS):
        assert earlier.last_on == later.first_on - timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    ["令和8年4月1日", "R8.4.1", "r8/4/1", "令和８年４月１日", "2026-04-01", "2026/4/1", "20260401", "２０２６年４月１日", "㋿8年4月1日",
     "令8.4.1", " 西暦2026年4月1日 ", "R08-04-01", "2026−4−1"],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text):
    assert parse_date_ja(text) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "calendar.form"),
        ("あした", "calendar.form"),
        ("2026", "calendar.form"),
        ("R8.4", "calendar.form"),
        ("2026-02-30", "calendar.no_such_day"),
        ("20261301", "calendar.no_such_day"),
        ("令和8年2月29日", "calendar.no_such_day"),
        ("平成31年5月1日", "calendar.outside_era"),
        ("昭和元年12月24日", "calendar.outside_era"),
        ("令和0年6月1日", "calendar.outside_era"),
    ],
)
def test_what_is_no_date_is_refused(text, code):
    with pytest.raises(InvalidInput) as caught:
        parse_date_ja(text)
    assert caught.value.code == code


@given(days)
def test_every_way_of_writing_a_day_is_read_back(day):
    written = [
        wareki(day),
        wareki_short(day),
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    for text in written:
        assert parse_date_ja(text) == day
        assert parse_date_ja(text.translate(WIDE)) == day
    assert from_era(*wareki_parts(day)) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_refusal(text):
    with suppress(InvalidInput):
        assert isinstance(parse_date_ja(text), date)


def test_from_era_knows_names_kanji_and_letters():
    assert from_era("令和", 8, 4, 1) == from_era("令", 8, 4, 1) == from_era("r", 8, 4, 1) == date(2026, 4, 1)
    with pytest.raises(InvalidInput):
        from_era("慶応", 1, 1, 1)


def test_years_are_named_by_their_last_day():
    assert wareki_year(2026) == "令和8年"
    assert wareki_year(2019) == "令和元年"
    assert [fiscal_year_label(year) for year in (2018, 2019, 2026)] == ["平成30年度", "令和元年度", "令和8年度"]


@given(days)
def test_a_day_lies_in_its_fiscal_year(day):
    first, last = fiscal_year_range(fiscal_year(day))
    assert first <= day <= last


def test_days_before_meiji_are_refused():
    with pytest.raises(InvalidInput):
        wareki(date(1868, 1, 24))


HOLIDAYS = {date(2026, 11, 3): "文化の日", date(2026, 11, 23): "勤労感謝の日", date(2027, 1, 1): "元日"}
OFFICE = OfficeCalendar(weekly_closed=frozenset({5, 6}), closed_dates=HOLIDAYS)
near = st.dates(date(2026, 10, 1), date(2027, 3, 31))


def test_the_office_is_closed_on_weekends_and_closed_dates():
    assert not OFFICE.is_open(date(2026, 11, 21))
    assert not OFFICE.is_open(date(2026, 11, 23))
    assert OFFICE.why_closed(date(2026, 11, 23)) == "勤労感謝の日"
    assert OFFICE.why_closed(date(2026, 11, 22)) == "閉庁日"
    assert OFFICE.why_closed(date(2026, 11, 24)) == ""
    assert OFFICE.next_open(date(2026, 11, 21)) == date(2026, 11, 24)


def test_the_first_day_is_not_counted():
    assert OFFICE.add_office_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert OFFICE.add_office_days(date(2026, 11, 24), -1) == date(2026, 11, 20)
    assert OFFICE.add_office_days(date(2026, 11, 22), 0) == date(2026, 11, 24)


@given(near, st.integers(1, 60))
def test_adding_and_counting_office_days_agree(start, count):
    end = OFFICE.add_office_days(start, count)
    assert OFFICE.is_open(end)
    assert OFFICE.office_days_between(start, end) == count


@given(near, near)
def test_counting_equals_walking(start, end):
    low, high = min(start, end), max(start, end)
    walked = sum(OFFICE.is_open(low + timedelta(days=step)) for step in range(1, (high - low).days + 1))
    assert OFFICE.office_days_between(low, high) == walked
    assert OFFICE.office_days_between(high, low) == -walked


def test_an_office_that_never_opens_is_refused():
    with pytest.raises(InvalidInput):
        OfficeCalendar(weekly_closed=frozenset(range(7)))
