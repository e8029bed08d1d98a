"""The ward folder's departments, roles and staff: both folders are sound, faults are named, loading is repeatable."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from madoguchi.engines.identity import loading
from madoguchi.engines.identity.models import Account, Department, StaffPost
from madoguchi.kernel.folder import check_folder, read_folder

from .conftest import AT, ROOT

TOWN = ROOT / "municipalities" / "sample-town"
FILES = ("departments.yaml", "roles.yaml", "staff.yaml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the sample town to spoil."""
    return Path(shutil.copytree(TOWN, tmp_path / "town"))


def faults_of(folder: Path) -> list[str]:
    """Return the faults in the three files."""
    return [str(fault) for fault in check_folder(folder)[0].faults if fault.file in FILES]


def spoil(folder: Path, file: str, old: str, new: str) -> list[str]:
    """Replace a text in one file and return the faults."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return faults_of(folder)


@pytest.mark.parametrize("name", ["suginami", "sample-town"])
def test_the_folders_are_sound(name: str) -> None:
    assert faults_of(ROOT / "municipalities" / name) == []


def test_suginami_names_every_section_of_the_source() -> None:
    """The members of the five study groups and the offices that run them (seed, 検討グループの構成)."""
    folder = read_folder(ROOT / "municipalities" / "suginami")
    rows = folder.one("departments").departments
    named = {row.name for row in rows if row.source == "seed"}
    wanted = """
        情報管理課 デジタル戦略担当 情報システム担当 区民課 課税課 納税課 国保年金課 障害者施策課 介護保険課 健診担当
        杉並福祉事務所 保健予防課 保健サービス課 子ども家庭部管理課 地域子育て支援課 保育課 学務課 人事課 地域課 経理課
        選挙管理委員会事務局 文化・交流課 障害者施設支援課 高齢者施策課 生活自立支援担当 子ども家庭支援課 学校ICT担当
        区政経営改革担当 財政課 総務課 コンプライアンス推進担当 職員厚生担当 人材育成担当 区政相談課 会計課 教育総務課
        学校運営課 政策法務担当
    """
    assert set(wanted.split()) <= named
    assert all(row.phone is None or row.phone.startswith("03-0000-") for row in rows)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("departments.yaml", "parent: jumin_bu", "parent: nowhere", "「nowhere」という組織はありません"),
        ("departments.yaml", "id: zeimu", "id: somu", "「somu」が二度あります"),
        ("departments.yaml", "kind: bureau", "kind: bureau\n    parent: jumin", "輪になります"),
        ("staff.yaml", "role: section_chief", "role: king", "「king」という役割はありません"),
        ("staff.yaml", "jumin@example.jp", "jumin@example.com", "実在しうるアドレス"),
        ("roles.yaml", "permissions: [admin.elevate, ", "permissions: [", "admin.elevate が必要です"),
    ],
)
def test_faults_are_named(copy: Path, file: str, old: str, new: str, expected: str) -> None:
    faults = spoil(copy, file, old, new)
    assert any(expected in fault and fault.startswith(f"{file}:") for fault in faults), faults


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_never_touches_a_password(town: None) -> None:
    clerk = Account.objects.get(login="jumin")
    clerk.set_password("kept as it was 1")
    clerk.save()
    before = (Department.objects.count(), Account.objects.count(), StaffPost.objects.count())
    folder = read_folder(TOWN)
    for load in (loading.load_departments, loading.load_roles, loading.load_staff):
        load(folder, AT)
    assert (Department.objects.count(), Account.objects.count(), StaffPost.objects.count()) == before
    assert Account.objects.get(login="jumin").check_password("kept as it was 1")


@pytest.mark.django_db
def test_who_left_the_folder_is_switched_off_not_deleted(town: None, copy: Path) -> None:
    outsider = Account.objects.create_staff("from-directory", name="別の入口")
    spoil(copy, "staff.yaml", "login: fukushi", "login: fukushi-new")
    loading.load_staff(read_folder(copy), AT)
    assert not Account.objects.get(login="fukushi").is_active
    assert Account.objects.get(login="fukushi-new").is_active
    outsider.refresh_from_db()
    assert outsider.is_active
