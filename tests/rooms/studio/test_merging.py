"""The three-way merge: nothing that only one of two people changed is ever lost, and what both changed is never silent."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rooms.studio.merging import GONE, merge


def step(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"form": {"steps": [{"id": "s", "fields": list(fields), **more}]}}


def field(name: str, label: str = "質問", **more: Any) -> dict[str, Any]:
    return {"id": name, "label": {"ja": label}, **more}


def names(document: dict[str, Any]) -> list[str]:
    return [item["id"] for item in document["form"]["steps"][0]["fields"]]


def test_changes_of_different_parts_are_joined() -> None:
    base = step(field("a"), field("b"))
    theirs = step(field("a", "彼らの文"), field("b"))
    mine = step(field("a", help={"ja": "私の説明"}), field("b", "私の文"))
    merged = merge(base, theirs, mine)
    assert merged.conflicts == []
    assert merged.value == step(field("a", "彼らの文", help={"ja": "私の説明"}), field("b", "私の文"))


def test_the_same_place_changed_differently_is_a_conflict_until_somebody_chooses() -> None:
    sides = step(field("a")), step(field("a", "彼ら")), step(field("a", "私"))
    merged = merge(*sides)
    key = "form/steps/s/fields/a/label/ja"
    assert [(one.key, one.theirs, one.mine) for one in merged.conflicts] == [(key, "彼ら", "私")]
    assert merge(*sides, choices={key: "mine"}).value == sides[2]
    assert merge(*sides, choices={key: "theirs"}).value == sides[1]
    assert merge(*sides, choices={key: "elsewhere"}).conflicts


def test_a_part_deleted_here_and_changed_there_is_a_conflict() -> None:
    base, edited, deleted = step(field("a"), field("b")), step(field("a", "直した"), field("b")), step(field("b"))
    (conflict,) = merge(base, edited, deleted).conflicts
    assert conflict.mine is GONE
    (conflict,) = merge(base, deleted, edited).conflicts
    assert conflict.theirs is GONE
    assert merge(base, deleted, edited, choices={conflict.key: "mine"}).value == edited


def test_a_rule_is_never_mixed_from_two() -> None:
    one, two = {"==": [{"var": "x"}, "1"]}, {"and": [{"var": "x"}, {"var": "y"}]}
    merged = merge(step(field("a")), step(field("a", shown_if=one)), step(field("a", shown_if=two)))
    assert [conflict.path[-1] for conflict in merged.conflicts] == ["shown_if"]


def test_new_parts_of_both_stand_after_their_neighbours() -> None:
    base = step(field("a"), field("b"))
    merged = merge(base, step(field("a"), field("t"), field("b")), step(field("a"), field("b"), field("m")))
    assert names(merged.value) == ["a", "t", "b", "m"]


def test_a_move_here_and_an_edit_there_are_joined() -> None:
    base = step(field("a"), field("b"), field("c"))
    merged = merge(base, step(field("a"), field("b", "直した"), field("c")), step(field("c"), field("a"), field("b")))
    assert merged.conflicts == []
    assert names(merged.value) == ["c", "a", "b"]
    assert merged.value["form"]["steps"][0]["fields"][2]["label"]["ja"] == "直した"


FIELDS = [f"f{n}" for n in range(6)]
EDITS = st.lists(
    st.tuples(st.sampled_from(["label", "help", "delete", "add", "up"]), st.sampled_from(FIELDS), st.text("あいう", min_size=1, max_size=2)),
    max_size=5,
)  # fmt: skip


def edited(base: dict[str, Any], edits: list[tuple[str, str, str]], who: str) -> dict[str, Any]:
    document = copy.deepcopy(base)
    fields = document["form"]["steps"][0]["fields"]
    for number, (what, name, text) in enumerate(edits):
        here = next((i for i, item in enumerate(fields) if item["id"] == name), None)
        if what == "add":
            fields.append(field(f"{who}{number}", text))
        elif here is None:
            continue
        elif what == "delete":
            del fields[here]
        elif what == "up" and here:
            fields[here - 1], fields[here] = fields[here], fields[here - 1]
        elif what in {"label", "help"}:
            fields[here] = {**fields[here], what: {"ja": text}}
    return document


def leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return every text of a document by its path through ids."""
    if isinstance(value, dict):
        found: dict[tuple[str, ...], Any] = {}
        for key, inner in value.items():
            found |= leaves(inner, (*path, key))
        return found
    if isinstance(value, list):
        found = {}
        for inner in value:
            found |= leaves(inner, (*path, inner["id"]))
        return found
    return {path: value}


@given(EDITS, EDITS)
def test_every_change_of_one_side_alone_is_in_the_result_or_in_a_conflict(
    mine: list[tuple[str, str, str]], theirs: list[tuple[str, str, str]]
) -> None:
    base = step(*(field(name) for name in FIELDS))
    one, other = edited(base, theirs, "t"), edited(base, mine, "m")
    merged = merge(base, one, other)
    result, before, left, right = (leaves(side) for side in (merged.value, base, one, other))
    open_paths = [conflict.path for conflict in merged.conflicts]
    for path in {*before, *left, *right}:
        if any(path[: len(each)] == each for each in open_paths):
            continue
        if left.get(path) == before.get(path):
            assert result.get(path) == right.get(path)
        elif right.get(path) == before.get(path):
            assert result.get(path) == left.get(path)
        else:
            assert left.get(path) == right.get(path) == result.get(path)
