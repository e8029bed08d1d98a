"""What ``municipality check`` says of documents that do not fit the rest of the folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from madoguchi.kernel.folder import check_folder

TOWN = Path(__file__).resolve().parents[3] / "municipalities" / "sample-town"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("procedures: [inu_toroku]", "procedures: [nowhere]", "手続「nowhere」はありません"),
        ("outcomes: [accepted]", "outcomes: [approved]", "「approved」になる操作が、業務の流れにありません"),
        ("issuer: mayor", "issuer: nobody", "発行者「nobody」はありません"),
        ("{applicant}", "{nonsense}", "知らない差し込みです: {nonsense}"),
        ("{answer.kept_at}", "{answer.dog_name}", "様式に「dog_name」という質問はありません"),
        ("{input.tag}", "{input.other}", "「{input.other}」の項目がありません"),
        ("kind: certificate", "kind: letter\noutcomes_: []", "知らない項目です"),
    ],
)
def test_a_wrong_document_is_said_with_its_place(tmp_path: Path, before: str, after: str, words: str) -> None:
    folder = tmp_path / "town"
    shutil.copytree(TOWN, folder)
    path = folder / "documents" / "inu_torokusho.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    said = [str(fault) for fault in check_folder(folder)[0].faults]
    assert any(words in fault and "documents/inu_torokusho.yaml:" in fault for fault in said), said


def test_a_refusal_without_a_reason_is_a_fault(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    shutil.copytree(TOWN, folder)
    path = folder / "documents" / "refused.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("show_reason: true\n", ""), encoding="utf-8")
    assert any("行政手続法第8条" in str(fault) for fault in check_folder(folder)[0].faults)
