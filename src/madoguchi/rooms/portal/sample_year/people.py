"""Invented people: names with kana, some with 異体字 or IVS, some from abroad. Nobody here exists."""

from __future__ import annotations

import random
from dataclasses import dataclass

FAMILIES: tuple[tuple[str, str], ...] = (
    ("見本", "ミホン"), ("例示", "レイジ"), ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("髙橋", "タカハシ"), ("田中", "タナカ"),
    ("渡邉", "ワタナベ"), ("渡邊", "ワタナベ"), ("伊藤", "イトウ"), ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"),
    ("加藤", "カトウ"), ("𠮷田", "ヨシダ"), ("山田", "ヤマダ"), ("佐々木", "ササキ"), ("山﨑", "ヤマサキ"), ("松本", "マツモト"),
    ("井上", "イノウエ"), ("木村", "キムラ"), ("林", "ハヤシ"), ("齋藤", "サイトウ"), ("齊藤", "サイトウ"), ("清水", "シミズ"),
    ("山口", "ヤマグチ"), ("森", "モリ"), ("池田", "イケダ"), ("橋本", "ハシモト"), ("阿部", "アベ"), ("石川", "イシカワ"),
    ("葛\U000e0100城", "カツラギ"), ("辻\U000e0100本", "ツジモト"), ("祇\U000e0100園", "ギオン"), ("逢\U000e0100坂", "オウサカ"),
    ("前田", "マエダ"), ("藤田", "フジタ"), ("小川", "オガワ"), ("岡田", "オカダ"), ("後藤", "ゴトウ"), ("長谷川", "ハセガワ"),
    ("濵田", "ハマダ"), ("桒原", "クワバラ"), ("德永", "トクナガ"), ("廣瀨", "ヒロセ"), ("荻窪", "オギクボ"), ("高円寺", "コウエンジ"),
    ("阿佐谷", "アサガヤ"), ("善福寺", "ゼンプクジ"), ("五十嵐", "イガラシ"), ("勅使河原", "テシガワラ"),
)  # fmt: skip
GIVENS: tuple[tuple[str, str], ...] = (
    ("花子", "ハナコ"), ("太郎", "タロウ"), ("さくら", "サクラ"), ("陽翔", "ハルト"), ("凛", "リン"), ("蓮", "レン"),
    ("結衣", "ユイ"), ("湊", "ミナト"), ("葵", "アオイ"), ("大翔", "ヒロト"), ("美咲", "ミサキ"), ("悠真", "ユウマ"),
    ("千代", "チヨ"), ("正", "タダシ"), ("和子", "カズコ"), ("清", "キヨシ"), ("幸子", "サチコ"), ("実", "ミノル"),
    ("恵子", "ケイコ"), ("誠", "マコト"), ("由美", "ユミ"), ("健一", "ケンイチ"), ("真由美", "マユミ"), ("浩", "ヒロシ"),
    ("裕子", "ユウコ"), ("隆", "タカシ"), ("久美子", "クミコ"), ("学", "マナブ"), ("直樹", "ナオキ"), ("愛", "アイ"),
    ("翼", "ツバサ"), ("彩", "アヤ"), ("拓也", "タクヤ"), ("麻衣", "マイ"), ("翔太", "ショウタ"), ("舞", "マイ"),
    ("ひなた", "ヒナタ"), ("律", "リツ"), ("紬", "ツムギ"), ("朝陽", "アサヒ"), ("芽依", "メイ"), ("蒼", "アオ"),
)  # fmt: skip
ABROAD: tuple[tuple[str, str, str, str], ...] = (
    ("NGUYEN", "VAN ANH", "グエン", "ヴァン アン"), ("TRAN", "THI MAI", "チャン", "ティ マイ"), ("LI", "WEI", "リ", "ウェイ"),
    ("KIM", "JIHOON", "キム", "ジフン"), ("SHRESTHA", "SITA", "シュレスタ", "シタ"), ("SMITH", "EMMA", "スミス", "エマ"),
    ("SANTOS", "MARIA", "サントス", "マリア"), ("KHAN", "AMIR", "カーン", "アミル"), ("MÜLLER", "ANNA", "ミュラー", "アンナ"),
)  # fmt: skip
SHARE_ABROAD = 0.04


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its reading."""

    family: str
    given: str
    family_kana: str
    given_kana: str


class Cast:
    """Gives each person of an example another name; the same person keeps one name, a family shares its own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._families: dict[tuple[str, str], tuple[str, str]] = {}
        self._names: dict[tuple[str, str, str, str], Name] = {}
        self._latin: dict[tuple[str, str], tuple[str, str]] = {}
        self._from_abroad = rng.random() < SHARE_ABROAD

    def name(self, family: str, given: str, family_kana: str, given_kana: str) -> Name:
        """Return the name that stands for this person of the example."""
        key = (family, given, family_kana, given_kana)
        if key not in self._names:
            self._names[key] = self._new(family, family_kana)
        return self._names[key]

    def _new(self, family: str, family_kana: str) -> Name:
        if self._from_abroad and not self._names:
            surname, first, surname_kana, first_kana = self._rng.choice(ABROAD)
            return Name(surname, first, surname_kana, first_kana)
        household = self._families.setdefault((family, family_kana), self._rng.choice(FAMILIES))
        given = self._rng.choice(GIVENS)
        return Name(household[0], given[0], household[1], given[1])

    def latin(self, surname: str, given_names: str) -> tuple[str, str]:
        """Return the Latin name that stands for this one."""
        chosen = self._rng.choice(ABROAD)
        return self._latin.setdefault((surname, given_names), (chosen[0], chosen[1]))
