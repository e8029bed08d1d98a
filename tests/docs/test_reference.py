"""The generated reference in ``docs/reference`` is what ``tools/make_reference.py`` writes today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
GENERATED = ("workflows", "schemas", "workflows.md", "texts.md", "cli.md")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tools" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def contents(folder: Path) -> dict[str, str]:
    """Return the generated files of a reference folder by name."""
    paths = [path for name in GENERATED for path in sorted((folder / name).rglob("*"))]
    paths += [folder / name for name in GENERATED]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths if path.is_file()}


def test_the_reference_is_up_to_date_and_nothing_stale_lies_there(maker: ModuleType, tmp_path: Path) -> None:
    maker.write_reference(tmp_path)
    fresh, kept = contents(tmp_path), contents(ROOT / "docs" / "reference")
    stale = sorted(name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name))
    assert stale == [], "run: python tools/make_reference.py"
