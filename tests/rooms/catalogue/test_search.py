"""Search: everyday words lead to the right procedure of Suginami's catalogue; how a query is read."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from madoguchi.rooms.catalogue.api import search_procedures
from madoguchi.rooms.catalogue.query import key_of, one_edit, term_of, terms_of


def everyday(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on Suginami's catalogue."""
    return pytest.mark.django_db(pytest.mark.usefixtures("suginami")(test))


FIRST = {
    "住民票": "juminhyo_utsushi",
    "住民票がほしい": "juminhyo_utsushi",
    "ジュミンヒョウ": "juminhyo_utsushi",
    "住民表": "juminhyo_utsushi",
    "粗大ゴミ": "sodai_gomi",
    "犬が死んだ": "inu_shibo",
}
"""What must stand first: the very thing that was named, also when it is misspelt."""

AMONG_THREE = {
    "印鑑証明": "inkan_shomei",
    "戸籍謄本": "koseki_shomei",
    "課税証明書": "kazei_shomei",
    "所得の証明書": "kazei_shomei",
    "税金の証明書": "nozei_shomei",
    "転居": "tenkyo",
    "てんしゅつ": "tenshutsu",
    "区外へ引っ越す": "tenshutsu",
    "子供が生まれた": "shussei_todoke",
    "妊娠した": "ninshin_todoke",
    "子供の医療費": "kodomo_iryohi",
    "児童手当": "jidou_teate_nintei",
    "保育園に入りたい": "hoiku_riyo",
    "学童": "gakudo_riyo",
    "給食費が払えない": "shugaku_enjo",
    "会社を辞めた": "kokuho_kanyu",
    "生活が苦しい": "seikatsu_hogo",
    "年金が払えない": "nenkin_menjo",
    "医療費が高い": "kokuho_kogaku",
    "親の介護": "kaigo_nintei",
    "がん検診": "kenshin_moshikomi",
    "ソファを捨てたい": "sodai_gomi",
    "犬を飼い始めた": "inu_toroku",
    "バイクを処分したい": "keiji_haisha",
    "地震で家が壊れた": "risai_shomei",
    "選挙の日にいない": "fuzaisha_tohyo",
    "体育館を予約したい": "shisetsu_yoyaku",
    "図書館カード": "toshokan_card",
    "道路を使いたい": "doro_senyo",
    "情報公開": "bunsho_kaiji",
    "nursery": "hoiku_riyo",
    "register my dog": "inu_toroku",
}


@everyday
@pytest.mark.parametrize(("words", "wanted"), FIRST.items())
def test_what_was_named_stands_first(words: str, wanted: str) -> None:
    assert search_procedures(words)[0].id == wanted


@everyday
@pytest.mark.parametrize(("words", "wanted"), AMONG_THREE.items())
def test_everyday_words_find_their_procedure(words: str, wanted: str) -> None:
    found = [item.id for item in search_procedures(words)[:3]]
    assert wanted in found, found


@everyday
@pytest.mark.parametrize("words", ["引っ越し", "引越し", "引っ越しする", "引越しをしました", "moving"])
def test_moving_leads_to_the_three_notifications(words: str) -> None:
    assert {item.id for item in search_procedures(words)[:3]} == {"tenshutsu", "tennyu", "tenkyo"}


@everyday
@pytest.mark.parametrize("words", ["", "   ", "zzzz", "？！", "ｘ" * 5000])
def test_nothing_is_found_for_nothing(words: str) -> None:
    assert search_procedures(words) == []


@everyday
def test_a_sentence_is_answered_quickly() -> None:
    search_procedures("引っ越し")
    start = time.perf_counter()
    for _ in range(10):
        search_procedures("区外へ引っ越すときの国民健康保険の手続きについて教えてください")
    assert (time.perf_counter() - start) / 10 < 0.1


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("保育園に入りたい", ["保育園", "入りたい"]),
        ("バイクを処分したい", ["ばいく", "処分"]),
        ("住民票の写しがほしいのですが", ["住民票", "写しがほしいのですが"]),
        ("保険証をなくした", ["保険証", "なくした"]),
        ("犬が死んだ", ["犬", "死んだ"]),
        ("how to register a dog", ["register", "dog"]),
        ("手続き", ["手続き"]),
    ],
)
def test_a_query_is_read_as_terms(query: str, keys: list[str]) -> None:
    assert [term.key for term in terms_of(query)] == keys


def test_words_meet_however_they_are_spelt() -> None:
    assert key_of("引っ越し") == key_of("引越し")
    assert key_of("こども医療証") == key_of("子供医療証")
    assert term_of("辞めた").stem == "辞め"
    assert term_of("払えない").stem == "払え"
    assert term_of("妊娠した").stem == "妊娠"
    assert term_of("住民票").stem == ""


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("住民表", "住民票", True),
        ("住民", "住民票", True),
        ("住票民", "住民票", True),
        ("住民票", "住民票", False),
        ("戸籍表", "住民票", False),
    ],
)
def test_one_slip(one: str, other: str, near: bool) -> None:
    assert one_edit(one, other) is near
