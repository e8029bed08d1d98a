"""What the ward folders promise about their catalogue: breadth, the national 59, languages, honest sample marks.

Reads the YAML only (no database); cross-references are checked by ``madoguchi municipality check``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

MUNICIPALITIES = Path(__file__).parents[2] / "municipalities"
SUGINAMI = MUNICIPALITIES / "suginami"
OUTSIDE = {"out_of_scope", "no_system"}


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def procedures() -> list[dict[str, Any]]:
    return [item for path in sorted((SUGINAMI / "procedures").glob("*.yaml")) for item in _read(path)["procedures"]]


def test_catalogue_is_broad_and_has_no_double(procedures: list[dict[str, Any]]) -> None:
    in_scope = [item for item in procedures if item["online"]["status"] not in OUTSIDE]
    assert len(in_scope) >= 230
    for key in ("id", "official_name", "summary"):
        doubles = [value for value, n in Counter(str(item[key]) for item in procedures).items() if n > 1]
        assert doubles == [], key
    assert sum(item["audience"] == "staff" for item in procedures) >= 6
    assert sum("form" in item for item in procedures) >= 45


def test_every_procedure_can_be_found_by_citizens_words(procedures: list[dict[str, Any]]) -> None:
    for item in procedures:
        assert len(set(item["keywords"])) >= 4, item["id"]
        assert re.fullmatch(r"[ぁ-ゖー]+", item["kana"]), item["id"]


def test_national_59_lacks_only_the_three_that_are_unidentified(procedures: list[dict[str, Any]]) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (SUGINAMI / "procedures").glob("*.yaml"))
    assert {int(number) for number in re.findall(r"国の59手続 (\d+)番", text)} == set(range(1, 57))
    tags = Counter(tag for item in procedures for tag in item["tags"])
    assert (tags["mynaportal_26"], tags["oss31"]) == (26, 31)
    for item in procedures:
        if item["online"]["status"] == "out_of_scope":
            assert item["online"]["authority"], item["id"]
            assert item["online"]["note"], item["id"]


def test_last_year_added_over_a_hundred(procedures: list[dict[str, Any]]) -> None:
    assert sum(item["online"].get("since") == 2025 for item in procedures) > 100


def test_most_used_procedures_are_told_in_three_languages(procedures: list[dict[str, Any]]) -> None:
    full = [
        item
        for item in procedures
        if isinstance(item["summary"], dict) and {"ja", "easy", "en"} <= set(item["summary"])
    ]
    assert len(full) >= 60
    assert {item["id"] for item in procedures if "form" in item} <= {item["id"] for item in full}


def test_invented_attributes_are_named_as_sample(procedures: list[dict[str, Any]]) -> None:
    fees = {fee["id"]: fee for fee in _read(SUGINAMI / "fees.yaml")["fees"]}
    verified = {key for key, fee in fees.items() if all(rate["status"] == "verified" for rate in fee["rates"])}
    assert verified == {"koseki_450", "koseki_fuhyo"}
    for item in procedures:
        if item["online"]["status"] == "out_of_scope":
            continue
        assert {"standard_days", "online", "cashless"} <= set(item["sample"]), item["id"]
        if re.search(r"\d+円", str(item["fee"]["text"])) and item["fee"].get("rate") not in verified:
            assert "fee" in item["sample"], item["id"]


@pytest.mark.parametrize("ward", ["suginami", "sample-town"])
def test_counts_are_sample_and_begin_with_the_system(ward: str) -> None:
    folder = MUNICIPALITIES / ward
    since = {
        item["id"]: item["online"].get("since")
        for path in (folder / "procedures").glob("*.yaml")
        for item in _read(path)["procedures"]
        if item["online"]["status"] not in OUTSIDE
    }
    with (folder / "counts.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["procedure"] for row in rows} == set(since)
    for row in rows:
        assert row["sample"] == "1"
        assert int(row["online"]) <= int(row["total"])
        if since[row["procedure"]] is None or int(row["fiscal_year"]) < since[row["procedure"]]:
            assert row["online"] == "0", row
