"""Normal forms of Japanese text: for search and comparison, never instead of what was typed."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.text import (
    fold,
    grapheme_len,
    is_kana,
    is_katakana,
    normalise_address,
    normalise_width,
    strip_ivs,
    to_hiragana,
    to_katakana,
)
from madoguchi.kernel.variants import variant_table

IVS = "葛\U000e0100飾"
japanese = st.text(st.sampled_from("あいヴゔアｱｶﾞー-－1１aAＡ髙﨑邊葛\U000e0100 　ヶケ区縣"), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙﨑", "高崎"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斎藤"),
        ("濵田", "浜田"),
        ("𠮷野家", "吉野家"),
        (IVS, "葛飾"),
        ("ﾏﾄﾞｸﾞﾁ", "まどぐち"),
        ("サーバー", "ｻｰﾊﾞｰ"),
        ("１－２－３", "1-2-3"),
        ("1−2ー3", "1-2-3"),
        ("阿佐ヶ谷", "阿佐ケ谷"),
        ("ＡＢＣ　def", "abc DEF"),
        ("神田", "神田"),
    ],
)
def test_spellings_of_one_thing_have_one_search_key(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("高崎", "高橋"), ("はな", "ばな"), ("やつ", "やっ"), ("渡辺", "渡部")])
def test_different_things_keep_different_keys(one, other):
    assert fold(one) != fold(other)


@given(st.text(max_size=60) | japanese)
def test_fold_is_stable(text):
    assert fold(fold(text)) == fold(text)


def test_no_variant_leads_to_another_variant():
    table = variant_table()
    assert all(ord(usual) not in table for usual in table.values())


def test_fold_is_fast_enough_for_search():
    text = "東京都杉並区阿佐谷南１－１５－１　髙﨑　ハナコ" * 4
    assert min(timeit.repeat(lambda: fold(text), number=1000, repeat=3)) < 0.5


@given(japanese)
def test_kana_go_there_and_back(text):
    assert to_hiragana(to_katakana(text)) == to_hiragana(text)


def test_kana_of_any_width():
    assert to_katakana("はなこ ﾊﾅｺ ゔ") == "ハナコ ハナコ ヴ"
    assert to_hiragana("ｶﾞッコウ・ヽ") == "がっこう・ゝ"


@pytest.mark.parametrize(("text", "kana", "katakana"), [
    ("スギナミ　ハナコ", True, True), ("すぎなみ", True, False), ("ｽｷﾞﾅﾐ", True, True), ("オーノ・ジョー", True, True),
    ("杉並", False, False), ("スギナミ1", False, False), ("", False, False), ("　", False, False),
])  # fmt: skip
def test_kana_are_recognised(text, kana, katakana):
    assert is_kana(text) is kana
    assert is_katakana(text) is katakana


def test_width_leaves_kanji_signs_and_selectors_alone():
    assert normalise_width("１２３－ＡＢＣ　ﾃｽﾄ①㈱") == "123-ABC テスト①㈱"
    assert normalise_width(IVS) == IVS


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("阿佐谷南一丁目１５番１号", "阿佐谷南1-15-1"),
        ("阿佐谷南１ー１５ー１", "阿佐谷南1-15-1"),
        ("成田東4丁目36番13号 サンプル荘２０１号室", "成田東4-36-13 サンプル荘201号室"),
        ("高円寺北二十一番地三", "高円寺北21番地三"),
        ("荻窪五丁目十五番百三号", "荻窪5-15-103"),
        ("阿佐ヶ谷　1-2", "阿佐ケ谷 1-2"),
    ],
)
def test_addresses_are_brought_to_one_form(typed, normal):
    assert normalise_address(typed) == normal


@given(st.text(max_size=60))
def test_every_function_takes_any_text(text):
    for function in (
        fold,
        to_hiragana,
        to_katakana,
        normalise_width,
        normalise_address,
        strip_ivs,
        grapheme_len,
        is_kana,
    ):
        function(text)


def test_a_kanji_with_its_selector_counts_once():
    assert grapheme_len(IVS) == 2
    assert grapheme_len("が") == 1
    assert grapheme_len("abc") == 3
    assert strip_ivs(IVS) == "葛飾"
