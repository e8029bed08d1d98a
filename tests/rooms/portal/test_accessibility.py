"""The accessibility page is made from data, and every page of the portal belongs to a group that was judged."""

from __future__ import annotations

import fnmatch
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from madoguchi.kernel.folder import check_folder, read_folder
from madoguchi.rooms.portal.accessibility import criteria

SUGINAMI = Path(__file__).parents[3] / "municipalities" / "suginami"


@pytest.mark.django_db
def test_the_page_shows_every_criterion_with_its_result(suginami: None, client: Client) -> None:
    for lang, word in (("ja", "試験していない"), ("en", "Not tested yet"), ("zh", "未测试")):
        body = client.get(f"/pages/accessibility/?lang={lang}").content.decode()
        assert word in body
        assert all(f"{number} " in body for number in criteria())


@pytest.mark.django_db
def test_a_ward_without_results_shows_its_policy_only(sample_town: None, client: Client) -> None:
    body = client.get("/pages/accessibility/").content.decode()
    assert "アクセシビリティ" in body
    assert 'id="results"' not in body


def test_every_page_for_residents_belongs_to_a_group() -> None:
    groups = read_folder(SUGINAMI).one("accessibility").page_groups
    patterns = [route for group in groups for route in group.routes]
    resolver = get_resolver()
    portal = resolver.namespace_dict["portal"][1]
    names = [f"portal:{name}" for name in portal.reverse_dict if isinstance(name, str)]
    for_staff = ["portal:internal*", "portal:review*", "portal:clerk*"]
    known = [*patterns, *for_staff]
    missing = [name for name in names if not any(fnmatch.fnmatch(name, pattern) for pattern in known)]
    assert not missing, missing


def test_a_criterion_without_a_result_is_a_fault(tmp_path: Path) -> None:
    copied = tmp_path / "ward"
    shutil.copytree(SUGINAMI, copied)
    path = copied / "accessibility.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"2.4.7", ', "").replace("result: partial", "result: fine"),
        encoding="utf-8",
    )
    messages = [fault.message for fault in check_folder(copied)[0].faults if fault.file == "accessibility.yaml"]
    assert any("fine" in message for message in messages)
    path.write_text(path.read_text(encoding="utf-8").replace("result: fine", "result: partial"), encoding="utf-8")
    messages = [fault.message for fault in check_folder(copied)[0].faults]
    assert any(message.startswith("2.4.7 の結果がありません") for message in messages)
