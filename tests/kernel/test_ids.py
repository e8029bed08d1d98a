"""Receipt numbers and short codes: every slip of the finger is noticed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.ids import (
    new_short_code,
    parse_receipt_number,
    parse_short_code,
    receipt_number,
    short_code,
    uuid7,
)

numbers = st.builds(receipt_number, st.integers(2019, 2117), st.integers(0, 9_999_999))
codes = st.builds(short_code, st.binary(min_size=7, max_size=7))
WIDE = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@given(numbers)
def test_a_receipt_number_is_read_back_however_it_is_typed(number):
    for typed in (
        number,
        number.lower(),
        number.translate(WIDE),
        number.replace("-", ""),
        number.replace("-", " ー "),
        number[1:],
    ):
        assert parse_receipt_number(typed) == number


@given(numbers, st.data())
def test_one_wrong_digit_is_always_noticed(number, data):
    places = [place for place, sign in enumerate(number) if sign.isdigit()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(InvalidInput):
        parse_receipt_number(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.data())
def test_two_swapped_neighbours_are_always_noticed(number, data):
    digits = number[1:].replace("-", "")
    place = data.draw(st.integers(0, len(digits) - 2))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped == digits:
        assert parse_receipt_number(swapped) == number
    else:
        with pytest.raises(InvalidInput):
            parse_receipt_number(swapped)


@pytest.mark.parametrize("text", ["", "R08", "R08-0012345", "あいう", "R08-0012345-44", "X08-0012345-4", "٠٨٠٠١٢٣٤٥٤"])
def test_what_is_no_receipt_number_is_refused_with_its_mend(text):
    with pytest.raises(InvalidInput) as caught:
        parse_receipt_number(text)
    assert caught.value.code == "receipt_number.form"
    assert caught.value.mend


@pytest.mark.parametrize(("year", "serial"), [(2018, 1), (2118, 1), (2026, -1), (2026, 10_000_000)])
def test_a_number_outside_the_range_is_not_written(year, serial):
    with pytest.raises(InvalidInput):
        receipt_number(year, serial)


@given(codes)
def test_a_short_code_is_read_back_however_it_is_typed(code):
    lookalike = code.replace("0", "O").replace("1", "l")
    for typed in (code, code.lower(), code.replace("-", ""), code.translate(WIDE), lookalike, f" {code} "):
        assert parse_short_code(typed) == code


@given(codes, st.data())
def test_one_wrong_or_two_swapped_symbols_of_a_code_are_always_noticed(code, data):
    symbols = code.replace("-", "")
    place = data.draw(st.integers(0, 11))
    wrong = data.draw(st.sampled_from([sign for sign in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if sign != symbols[place]]))
    with pytest.raises(InvalidInput):
        parse_short_code(symbols[:place] + wrong + symbols[place + 1 :])
    other = data.draw(st.integers(0, 11))
    swapped = list(symbols)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    if swapped != list(symbols):
        with pytest.raises(InvalidInput):
            parse_short_code("".join(swapped))


def test_new_codes_differ_and_hold_no_confusable_letters():
    made = {new_short_code() for _ in range(1000)}
    assert len(made) == 1000
    assert not set("".join(made)) & set("ILOU")


def test_uuid7_carries_its_time_and_version():
    before = time.time_ns() // 1_000_000
    made = [uuid7() for _ in range(100)]
    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in made)
    assert len(set(made)) == 100
    assert before <= made[0].int >> 80 <= time.time_ns() // 1_000_000
