"""Vendored files are exactly the published ones, and none lies in the folder unlisted."""

import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "src/madoguchi/kernel/ui/static/vendor", ROOT / "tests/vendor"]


def packages(folder):
    return tomllib.loads((folder / "vendor.toml").read_text(encoding="utf-8"))["package"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_file_has_its_hash(folder):
    for package in packages(folder):
        for name, expected in package["sha256"].items():
            found = hashlib.sha256((folder / package["folder"] / name).read_bytes()).hexdigest()
            assert found == expected, f"{package['name']}: {name} was changed"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_no_file_is_unlisted(folder):
    listed = {folder / p["folder"] / name for p in packages(folder) for name in p["sha256"]}
    present = {path for path in folder.rglob("*") if path.is_file() and path.name != "vendor.toml"}
    assert present == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_package_names_version_licence_and_carries_it(folder):
    for package in packages(folder):
        assert package["version"]
        assert package["licence"]
        assert any(name.startswith("LICENSE") for name in package["sha256"])
