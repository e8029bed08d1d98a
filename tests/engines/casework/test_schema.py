"""The workflow definition and its static check."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from madoguchi.engines.casework.faults import find_faults
from madoguchi.engines.casework.schema import WorkflowDefinition


def faults(data: dict[str, Any], **options: Any) -> list[str]:
    return [f"{item.path} {item.message}" for item in find_faults(WorkflowDefinition.model_validate(data), **options)]


def test_a_sound_workflow_has_no_faults(workflow_data: dict[str, Any]) -> None:
    assert faults(workflow_data, roles={"clerk", "chief"}) == []


def test_unknown_keys_are_refused(workflow_data: dict[str, Any]) -> None:
    workflow_data["states"][0]["colour"] = "red"
    with pytest.raises(ValidationError):
        WorkflowDefinition.model_validate(workflow_data)


def test_an_unreachable_state_is_found(workflow_data: dict[str, Any]) -> None:
    workflow_data["states"].append({"id": "island", "title": "島", "public": "島", "stage": 2})
    assert any("どこからも進めません" in line for line in faults(workflow_data))
    assert any("「island」から進めません" in line for line in faults(workflow_data))


def test_unknown_ids_are_found(workflow_data: dict[str, Any]) -> None:
    workflow_data["transitions"][0]["to"] = "nowhere"
    workflow_data["transitions"][1]["who"] = ["wizard"]
    found = faults(workflow_data, roles={"clerk", "chief"})
    assert any("nowhere" in line for line in found)
    assert any("wizard" in line for line in found)


def test_waiting_needs_a_way_out_for_both_sides(workflow_data: dict[str, Any]) -> None:
    workflow_data["transitions"] = [item for item in workflow_data["transitions"] if item["id"] != "answer"]
    workflow_data["transitions"][-1]["who"] = ["clerk"]
    assert any("区民が進める操作" in line for line in faults(workflow_data))


def test_an_end_needs_an_outcome_and_a_stopped_clock(workflow_data: dict[str, Any]) -> None:
    del workflow_data["transitions"][3]["outcome"]
    workflow_data["states"][3]["clock"] = "running"
    found = faults(workflow_data)
    assert any("結果がありません" in line for line in found)
    assert any("時計が動いています" in line for line in found)


def test_shortcuts_do_not_collide(workflow_data: dict[str, Any]) -> None:
    workflow_data["transitions"][0]["shortcut"] = "b"
    workflow_data["transitions"][1]["shortcut"] = "b"
    workflow_data["transitions"][3]["shortcut"] = "j"
    found = faults(workflow_data)
    assert any("「b」の操作が 2 つ" in line for line in found)
    assert any("一覧の移動" in line for line in found)


def test_a_guard_that_cannot_be_compiled_is_found(workflow_data: dict[str, Any]) -> None:
    from madoguchi.engines.forms.api import compile_rule

    workflow_data["transitions"][0]["guard"] = {"launch": [1]}
    assert any("条件が読めません" in line for line in faults(workflow_data, compile_rule=compile_rule))
