"""A proposal becomes a definition that compiles and whose example runs; the evaluation keeps its floor; the command works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from evals.forms_import.measure import PAPERS, measure_split, summary

from madoguchi.cli import main
from madoguchi.engines.forms.checks import check_form
from madoguchi.engines.forms.importing import propose_form, read_paper_form, to_definition
from madoguchi.engines.forms.schema import FormDefinition

FILES = sorted(path for path in PAPERS.glob("*/*") if path.suffix != ".json")
GREENING = PAPERS / "dev" / "d01_ryokuka.xlsx"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_definition_compiles_and_its_example_runs(path: Path) -> None:
    definition = FormDefinition.model_validate(to_definition(propose_form(read_paper_form(path))))
    assert check_form(definition, {}) == []


def test_only_accepted_fields_are_taken() -> None:
    proposal = propose_form(read_paper_form(GREENING))
    chosen = [proposal.fields[1].id, "planting_content", "tree_species"]
    definition = to_definition(proposal, accepted=chosen, form_id="ryokuka")
    fields = [field for step in definition["steps"] for field in step["fields"]]
    assert [field["id"] for field in fields] == chosen[:2]
    assert check_form(FormDefinition.model_validate(definition), {}) == []
    with pytest.raises(ValueError, match="一つもありません"):
        to_definition(proposal, accepted=[])


def test_the_development_forms_are_understood() -> None:
    found = summary(measure_split("dev"))
    assert found["files"] >= 8
    assert found["recall"] >= 0.90
    assert found["precision"] >= 0.90


def test_the_held_out_forms_keep_their_floor() -> None:
    found = summary(measure_split("held"))
    assert found["files"] >= 12
    assert found["recall"] >= HELD_RECALL
    assert found["precision"] >= HELD_PRECISION


HELD_RECALL, HELD_PRECISION = 0.92, 0.90
"""A little below what was measured (evals/forms_import/README.md)."""


def test_the_command_prints_json_and_writes_the_definition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "ryokuka.yaml"
    assert main(["forms", "import", str(GREENING), "--json", "-o", str(target)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["title"] == "緑化助成金交付申請書"
    assert {"id", "type", "label", "confidence", "place", "step"} <= set(data["fields"][0])
    assert data["left_out"]
    definition = yaml.safe_load(target.read_text(encoding="utf-8"))
    assert definition["id"] == "ryokuka"
    assert check_form(FormDefinition.model_validate(definition), {}) == []


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "import", str(GREENING)]) == 0
    said = capsys.readouterr().out
    assert "■ 植栽の内容" in said
    assert "質問にしなかったところ" in said


def test_the_command_names_place_and_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "form.xls"
    path.write_bytes(b"old")
    assert main(["forms", "import", str(path)]) == 1
    assert capsys.readouterr().err.startswith("form.xls: 古い形式")
    assert main(["forms", "import", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["fault"]["place"] == "form.xls"
