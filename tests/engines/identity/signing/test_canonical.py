"""Canonical JSON: the examples of RFC 8785, and what has no one way of writing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.identity.signing import canonical_bytes
from madoguchi.kernel.errors import InvalidInput

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def test_the_sorting_of_rfc_8785() -> None:
    names = {
        "€": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew",
        "1": "One",
        "😀": "Smiley",
        "\u0080": "Control",
        "ö": "o",
    }
    order = list(json.loads(canonical_bytes(names)))
    assert order == ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"]


def test_the_strings_of_rfc_8785() -> None:
    assert (
        canonical_bytes({"string": '€$\u000f\nA\'B"\\\\"/'}) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )


@given(PLAIN)
def test_reading_gives_back_what_was_written_in_one_way_only(value: object) -> None:
    written = canonical_bytes(value)
    assert json.loads(written) == value
    assert canonical_bytes(json.loads(written)) == written


def test_names_stay_as_typed() -> None:
    assert canonical_bytes("髙\ufe00") != canonical_bytes("高")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (1e-27, "1e-27"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (123456789012345680000.0, "123456789012345680000"),
        (-1.5e-7, "-1.5e-7"),
        (5.0, "5"),
    ],
)
def test_the_numbers_of_rfc_8785(value: float, text: str) -> None:
    assert canonical_bytes(value).decode() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, object(), b"x"])
def test_what_readers_would_round_or_guess_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        canonical_bytes({"a": value})
