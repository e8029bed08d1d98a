"""Rules as clauses and back: every rule of the folders is either said exactly or left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from madoguchi.engines.forms.api import cover_branches, fees_of
from madoguchi.kernel.folder import check_folder, plain
from madoguchi.rooms.studio.sentences import Clause, Sentence, read_rule, read_value, write_rule

FOLDERS = Path(__file__).resolve().parents[3] / "municipalities"


def rules_of(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"shown_if", "needed_if", "when"} and isinstance(inner, dict):
                yield inner
            else:
                yield from rules_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from rules_of(inner)


def test_most_rules_of_suginami_can_be_said_and_all_come_back_exactly() -> None:
    folder, _ = check_folder(FOLDERS / "suginami")
    rules = [rule for entry in folder.of("forms") for rule in rules_of(plain(entry.value))]
    said = [(rule, sentence) for rule in rules if (sentence := read_rule(rule)) is not None]
    assert all(write_rule(sentence) == rule for rule, sentence in said)
    assert len(said) / len(rules) > 0.75


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence((Clause("a", "is", "x"), Clause("b", "at_least", 3)), "or"),
        Sentence((Clause("a", "answered"),)),
        Sentence((Clause("a", "one_of", ["x", "y"]), Clause("b", "empty"))),
        Sentence((Clause("a", "holds", "x"),)),
    ],
)
def test_clauses_are_read_as_they_were_written(sentence: Sentence) -> None:
    assert read_rule(write_rule(sentence)) == sentence


@pytest.mark.parametrize(
    "rule",
    [
        True,
        1,
        "x",
        {"var": "a"},
        {"and": [{"var": "a"}, {"==": [{"var": "b"}, 1]}]},
        {"==": [{"var": "@channel"}, "post"]},
    ],
)
def test_other_rules_are_left_alone(rule: Any) -> None:
    assert read_rule(rule) is None


def test_values_are_read_by_the_type_of_the_question() -> None:
    assert read_value({"type": "yen"}, "at_least", ["１，０００円"]) == 1000
    assert read_value({"type": "yes_no"}, "is", ["0"]) is False
    assert read_value({"type": "choice"}, "one_of", ["a", "", "b"]) == ["a", "b"]
    with pytest.raises(ValueError, match="数字"):
        read_value({"type": "integer"}, "is", ["三"])
    with pytest.raises(ValueError, match="選ぶか"):
        read_value({"type": "choice"}, "is", [""])


def test_examples_are_found_for_nearly_every_branch_of_the_town() -> None:
    folder, _ = check_folder(FOLDERS / "sample-town")
    for entry in folder.of("forms"):
        bare = entry.value.model_copy(update={"examples": []})
        found = cover_branches(bare, fees_of(folder), at=entry.value.examples[0].at)
        assert found
        covered = entry.value.model_copy(update={"examples": []})
        again = covered.model_validate({**plain(covered), "examples": found})
        from madoguchi.engines.forms.api import check_form

        faults = [fault.message for fault in check_form(again, fees_of(folder))]
        assert faults == [], entry.value.id
