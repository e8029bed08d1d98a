"""Text, names, addresses, kana, telephone, mail, bank accounts: kept as typed, judged, shown, normalised beside."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from madoguchi.engines.forms.types.composite import postal_digits
from madoguchi.engines.forms.types.texts import phone_digits

from .small import kind

KATSURAGI = "葛\U000e0100城"
"""A family name with an ideographic variation sequence."""


def codes(type: str, value: Any, **keys: Any) -> list[str]:
    kind_, fd = kind(type, **keys)
    return [f"{item.code}:{item.part}" if item.part else item.code for item in kind_.judge(fd, value, {})]


def parsed(type: str, posted: str, **keys: Any) -> Any:
    kind_, fd = kind(type, **keys)
    return kind_.parse(fd, QueryDict(posted), "f")


def normal(type: str, value: Any) -> Any:
    kind_, fd = kind(type)
    return kind_.normalise(fd, value)


def shown(type: str, value: Any, lang: str = "ja", **keys: Any) -> list[str]:
    kind_, fd = kind(type, **keys)
    return [part.text for part in kind_.show(fd, value, lang)]


def test_text_is_kept_as_typed() -> None:
    assert parsed("text", "f=　ＡＢＣ　ｶﾅ　") == "ＡＢＣ　ｶﾅ"
    assert parsed("text", "f=%00x%00") == "x"
    assert parsed("text", "f=++") is None
    assert parsed("text", "") is None
    assert len(parsed("text", "f=" + "あ" * 30_000)) == 20_000
    assert normal("text", "ＡＢＣ　ｶﾅ") == "ABC カナ"
    assert normal("text", "plain") is None


def test_lines_are_for_long_text_only() -> None:
    assert codes("text", "a\nb") == ["type"]
    assert codes("textarea", "a\nb") == []
    assert parsed("textarea", "f=a%0D%0Ab%0Dc") == "a\nb\nc"


def test_length_counts_what_a_person_sees() -> None:
    assert codes("text", KATSURAGI, max_length=2) == []
    assert codes("text", KATSURAGI + "子", max_length=2) == ["length"]
    assert codes("text", KATSURAGI, min_length=3) == ["min_length"]
    assert codes("text", "👨‍👩‍👧", max_length=1) == []


def test_pattern_is_judged_on_the_narrow_form() -> None:
    keys = {"pattern": "[A-Z]{2}[0-9]{2}", "pattern_message": "英字2文字と数字2文字"}
    assert codes("text", "ＡＢ１２", **keys) == []
    assert codes("text", "ABC12", **keys) == ["pattern"]


@pytest.mark.parametrize("value", [None, 3, 1.5, True, {}, [], {"a": 1}, ["x"]])
@pytest.mark.parametrize(
    "type",
    ["text", "textarea", "kana", "phone", "email", "time", "corporate_number", "insured_number", "date", "year_month"],
)
def test_another_shape_is_a_type_problem(type: str, value: Any) -> None:
    kind_, fd = kind(type)
    if not kind_.empty(value):
        assert [item.code for item in kind_.judge(fd, value, {})] == ["type"]


NAME = {"family": KATSURAGI, "given": "𠮷子", "family_kana": "カツラギ", "given_kana": "ヨシコ"}


def test_a_name_is_kept_to_the_last_selector() -> None:
    query = QueryDict(mutable=True)
    query.update({f"f.{part}": text for part, text in NAME.items()})
    kind_, fd = kind("person_name")
    assert kind_.parse(fd, query, "f") == NAME
    assert kind_.judge(fd, NAME, {}) == []
    assert shown("person_name", NAME) == [f"{KATSURAGI} 𠮷子（カツラギ ヨシコ）"]
    assert normal("person_name", NAME) == {"family_kana": "カツラギ", "given_kana": "ヨシコ", "folded": "葛城吉子"}


def test_kana_of_a_name_may_be_typed_in_any_kana() -> None:
    typed = {**NAME, "family_kana": "かつらぎ", "given_kana": "ﾖｼｺ"}
    assert codes("person_name", typed) == []
    assert normal("person_name", typed)["given_kana"] == "ヨシコ"
    assert normal("person_name", typed)["family_kana"] == "カツラギ"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"given": ""}, ["required:given"]),
        ({"family_kana": "葛城"}, ["kana:family_kana"]),
        ({"given": "あ" * 61}, ["length:given"]),
        ({"extra": "x"}, ["type"]),
        ({"given": 3}, ["type"]),
    ],
)
def test_what_is_wrong_with_a_name(change: dict[str, Any], expected: list[str]) -> None:
    assert codes("person_name", {**NAME, **change}) == expected


def test_latin_names() -> None:
    value = {"surname": "Müller-Lüdenscheidt", "given_names": "Ｊｏ"}
    assert codes("latin_name", value) == []
    assert normal("latin_name", value) == {"surname": "MÜLLER-LÜDENSCHEIDT", "given_names": "JO"}
    assert codes("latin_name", {"surname": "葛城"}) == ["latin:surname"]
    assert codes("latin_name", {"given_names": "A"}) == ["required:surname"]


ADDRESS = {
    "postal_code": "１６６－００００",
    "prefecture": "東京都",
    "city": "杉並区",
    "town": "阿佐谷南一丁目",
    "block": "１５番１号",
    "building": "ｻﾝﾌﾟﾙ　２０１",
}


def test_an_address_has_its_normal_form_beside_it() -> None:
    assert codes("address", ADDRESS) == []
    assert normal("address", ADDRESS) == {
        "postal_code": "1660000",
        "address": "東京都杉並区阿佐谷南1-15-1",
        "building": "サンプル 201",
    }
    assert shown("address", ADDRESS) == ["〒166-0000 東京都杉並区阿佐谷南一丁目１５番１号 ｻﾝﾌﾟﾙ　２０１"]
    assert codes("address", {**ADDRESS, "postal_code": "12"}) == ["postal_code:postal_code"]
    assert codes("address", {**ADDRESS, "city": ""}) == ["required:city"]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("1660000", "1660000"),
        ("〒166-0000", "1660000"),
        ("１６６−００００", "1660000"),
        ("166 0000", "1660000"),
        ("16600", None),
    ],
)
def test_postal_codes(typed: str, digits: str | None) -> None:
    assert postal_digits(typed) == digits


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("03-0000-1234", "0300001234"),
        ("０９０（００００）１２３４", "09000001234"),
        ("+81 90 0000 1234", "+819000001234"),
        ("1234", None),
        ("03-0000-12345678", None),
        ("電話なし", None),
    ],
)
def test_telephone_numbers(typed: str, digits: str | None) -> None:
    assert phone_digits(typed) == digits
    assert codes("phone", typed) == ([] if digits else ["phone"])


@pytest.mark.parametrize(
    "good", ["a@example.jp", "a.b+c@sub.example.co.jp", "ａ＠ｅｘａｍｐｌｅ．ｊｐ", "日本@example.jp"]
)
def test_mail_addresses(good: str) -> None:
    assert codes("email", good) == []


@pytest.mark.parametrize(
    "bad",
    [
        "a",
        "a@",
        "@b.jp",
        "a@b",
        "a b@c.jp",
        "a@b..jp",
        "a,b@c.jp",
        "a@-b.jp",
        f"{'a' * 250}@b.jp",
        "a@b.jp\nBcc: c@d.jp",
    ],
)
def test_what_is_no_mail_address(bad: str) -> None:
    assert codes("email", bad) == ["email"]


def test_kana() -> None:
    assert codes("kana", "ｽｷﾞﾅﾐ　はなこ") == []
    assert codes("kana", "杉並") == ["kana"]
    assert normal("kana", "ｽｷﾞﾅﾐ") == "スギナミ"


ACCOUNT = {
    "bank_name": "見本銀行",
    "bank_code": "００００",
    "branch_name": "本店",
    "branch_code": "001",
    "kind": "ordinary",
    "number": "1234567",
    "holder_kana": "スギナミ ハナコ",
}


def test_bank_accounts_show_only_the_last_digits() -> None:
    assert codes("bank_account", ACCOUNT) == []
    text = "".join(shown("bank_account", ACCOUNT))
    assert "1234567" not in text
    assert "●●●●567" in text
    assert normal("bank_account", ACCOUNT)["bank_code"] == "0000"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": "123"}, ["digits:number"]),
        ({"bank_code": "12345"}, ["digits:bank_code"]),
        ({"kind": "gold"}, ["option:kind"]),
        ({"holder_kana": "杉並"}, ["kana:holder_kana"]),
        ({"number": ""}, ["required:number"]),
    ],
)
def test_what_is_wrong_with_an_account(change: dict[str, str], expected: list[str]) -> None:
    assert codes("bank_account", {**ACCOUNT, **change}) == expected
