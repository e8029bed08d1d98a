"""Dates in both calendars, numbers in both widths, choices, numbers given by the state."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from madoguchi.engines.forms.types import kind_of
from madoguchi.engines.forms.types.official import corporate_number_fits, my_number_fits

from .small import field, kind


def parsed(type: str, posted: str, **keys: Any) -> Any:
    kind_, fd = kind(type, **keys)
    return kind_.parse(fd, QueryDict(posted), "f")


def codes(type: str, value: Any, bounds: dict[str, Any] | None = None, **keys: Any) -> list[str]:
    kind_, fd = kind(type, **keys)
    return [item.code for item in kind_.judge(fd, value, bounds or {})]


def shown(type: str, value: Any, lang: str = "ja", **keys: Any) -> list[str]:
    kind_, fd = kind(type, **keys)
    return [part.text for part in kind_.show(fd, value, lang)]


@pytest.mark.parametrize(
    ("posted", "value"),
    [
        ("f.y=2026&f.m=11&f.d=2", "2026-11-02"),
        ("f.y=２０２６&f.m=１１&f.d=２", "2026-11-02"),
        ("f.era=ce&f.y=2026&f.m=11&f.d=2", "2026-11-02"),
        ("f.era=R&f.y=8&f.m=11&f.d=2", "2026-11-02"),
        ("f.era=R&f.y=元&f.m=5&f.d=1", "2019-05-01"),
        ("f.era=H&f.y=31&f.m=4&f.d=30", "2019-04-30"),
        ("f.era=S&f.y=64&f.m=1&f.d=7", "1989-01-07"),
        ("f=令和8年11月2日", "2026-11-02"),
        ("f=R8.11.2", "2026-11-02"),
        ("f=2026-11-02", "2026-11-02"),
        ("f=２０２６／１１／２", "2026-11-02"),
        ("f.y=2024&f.m=2&f.d=29", "2024-02-29"),
        ("f.y=&f.m=&f.d=", None),
        ("", None),
    ],
)
def test_dates_are_read_in_both_calendars(posted: str, value: str | None) -> None:
    assert parsed("date", posted) == value


@pytest.mark.parametrize(
    "posted",
    [
        "f.y=2026&f.m=2&f.d=29",
        "f.y=2026&f.m=13&f.d=1",
        "f.y=26&f.m=1&f.d=1",
        "f.y=2026&f.m=1",
        "f.era=H&f.y=31&f.m=5&f.d=1",
        "f.era=X&f.y=1&f.m=1&f.d=1",
        "f.y=abc&f.m=1&f.d=1",
        "f=そのうち",
    ],
)
def test_what_is_no_date_is_kept_as_typed(posted: str) -> None:
    value = parsed("date", posted)
    typed = QueryDict(posted)
    assert value["@raw"]["y"] == typed.get("f.y", typed.get("f", ""))
    assert codes("date", value) == ["type"]


@pytest.mark.parametrize("day", ["1868-01-24", "2200-01-01"])
def test_dates_before_meiji_or_far_ahead(day: str) -> None:
    assert codes("date", day) == ["type"]


def test_dates_have_bounds_and_words() -> None:
    assert codes("date", "2026-11-02", {"min": "2026-11-02", "max": "2026-11-02"}) == []
    assert codes("date", "2026-11-01", {"min": "2026-11-02"}) == ["min"]
    assert codes("date", "2026-11-03", {"max": "2026-11-02"}) == ["max"]
    assert codes("date", "2026-11-03", {"max": None}) == []
    assert shown("date", "2026-11-02") == ["令和8年11月2日（2026年）"]
    assert shown("date", "2026-11-02", "en") == ["2 November 2026"]


def test_months_and_times() -> None:
    assert parsed("year_month", "f.y=2026&f.m=4") == "2026-04"
    assert parsed("year_month", "f.era=R&f.y=1&f.m=5") == "2019-05"
    assert parsed("year_month", "f.era=S&f.y=1&f.m=12") == "1926-12"
    assert codes("year_month", parsed("year_month", "f.y=2026&f.m=14")) == ["type"]
    assert shown("year_month", "2026-04") == ["令和8年4月（2026年）"]
    assert parsed("time", "f=９時５分") == "09:05"
    assert parsed("time", "f=13:30") == "13:30"
    assert codes("time", parsed("time", "f=25:00")) == ["type"]
    assert codes("time", "13:30", {"min": "14:00"}) == ["min"]


@pytest.mark.parametrize(
    ("type", "posted", "value"),
    [
        ("integer", "f=１，２３４", 1234),
        ("integer", "f=-3", -3),
        ("integer", "f=−３", -3),
        ("integer", "f=0", 0),
        ("yen", "f=１２，０００円", 12000),
        ("decimal", "f=３．５", "3.5"),
        ("decimal", "f=7", "7"),
        ("integer", "f=", None),
    ],
)
def test_numbers_are_read_in_both_widths(type: str, posted: str, value: Any) -> None:
    assert parsed(type, posted) == value


@pytest.mark.parametrize(
    ("type", "typed"),
    [("integer", "三"), ("integer", "1.5"), ("integer", "9" * 16), ("yen", "x"), ("decimal", "1.2.3")],
)
def test_what_is_no_number_is_kept_as_typed(type: str, typed: str) -> None:
    value = parsed(type, f"f={typed}")
    assert value == {"@raw": typed}
    assert codes(type, value) == ["type"]


def test_numbers_have_bounds_and_units() -> None:
    assert codes("integer", 5, {"min": 1, "max": 5}) == []
    assert codes("integer", 6, {"max": 5}) == ["max"]
    assert codes("integer", True) == ["type"]
    assert codes("yen", -1) == ["min"]
    assert codes("decimal", "1.05", {"min": 1.1}) == ["min"]
    assert shown("integer", 1234, unit="通") == ["1,234通"]
    assert shown("yen", 12000) == ["12,000円"]
    assert shown("yen", 12000, "en") == ["12,000 yen"]
    assert shown("yen", 12000, "zh") == ["12,000日元"]


OPTIONS = [{"value": "a", "label": {"ja": "あ", "en": "A"}}, {"value": "b", "label": "い"}]


def test_choices() -> None:
    assert codes("choice", "a", options=OPTIONS) == []
    assert codes("choice", "z", options=OPTIONS) == ["option"]
    assert codes("choice", "b", {"options": {"a"}}, options=OPTIONS) == ["option"]
    assert shown("choice", "a", "en", options=OPTIONS) == ["A"]
    assert parsed("choices", "f=a&f=b&f=a&f=", options=OPTIONS) == ["a", "b"]
    assert parsed("choices", "", options=OPTIONS) is None
    assert codes("choices", ["a", "z"], options=OPTIONS) == ["option"]
    assert codes("choices", ["a"], options=OPTIONS, min_items=2) == ["min_items"]
    assert codes("choices", ["a", "b"], options=OPTIONS, max_items=1) == ["max_items"]
    assert codes("choices", [["a"]], options=OPTIONS) == ["type"]
    assert codes("relationship", "spouse") == []
    assert codes("relationship", "king") == ["option"]
    assert codes("relationship", "spouse", options=OPTIONS) == ["option"]


def test_yes_no_and_consent() -> None:
    assert (parsed("yes_no", "f=1"), parsed("yes_no", "f=0"), parsed("yes_no", "f=x")) == (True, False, None)
    kind_, _ = kind("yes_no")
    assert not kind_.empty(False)
    consent, fd = kind("consent")
    assert parsed("consent", "f=1") is True
    assert parsed("consent", "f=0") is None
    assert consent.empty(False)
    assert consent.show(fd, True, "ja")[0].text


@pytest.mark.parametrize("good", ["123456789018", "621498320257", "983205673214", "111111111118"])
def test_my_number_check_digits(good: str) -> None:
    assert my_number_fits(good)
    for wrong in range(10):
        assert my_number_fits(good[:-1] + str(wrong)) == (str(wrong) == good[-1])


@pytest.mark.parametrize("bad", ["123456789019", "123456789258", "12345678901", "1234567890180", "", "12345678901８"])
def test_what_is_no_my_number(bad: str) -> None:
    assert not my_number_fits(bad)


@pytest.mark.parametrize("good", ["5835678256246", "1180301018771", "8000020131156", "8000012010038"])
def test_corporate_number_check_digits(good: str) -> None:
    assert corporate_number_fits(good)
    assert codes("corporate_number", "-".join((good[:1], good[1:5], good[5:9], good[9:]))) == []
    for wrong in range(10):
        assert corporate_number_fits(str(wrong) + good[1:]) == (str(wrong) == good[0])


def test_corporate_numbers_in_full_width() -> None:
    kind_, fd = kind("corporate_number")
    assert codes("corporate_number", "５８３５６７８２５６２４６") == []
    assert kind_.normalise(fd, "５８３５６７８２５６２４６") == "5835678256246"
    assert codes("corporate_number", "583567825624") == ["digits"]
    assert codes("corporate_number", "6835678256246") == ["digit"]


def test_a_my_number_is_sealed_before_anybody_stores_it() -> None:
    value = parsed("my_number", "f=６２１４-９８３２-０２５７")
    assert set(value) == {"sealed", "fits"}
    assert value["fits"] is True
    assert "621498320257" not in str(value)
    assert codes("my_number", value) == []
    assert shown("my_number", value) == ["●●●●●●●●●●●●"]
    from madoguchi.engines.forms.sealing import unseal

    assert unseal(value["sealed"]) == "621498320257"
    wrong = parsed("my_number", "f=621498320258")
    assert "621498320258" not in str(wrong)
    assert codes("my_number", wrong) == ["digit"]


def test_the_same_my_number_never_looks_the_same_twice() -> None:
    assert parsed("my_number", "f=621498320257") != parsed("my_number", "f=621498320257")


def test_an_empty_my_number_keeps_what_was_sealed() -> None:
    kind_, fd = kind("my_number")
    kept = parsed("my_number", "f=621498320257")
    assert kind_.parse(fd, QueryDict("f="), "f", kept) == kept
    assert kind_.parse(fd, QueryDict("f="), "f", {"typed": "x"}) is None


def test_insured_numbers_are_judged_by_length_only() -> None:
    assert parsed("insured_number", "f=１２３４-５６７８") == "12345678"
    assert codes("insured_number", "12345678", digits=8) == []
    assert codes("insured_number", "1234567", digits=8) == ["digits"]
    assert parsed("insured_number", "f=記号1") == {"@raw": "記号1"}


def test_every_type_draws_and_parses_nothing_at_all() -> None:
    from typing import get_args

    from madoguchi.engines.forms.schema import FieldDef, FieldType

    extra: dict[str, dict[str, Any]] = {
        "choice": {"options": OPTIONS},
        "choices": {"options": OPTIONS},
        "computed": {"compute": 1},
        "group": {"fields": [field("inner")]},
    }
    for type in get_args(FieldType):
        fd = FieldDef.model_validate(field("f", type, **extra.get(type, {})))
        kind_ = kind_of(fd)
        assert kind_.empty(kind_.parse(fd, QueryDict(""), "f")), type
        if kind_.asks:
            assert kind_.html_names(fd, "f"), type
