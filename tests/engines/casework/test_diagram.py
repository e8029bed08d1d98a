"""The pictures of every workflow: no arrow runs through a box that is not its own, no number covers another."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
import yaml

from madoguchi.engines.casework.diagram_layout import BOX_HEIGHT, BOX_WIDTH, crosses, lay_out
from madoguchi.engines.casework.schema import WorkflowDefinition

FILES = sorted((Path(__file__).parents[3] / "municipalities").glob("*/workflows/*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_arrows_and_numbers_keep_off_the_boxes(file: Path) -> None:
    definition = WorkflowDefinition.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    layout = lay_out(definition)
    for arrow in layout.arrows:
        own = {arrow.steps[0].to, *(source for step in arrow.steps for source in step.from_)}
        for box in layout.boxes:
            assert box.state.id in own or not crosses(arrow, box, room=1), (arrow.steps[0].id, box.state.id)
        x, y = arrow.label
        assert 0 < y < layout.height
        for box in layout.boxes:
            over = (
                abs(x - box.left - BOX_WIDTH / 2) < BOX_WIDTH / 2 and abs(y - box.top - BOX_HEIGHT / 2) < BOX_HEIGHT / 2
            )
            assert not over, (arrow.steps[0].id, box.state.id)
    for one, other in combinations(layout.arrows, 2):
        apart = abs(one.label[0] - other.label[0]) >= 12 or abs(one.label[1] - other.label[1]) >= 12
        assert apart, (one.steps[0].id, other.steps[0].id)
