"""Furigana, the plain-language review and the translations of a folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.test import Client

from madoguchi.kernel.folder import check_folder, read_folder
from madoguchi.kernel.folder_language import all_texts, gaps_in, missing_words
from madoguchi.kernel.furigana import annotate, annotate_page
from madoguchi.kernel.plain_language import review
from madoguchi.kernel.translations import untranslated

TOWN = Path(__file__).parents[2] / "municipalities" / "sample-town"


def bare(html: str) -> str:
    """Return annotated text with its readings in square brackets."""
    return re.sub(r"<ruby>(.*?)<rp>（</rp><rt>(.*?)</rt><rp>）</rp></ruby>", r"\1[\2]", html)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("申し込む", "申[もう]し込[こ]む"),
        ("申請する方", "申請[しんせい]する方[かた]"),
        ("開庁日で5日", "開庁日[かいちょうび]で5日[いつか]"),
        ("11月15日", "11月[がつ]15日[にち]"),
        ("ふりがな ABC", "ふりがな ABC"),
    ],
)
def test_kanji_get_their_reading(text: str, read: str) -> None:
    assert bare(annotate(text)) == read


def test_tags_inputs_and_typed_names_are_left_alone() -> None:
    page = '<title>手続</title><dd data-as-typed>山田 <b>太郎</b> <dd>花子</dd></dd><a lang="zh-Hans">中文</a><p title="申請">受付<br>前</p><input value="申請">'
    shown = annotate_page(page)
    assert bare(shown) == page.replace("受付", "<span>受付[うけつけ]</span>").replace("前", "<span>前[まえ]</span>")


@pytest.mark.django_db
def test_the_switch_annotates_japanese_pages_only(sample_town: None, client: Client) -> None:
    assert "<ruby>" not in client.get("/").content.decode()
    assert "<ruby>" in client.get("/?furigana=on").content.decode()
    assert "<ruby>" in client.get("/procedures/").content.decode()
    assert "<ruby>" not in client.get("/?lang=en").content.decode()
    assert "<ruby>" not in client.get("/?lang=ja&furigana=off").content.decode()


@pytest.mark.parametrize(
    ("text", "level", "rules"),
    [
        ("書類がない場合は申請できません。", "plain", ["double_negation"]),
        ("審査が行われ、担当課で確認されます。", "plain", ["passive"]),
        ("このスキームを使います。", "plain", ["katakana"]),
        ("申請の内容は、区のホームページに掲載している一覧のうち、それぞれの手続を担当する課において、提出された日から順に確かめてから結果をお知らせします。", "plain", ["sentence_length"]),
        ("窓口で見られます。書類を出してください。", "easy", []),
        ("住民票写交付請求書記載事項 変更届出書。", "easy", ["kanji"]),
        ("区役所（くやくしょ）に お越しください。", "easy", ["honorific"]),
        ("この システムを 使います。", "easy", ["katakana"]),
    ],
)  # fmt: skip
def test_review_marks_what_is_hard_to_read(text: str, level: str, rules: list[str]) -> None:
    found = review(text, level=level)  # type: ignore[arg-type]
    assert [remark.rule for remark in found] == rules
    assert all(remark.mend for remark in found)
    assert all(remark.excerpt in text for remark in found)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    copied = tmp_path / "town"
    shutil.copytree(TOWN, copied)
    (copied / "translations").mkdir(exist_ok=True)
    return copied


def write(town: Path, *rows: str, name: str = "zh-all") -> None:
    (town / "translations" / f"{name}.csv").write_text("\n".join(["ja,text,state,on", *rows]), encoding="utf-8")


def test_a_translation_fills_every_text_with_the_same_japanese(town: Path) -> None:
    gaps = list(gaps_in(read_folder(town)))
    japanese = untranslated(read_folder(town), "zh")[0]
    gap = next(each for each in gaps if each.ja == japanese)
    assert "zh" in gap.langs
    assert "ja" not in gap.langs
    lines = (town / gap.file).read_text(encoding="utf-8").splitlines()
    assert japanese in lines[gap.line - 1]
    write(town, f"{japanese},译文,machine,2026-11-28")
    folder, counts = check_folder(town)
    assert not folder.faults
    assert counts["translations"] == 1
    assert japanese not in untranslated(folder, "zh")
    assert not [each for each in gaps_in(folder) if each.ja == japanese and "zh" in each.langs]
    assert missing_words(gaps_in(folder))["zh"] < missing_words(gaps)["zh"]
    assert {text.get("zh") for _, _, text in all_texts(folder) if text.get("ja") == japanese} == {"译文"}


def test_faulty_translations_are_named(town: Path) -> None:
    write(town, "どこにもない文,没有,machine,2026-11-28", "どこにもない文,没有,machine,2026-11-28")
    write(town, "受付,접수,checked,2026-11-28", name="xx-all")
    messages = [f"{fault.file} {fault.message}" for fault in check_folder(town)[0].faults]
    assert any("もうありません" in message for message in messages)
    assert any("zh-all.csv にもあります" in message for message in messages)
    assert any("「xx」という言語はありません" in message for message in messages)
