"""The convenience-store slip: its digits, its bars, and the collector's files."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.payments.slip import SlipCode, barcode_svg, check_digit, in_print, read_code, write_code
from madoguchi.kernel.errors import InvalidInput

CODE = "91912345000000000000000000001026113000015004"
SLIP = SlipCode("912345", "000000000000000000001", dt.date(2026, 11, 30), 1500)
slips = st.builds(
    SlipCode,
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9]{21}", fullmatch=True),
    st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2068, 12, 31)),
    st.integers(1, 999_999),
    st.booleans(),
    st.integers(0, 9),
)


def test_the_known_code() -> None:
    assert write_code(SLIP) == CODE
    assert read_code("（91）912345-0000 0000 0000 0000 00001 0 261130 0 001500 4") == SLIP
    assert check_digit("490123456789") == 4
    assert in_print(CODE) == "(91)912345-000000000000000000001\n0-261130-0-001500-4"


@given(slips)
def test_what_is_written_is_read(slip: SlipCode) -> None:
    assert read_code(write_code(slip)) == slip


@given(slips, st.integers(2, 43), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(slip: SlipCode, place: int, by: int) -> None:
    code = write_code(slip)
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    with pytest.raises(InvalidInput, match="検査数字"):
        read_code(wrong)


@pytest.mark.parametrize("text", ["", "9191", "82" + CODE[2:], CODE + "0", CODE[:-1] + "x"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="44桁"):
        read_code(text)


@pytest.mark.parametrize("amount", [0, -1, 1_000_000])
def test_an_amount_that_does_not_fit_is_refused(amount: int) -> None:
    with pytest.raises(InvalidInput):
        write_code(SlipCode("912345", "1", None, amount))


def test_the_bars_are_the_symbol_with_quiet_zones() -> None:
    svg = barcode_svg(CODE)
    assert (
        'viewBox="0 0 308 60"' in svg
    )  # start, FNC1, 22 pairs, check: 11 modules each; stop 13; 10 white on both sides
    assert svg.count("<rect") == 25 * 3 + 4
