"""Lists of staff as files: encodings, headings, formulas, and rows that go out and come back unchanged."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.identity.staff_file import (
    HEADINGS,
    MAX_BYTES,
    Row,
    guarded,
    read_staff_file,
    template_file,
    unguarded,
    wrong_rows_file,
)
from madoguchi.kernel.errors import InvalidInput

HEAD = ",".join(HEADINGS.values())
LINE = "a01,髙橋 葵,aoi@example.jp,jumin,clerk,2026-04-01,"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_both_encodings_of_offices_are_read(encoding: str) -> None:
    read = read_staff_file(f"{HEAD}\r\n{LINE}\r\n".encode(encoding))
    assert read.rows == [
        Row(
            2,
            {
                "login": "a01",
                "name": "髙橋 葵",
                "email": "aoi@example.jp",
                "department": "jumin",
                "role": "clerk",
                "valid_from": "2026-04-01",
                "valid_to": "",
            },
        )
    ]


def test_columns_may_stand_in_any_order_and_others_are_named() -> None:
    text = "内線,role_id,section id,login,氏名,valid_from\n12,clerk,jumin,a01,見本,2026-04-01\n\n,,,,,\n"
    read = read_staff_file(text.encode())
    assert read.ignored == ["内線"]
    assert [row.number for row in read.rows] == [2]
    assert read.rows[0].values["role"] == "clerk"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "何も書かれていません"),
        (HEAD.encode(), "職員が1人も"),
        (b"PK\x03\x04rest", "Excelのブック"),
        (b"\x81\x00\xff\xfe", "文字コードがわかりません"),
        ("氏名\n見本".encode(), "見出しがありません"),
        (f"{HEAD},氏名\n{LINE},".encode(), "同じ見出しが二つ"),
        (b"x" * (MAX_BYTES + 1), "大きすぎます"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_mend(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_staff_file(content)
    assert words in refusal.value.message_ja
    assert refusal.value.mend


def test_cells_without_a_heading_are_kept() -> None:
    row = read_staff_file(f"{HEAD}\n{LINE},余り,".encode()).rows[0]
    assert row.values["extra"] == "余り"


@given(st.text(max_size=30))
def test_no_cell_begins_like_a_formula_and_none_is_lost(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell


def test_wrong_rows_go_out_with_their_faults_and_come_back() -> None:
    values = dict.fromkeys(HEADINGS, "") | {"login": "a01", "name": "=HYPERLINK(1)", "email": "@x"}
    text = wrong_rows_file([(Row(7, values), "所属がありません。", "所属を選んでください。")])
    head, line = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert head == ["行番号", *HEADINGS.values(), "誤り", "直し方"]
    assert line[2] == "'=HYPERLINK(1)"
    assert line[-2:] == ["所属がありません。", "所属を選んでください。"]
    again = read_staff_file(text.encode())
    assert again.rows[0].values == values
    assert again.ignored == []


def test_the_template_is_read_by_ourselves() -> None:
    text = template_file() + LINE
    assert read_staff_file(text.encode()).rows[0].values["login"] == "a01"
