"""What the check of an interview finds, and what it decides: every row says why, whatever is answered."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.engines.forms.api import Context, compile_form, evaluate
from madoguchi.kernel.folder import Folder, read_folder, read_yaml
from madoguchi.rooms.catalogue.interviews.checks import check_interview
from madoguchi.rooms.catalogue.interviews.deciding import compile_rows, decide
from madoguchi.rooms.catalogue.interviews.folder import targets_of
from madoguchi.rooms.catalogue.interviews.schema import Interview

FOLDERS = Path(__file__).parents[3] / "municipalities"
ARRIVING = FOLDERS / "sample-town" / "interviews" / "arriving.yaml"


@pytest.fixture(scope="module")
def town() -> Folder:
    return read_folder(FOLDERS / "sample-town")


def faults(town: Folder, change: Any) -> list[str]:
    """Return the faults of the town's interview after *change* was made to its data."""
    data = copy.deepcopy(read_yaml(ARRIVING.read_text(encoding="utf-8"), "arriving.yaml").data)
    change(data)
    return [
        f"{'.'.join(map(str, fault.path))}: {fault.message}"
        for fault in check_interview(Interview.model_validate(data), targets_of(town))
    ]


def row(data: dict[str, Any], procedure: str) -> dict[str, Any]:
    return next(one for one in data["rows"] if one["procedure"] == procedure)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (lambda d: row(d, "juminhyo")["answers"].update(nobody={"var": "tel"}), "answers.nobody", "という質問はありません"),
        (lambda d: row(d, "juminhyo")["answers"].update(born_on={"var": "tel"}), "answers.born_on", "に入りません"),
        (lambda d: row(d, "juminhyo")["answers"].update(standing="nowhere"), "answers.standing", "答えになりません"),
        (lambda d: row(d, "juminhyo")["answers"].update(pledge=True), "answers.pledge", "同意なので"),
        (lambda d: row(d, "inu_toroku")["answers"].update(dog_list={"var": "tel"}), "answers.dog_list", "繰り返しです"),
        (lambda d: row(d, "juminhyo").update(applies={"var": "wants"}), "rows.0.applies", "という質問はありません"),
        (lambda d: row(d, "juminhyo").update(not_because=[]), "not_because", "当てはまらない理由"),
        (lambda d: row(d, "hokan_basho").pop("elsewhere"), "rows.3.procedure", "ここでは申請できません"),
        (lambda d: d["examples"].pop(1), "rows.0.applies", "当てはまらない例がありません"),
        (lambda d: d["examples"][0]["expect"].update(applies=["juminhyo"]), "expect.applies", "のはずですが"),
        (lambda d: d["examples"][0]["expect"].update(remaining={"juminhyo": []}), "expect.remaining", "残りの質問は"),
        (lambda d: row(d, "hokan_basho").update(applies=True), "fields.3", "どこでも使われません"),
        (lambda d: d["steps"][0]["fields"][3].update(type="my_number"), "fields.3", "聞き取りでは聞けません"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(town: Folder, change: Any, place: str, words: str) -> None:
    found = faults(town, change)
    assert any(place in fault and words in fault for fault in found), found


def test_the_town_s_interview_is_without_fault(town: Folder) -> None:
    assert faults(town, lambda data: None) == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_row_of_the_ward_says_why_whatever_is_answered(data: st.DataObject) -> None:
    interview = data.draw(st.sampled_from(SUGINAMI))
    form = compile_form(interview.as_form())
    answers: dict[str, Any] = {}
    for item in form.fields.values():
        if item.fd.type == "yes_no":
            answers[item.id] = data.draw(st.sampled_from([True, False, None]))
        elif item.fd.options:
            values = [option.value for option in item.fd.options]
            one = data.draw(st.sampled_from([*values, None]))
            answers[item.id] = one if item.fd.type == "choice" or one is None else [one]
    scope = evaluate(form, answers, Context(interview.examples[0].at)).scope
    for decision in decide(compile_rows(interview), scope):
        assert decision.reason.get("ja"), decision.key
        for lang in ("easy", "en", "zh", "ko"):
            assert decision.reason.has(lang), (interview.id, decision.key, lang)


SUGINAMI = [
    Interview.model_validate(read_yaml(path.read_text(encoding="utf-8"), path.name).data)
    for path in sorted((FOLDERS / "suginami" / "interviews").glob("*.yaml"))
]
