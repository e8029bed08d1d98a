"""The letters: both folders have all of them, their words keep the rules, values go in and nothing else does."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from madoguchi.engines.notices import rules
from madoguchi.engines.notices.folder import NEEDED
from madoguchi.engines.notices.schema import Letter
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.folder import check_folder, read_folder
from madoguchi.kernel.l10n import LANGUAGES

from .conftest import ROOT

SMALL: dict[str, Any] = {
    "id": "small",
    "title": "小さな文面",
    "channels": ["mail"],
    "variables": {"name": "花子", "number": "R08-0012345-7"},
    "subject": {"ja": "件名 {number}", "easy": "けんめい", "en": "Subject"},
    "body": {"ja": "{name} 様\n\n番号は {number} です。", "easy": "ばんごう {number}", "en": "Number {number}"},
}


@pytest.mark.parametrize("name", ["suginami", "sample-town"])
def test_both_folders_have_every_letter_the_house_sends(name: str) -> None:
    folder, counts = check_folder(ROOT / "municipalities" / name)
    assert [str(fault) for fault in folder.faults if fault.file.startswith("letters/")] == []
    assert {entry.value.id for entry in folder.of("letters")} >= set(NEEDED)
    assert counts["letters"] >= len(NEEDED)


@pytest.mark.parametrize("name", ["suginami", "sample-town"])
def test_every_letter_can_be_written_from_its_own_examples(name: str) -> None:
    for entry in read_folder(ROOT / "municipalities" / name).of("letters"):
        letter: Letter = entry.value
        values = {key: value for key, value in letter.variables.items() if key not in letter.late}
        for lang in LANGUAGES:
            subject, body = rules.render(letter, lang, values)
            assert "\n" not in subject
            assert "{" not in subject + body.replace("{link}", "").replace("{code}", "")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"variables": {"name": "a", "number": "b", "income": "c"}}, "文面に入れられない値"),
        ({"variables": {"number": "b"}}, "variables に無い差し込み"),
        ({"variables": {"name": "a", "number": "b", "due_on": "c"}}, "使われていません"),
        ({"body": {"ja": "{name}{number} {", "easy": "x", "en": "x"}}, "波かっこ"),
        ({"body": {"ja": "{name} {number}", "en": "x"}}, "easy の文がありません"),
        ({"subject": {"ja": "a\nb", "easy": "x", "en": "x"}}, "件名は1行"),
        ({"answers": "x"}, "extra_forbidden"),
    ],
)
def test_words_that_break_the_rules_are_refused(change: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Letter.model_validate(SMALL | change)
    assert expected in str(caught.value) or expected in {error["type"] for error in caught.value.errors()}


def test_a_missing_letter_and_a_wrong_file_name_are_named(tmp_path: Path) -> None:
    town = Path(shutil.copytree(ROOT / "municipalities" / "sample-town", tmp_path / "town"))
    (town / "letters" / "withdrawn.yaml").rename(town / "letters" / "gone.yaml")
    faults = [str(fault) for fault in check_folder(town)[0].faults]
    assert any(fault.startswith("letters/gone.yaml:1: id: ファイル名") for fault in faults)


def test_an_empty_name_drops_its_line_only() -> None:
    letter = Letter.model_validate(SMALL)
    _, with_name = rules.render(letter, "ja", {"name": "杉並 花子", "number": "1"})
    _, without = rules.render(letter, "ja", {"name": "", "number": "1"})
    assert with_name.startswith("杉並 花子 様\n")
    assert without == "番号は 1 です。\n"


def test_a_date_that_is_not_set_drops_its_line() -> None:
    folder = read_folder(ROOT / "municipalities" / "suginami")
    letter = next(entry.value for entry in folder.of("letters") if entry.value.id == "in_review")
    values = {key: value for key, value in letter.variables.items() if key != "promised_on"}
    for lang in ("ja", "easy", "en"):
        _, body = rules.render(letter, lang, values | {"promised_on": ""})
        assert "promised" not in body
        assert values["number"] in body


def test_values_that_no_letter_may_hold_are_refused() -> None:
    letter = Letter.model_validate(SMALL)
    with pytest.raises(InvalidInput):
        rules.render(letter, "ja", {"name": "", "number": "1", "income": "3,000,000円"})
    with pytest.raises(InvalidInput):
        rules.render(letter, "ja", {"name": ""})
    assert rules.render(letter, "ja", {"name": "", "number": "1", "url": "https://example.jp"})


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=30))
def test_a_value_is_never_read_as_a_placeholder(name: str, number: str) -> None:
    """A person called ``{number}`` gets a letter with that name in it."""
    letter = Letter.model_validate(SMALL | {"body": {"ja": "A{name}B{number}C", "easy": "x", "en": "x"}})
    _, body = rules.render(letter, "ja", {"name": name, "number": number})
    assert body == f"A{name}B{number}C".strip() + "\n"


@pytest.mark.parametrize(
    ("channels", "attempts", "expected"),
    [
        (["feed"], [], "in_feed"),
        (["mail"], [], "waiting"),
        (["mail"], [("mail", "failed"), ("mail", "failed")], "waiting"),
        (["mail", "feed"], [("mail", "failed"), ("mail", "sent")], "sent"),
        (["mail"], [("mail", "failed"), ("mail", "given_up")], "given_up"),
        (["mail"], [("mail", "sent"), ("mail", "given_up")], "given_up"),
        (["mail", "line"], [("line", "given_up")], "waiting"),
        (["mail", "line"], [("line", "given_up"), ("mail", "sent")], "sent"),
    ],
)
def test_the_state_is_derived_from_the_attempts(
    channels: list[str], attempts: list[tuple[str, str]], expected: str
) -> None:
    assert rules.state_of(channels, attempts) == expected
