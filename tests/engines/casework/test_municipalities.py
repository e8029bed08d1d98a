"""The workflows of the municipalities that come with the product."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from madoguchi.engines.casework.diagram import workflow_svg
from madoguchi.engines.casework.faults import find_faults
from madoguchi.engines.casework.schema import WorkflowDefinition
from madoguchi.engines.forms.api import compile_rule
from madoguchi.kernel.folder import read_yaml

ROOT = Path(__file__).resolve().parents[3] / "municipalities"
FILES = sorted(ROOT.glob("*/workflows/*.yaml"))


def roles_of(path: Path) -> set[str]:
    data = yaml.safe_load((path.parent.parent / "roles.yaml").read_text())
    return {role["id"] for role in data["roles"]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_workflow_is_sound_and_has_a_correction_loop(path: Path) -> None:
    definition = WorkflowDefinition.model_validate(read_yaml(path.read_text(), path.name).data)
    assert find_faults(definition, roles=roles_of(path), compile_rule=compile_rule) == []
    assert any(step.is_correction for step in definition.transitions)
    assert any(step.outcome == "withdrawn" for step in definition.transitions)
    for state in definition.states:
        for text in (state.title, state.public, *([state.next] if state.next else [])):
            assert text.has("easy")
            assert text.has("en")


def test_there_are_at_least_five_real_workflows() -> None:
    assert len(list((ROOT / "suginami" / "workflows").glob("*.yaml"))) >= 5


@pytest.mark.parametrize("path", FILES[:9], ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_picture_names_all_states_and_steps(path: Path) -> None:
    definition = WorkflowDefinition.model_validate(read_yaml(path.read_text(), path.name).data)
    picture = workflow_svg(definition, current=definition.initial.id)
    assert 'role="img"' in picture
    assert "style=" not in picture
    for step in definition.transitions:
        assert step.title in picture
    for state in definition.states:
        assert str(state.title) in picture
