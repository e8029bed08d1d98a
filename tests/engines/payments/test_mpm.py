"""The text of a JPQR code: the published vectors, round trips, and that no single changed character goes unnoticed."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.engines.payments.mpm import MerchantCode, crc16, read_code, split_objects, write_code
from madoguchi.kernel.errors import InvalidInput

SAMPLE = MerchantCode(
    (("26", (("00", "jp.or.paymentsjapan"), ("01", "0000000000000"))),), "9399", "SUGINAMI CITY", "SUGINAMI", "1668570", 600,
    "00000000000000000001",
)  # fmt: skip
PRINTABLE = "".join(chr(number) for number in range(32, 127))


def plain(longest: int) -> st.SearchStrategy[str]:
    return st.text(PRINTABLE, min_size=1, max_size=longest)


codes = st.builds(
    MerchantCode,
    templates=st.dictionaries(
        st.sampled_from([str(n) for n in range(26, 52)]),
        st.dictionaries(st.sampled_from([f"{n:02}" for n in range(10)]), plain(12), min_size=1, max_size=4).map(
            lambda found: tuple(found.items())
        ),
        min_size=1,
        max_size=3,
    ).map(lambda found: tuple(found.items())),
    mcc=st.text(string.digits, min_size=4, max_size=4),
    name=plain(25),
    city=plain(15),
    postal=st.sampled_from(["", "1668570"]),
    amount_yen=st.none() | st.integers(1, 10**10),
    bill=st.just("") | plain(25),
)


def test_the_crc_is_ccitt_false() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_the_example_of_the_specification_ends_in_its_crc() -> None:
    text = (
        "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
        "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304"
    )
    assert f"{crc16(text.encode()):04X}" == "A13A"


def test_a_code_says_what_is_asked_for() -> None:
    text = write_code(SAMPLE)
    assert text.startswith("000201010212")
    assert dict(split_objects(text[:-8]))["54"] == "600"
    assert "5303392" in text
    assert "010211" in write_code(MerchantCode(SAMPLE.templates, "9399", "A", "B"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(codes)
def test_what_is_written_is_read(code: MerchantCode) -> None:
    assert read_code(write_code(code)) == code


def test_every_single_changed_character_is_noticed() -> None:
    text = write_code(SAMPLE)
    for place, right in enumerate(text):
        for other in PRINTABLE:
            if other != right:
                with pytest.raises(InvalidInput):
                    read_code(text[:place] + other + text[place + 1 :])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_code(text)


@pytest.mark.parametrize(
    "wrong",
    [
        MerchantCode(SAMPLE.templates, "9399", "区役所", "SUGINAMI"),
        MerchantCode(SAMPLE.templates, "9399", "A" * 26, "SUGINAMI"),
        MerchantCode(SAMPLE.templates, "9399", "A", "B", "", 0),
        MerchantCode(SAMPLE.templates, "9399", "A", "B", "", 600, "1" * 26),
        MerchantCode((("26", (("00", "x" * 100),)),), "9399", "A", "B"),
    ],
)
def test_what_does_not_fit_is_refused(wrong: MerchantCode) -> None:
    with pytest.raises(InvalidInput):
        write_code(wrong)
