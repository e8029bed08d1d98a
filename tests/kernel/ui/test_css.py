"""The CSS and the templates speak the same class names; the tokens keep their contrast."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src" / "madoguchi"
UI = SOURCE / "kernel/ui/static"
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in (UI / "ui/css").glob("*.css")}
ROOMS = [path.read_text(encoding="utf-8") for path in SOURCE.glob("*/*/static/**/*.css") if UI not in path.parents]
HOOKS = {
    "wd-chips",
    "wd-form",
    "wd-lang",
    "wd-files__list",
    "wd-rows__actions",
    "wd-sidenav__fold",
    "wd-status__number",
    "wd-summary__values",
    "wd-unit",
}
"""Names that need no drawing of their own: they take a list's marks away or are held by tests and scripts."""
TOKENS = (UI / "vendor/dads-tokens-1.1.9/tokens.css").read_text(encoding="utf-8")


def classes_in_css() -> set[str]:
    return set(re.findall(r"\.(wd-[a-z0-9_-]+)", "\n".join([*SHEETS.values(), *ROOMS])))


def classes_in_templates() -> dict[str, set[Path]]:
    found: dict[str, set[Path]] = {}
    for path in SOURCE.rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8")):
            for name in re.findall(r"(?<![\w-])wd-[a-z0-9_-]+", re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", value)):
                found.setdefault(name, set()).add(path.relative_to(SOURCE))
    return found


def test_every_class_of_a_template_is_drawn():
    drawn = classes_in_css() | HOOKS
    unknown = {name: paths for name, paths in classes_in_templates().items() if name not in drawn}
    assert not unknown, "\n".join(f"{name}: {sorted(map(str, paths))}" for name, paths in sorted(unknown.items()))


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_sheet_uses_only_tokens_that_exist(name):
    defined = set(re.findall(r"(--[\w-]+)\s*:", TOKENS + "".join(SHEETS.values())))
    used = set(re.findall(r"var\((--[\w-]+)", SHEETS[name]))
    assert used <= defined, used - defined


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_sheet_is_well_formed_and_short(name):
    sheet = re.sub(r"/\*.*?\*/", "", SHEETS[name], flags=re.DOTALL)
    assert sheet.count("{") == sheet.count("}")
    assert SHEETS[name].count("\n") < 600
    assert "!important" not in sheet


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_accent_can_be_read_on_white_and_on_its_tint():
    palette = dict(re.findall(r"(--color-primitive-[\w-]+): (#[0-9a-f]{6})", TOKENS))
    blocks = re.findall(
        r"--mdg-accent: var\((.*?)\);.*?--mdg-accent-tint: var\((.*?)\);", SHEETS["base.css"], re.DOTALL
    )
    assert len(blocks) == 4
    for accent, tint in blocks:
        assert contrast(palette[accent], "#ffffff") >= 4.5
        assert contrast(palette[accent], palette[tint]) >= 4.5
