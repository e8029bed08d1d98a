"""Pure decisions about staff: typed values, and how long somebody looks after staff."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.identity.rules import COLUMNS, Office, covered_until, read_staff_row

OFFICE = Office({"jumin": "住民課", "somu": "総務課", "a1": "窓口", "a2": "窓口"}, {"clerk": "担当者"})
GOOD = {
    "login": "A0123",
    "name": "見本 葵",
    "email": "aoi@example.jp",
    "department": "jumin",
    "role": "clerk",
    "valid_from": "令和8年4月1日",
    "valid_to": "",
}


def test_a_good_row_is_read() -> None:
    row, faults = read_staff_row(GOOD, OFFICE)
    assert faults == []
    assert row is not None
    assert (row.login, row.name, row.email) == ("a0123", "見本 葵", "aoi@example.jp")
    assert (row.post.department, row.post.role, row.post.valid_from, row.post.valid_to) == (
        "jumin",
        "clerk",
        date(2026, 4, 1),
        None,
    )


def test_names_stand_for_ids_when_there_is_one() -> None:
    row, _ = read_staff_row(GOOD | {"department": " 住民課 ", "role": "担当者"}, OFFICE)
    assert row is not None
    assert row.post.department == "jumin"
    _, faults = read_staff_row(GOOD | {"department": "窓口"}, OFFICE)
    assert "一つに決まりません" in faults[0].message


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        ("login", "", "ログインIDがありません"),
        ("login", "見本", "使えない文字"),
        ("name", " ", "氏名がありません"),
        ("name", "見本\n葵", "見えない文字"),
        ("name", "あ" * 151, "長すぎます"),
        ("email", "aoi@", "形が正しくありません"),
        ("department", "", "所属がありません"),
        ("department", "nowhere", "「nowhere」という所属はありません"),
        ("role", "king", "「king」という役割はありません"),
        ("valid_from", "", "発令日がありません"),
        ("valid_from", "春", "日付として読めません"),
        ("valid_from", "2026-02-30", "発令日："),
        ("valid_to", "2026-03-31", "発令日より前"),
    ],
)
def test_each_fault_names_its_column_and_how_to_mend_it(column: str, typed: str, words: str) -> None:
    row, faults = read_staff_row(GOOD | {column: typed}, OFFICE)
    assert row is None
    assert [fault.column for fault in faults] == [column]
    assert words in faults[0].message
    assert faults[0].mend


def test_all_faults_are_told_at_once() -> None:
    _, faults = read_staff_row({}, OFFICE)
    assert [fault.column for fault in faults] == ["login", "name", "department", "role", "valid_from"]


@given(st.fixed_dictionaries({column: st.text(max_size=40) for column in COLUMNS}))
def test_no_text_breaks_the_reading(values: dict[str, str]) -> None:
    row, faults = read_staff_row(values, OFFICE)
    assert (row is None) == bool(faults)


def test_the_stretch_without_a_gap() -> None:
    today, far = date(2026, 11, 2), date(2027, 3, 31)
    assert covered_until([], today) == date(2026, 11, 1)
    assert covered_until([(date(2026, 4, 1), None)], today) == date.max
    assert covered_until([(date(2026, 4, 1), far)], today) == far
    assert covered_until([(date(2026, 4, 1), far), (date(2027, 4, 1), None)], today) == date.max
    assert covered_until([(date(2026, 4, 1), far), (date(2027, 4, 2), None)], today) == far
    assert covered_until([(date(2026, 11, 3), None)], today) == date(2026, 11, 1)
