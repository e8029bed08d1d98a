"""Every snippet of the guides for clerks is true: forms pass, quotations stand in the files they name, messages appear.

Reads ``docs/howto`` and ``municipalities``; needs no database.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from madoguchi.engines.forms.checks import CODE_FAMILIES, check_form
from madoguchi.engines.forms.logic import RuleError, compile_rule
from madoguchi.engines.forms.schema import FormDefinition
from madoguchi.engines.forms.types import field_kinds
from madoguchi.engines.notices.folder import NEEDED
from madoguchi.kernel.folder import check_folder, read_yaml, sections_in_order

ROOT = Path(__file__).parents[2]
HOWTO = ROOT / "docs" / "howto"
MUNICIPALITIES = ROOT / "municipalities"
GUIDE = (HOWTO / "write-a-form.md").read_text(encoding="utf-8")
FOLDER_GUIDE = (HOWTO / "municipality-folder.md").read_text(encoding="utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return [textwrap.dedent(body) for body in re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.S | re.M)]


def _quotations(text: str) -> list[tuple[str, str]]:
    found = [re.match(r"# (\S+)\n(.*)", block, re.S) for block in _blocks(text, "yaml")]
    return [(match[1], match[2]) for match in found if match]


def _stands_in(quotation: str, source: str) -> bool:
    wanted = quotation.rstrip().splitlines()
    lines = source.splitlines()
    first = wanted[0].strip()
    for i, line in enumerate(lines):
        if line.strip() == first:
            there = textwrap.dedent("\n".join(lines[i : i + len(wanted)]))
            if there.splitlines() == wanted:
                return True
    return False


def _own_form() -> str:
    (form,) = [block for block in _blocks(GUIDE, "yaml") if block.startswith("id: ")]
    return form


@pytest.mark.parametrize(("file", "quotation"), _quotations(GUIDE) + _quotations(FOLDER_GUIDE))
def test_a_quotation_stands_in_the_file_it_names(file: str, quotation: str) -> None:
    assert _stands_in(quotation, (MUNICIPALITIES / file).read_text(encoding="utf-8"))


def test_the_form_of_the_guide_passes_the_check() -> None:
    definition = FormDefinition.model_validate(read_yaml(_own_form(), "guide").data)
    assert check_form(definition, {}) == []


def test_the_messages_of_the_guide_are_what_the_check_says(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    shutil.copytree(MUNICIPALITIES / "sample-town", folder)
    broken = _own_form().replace("{var: requester_kind}, other]}", "{var: requester_kind}, othr]}", 1)
    (folder / "forms" / "bosai_kowa.yaml").write_text(broken, encoding="utf-8")
    said = "\n".join(str(fault) for fault in check_folder(folder)[0].faults)
    assert said.startswith(_blocks(GUIDE, "text")[0].rstrip())


def test_the_message_of_the_folder_guide_is_what_the_check_says(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    shutil.copytree(MUNICIPALITIES / "sample-town", folder)
    path = folder / "municipality.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("999997", "999998"), encoding="utf-8")
    assert [str(fault) for fault in check_folder(folder)[0].faults] == [_blocks(FOLDER_GUIDE, "text")[0].rstrip()]


def test_the_table_of_types_is_whole_and_its_answers_are_right() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]*\| (.*) \|$", GUIDE, re.M)
    answers = {name: cell.strip("`") for name, cell in rows if name in field_kinds}
    assert set(answers) == {name for name, _ in field_kinds.items()}
    for name, text in answers.items():
        kind = field_kinds.get(name)
        if kind.asks and "…}" not in text:
            assert kind.shaped(read_yaml(text, name).data), name


def test_every_operator_of_the_guide_is_known() -> None:
    table = GUIDE.split("使える変数と演算子:")[1].split("日付の範囲に")[0]
    names = re.findall(r"`([^`@]+)`", "".join(row for row in table.splitlines() if not row.startswith("| 変数")))
    for name in sorted(set(names) - {"online", "fees.yaml"}):
        assert _is_operator(name), name


def _is_operator(name: str) -> bool:
    try:
        compile_rule({name: [1]})
    except RuleError as error:
        return "知らない演算子" not in str(error)
    return True


def test_every_kind_of_fault_of_the_guide_is_known() -> None:
    table = GUIDE.split("`errors` に書く種類:")[1].split("繰り返しの中の誤り")[0]
    codes = set(re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\| (.*?) \|", table, re.M))))
    assert codes == set(CODE_FAMILIES)


def test_the_folder_guide_names_every_file_and_letter() -> None:
    for section in sections_in_order():
        assert f"`{section.pattern}`" in FOLDER_GUIDE, section.pattern
        row = next(
            line for line in FOLDER_GUIDE.splitlines() if line.startswith("|") and f"`{section.pattern}`" in line
        )
        assert section.required <= ("要る" in row)
    assert all(f"`{letter}`" in FOLDER_GUIDE for letter in NEEDED)


def test_the_lines_of_counts_and_news_stand_in_the_sample_town() -> None:
    for line in _blocks(FOLDER_GUIDE, "csv")[0].splitlines():
        assert line in (MUNICIPALITIES / "sample-town" / "counts.csv").read_text(encoding="utf-8").splitlines()
    (news,) = sorted((MUNICIPALITIES / "sample-town" / "news").glob("*.md"))
    assert news.read_text(encoding="utf-8").startswith(_blocks(FOLDER_GUIDE, "markdown")[0])
