"""What every page is asked in a browser: axe without a violation, no sideways scrolling, a picture to look at.

Pictures are taken with ``MADOGUCHI_SHOTS=1``."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "tests/vendor/axe-core-4.14.1"
SHOTS = ROOT / "build/shots"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 1280)


@cache
def _source() -> tuple[str, str]:
    """Return axe and its Japanese messages."""
    script = (AXE / "axe.min.js").read_text(encoding="utf-8")
    return script, (AXE / "locales/ja.json").read_text(encoding="utf-8")


def axe(page: Page, *, exclude: tuple[str, ...] = ()) -> None:
    """Assert that axe finds no violation of WCAG 2.2 A/AA or of good practice; *exclude* names CSS selectors."""
    script, locale = _source()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {script} }}")
    found = _violations(page, exclude)
    if found:  # only now in Japanese: setting the words takes as long as a run
        page.evaluate(f"() => axe.configure({{locale: {locale}}})")
        found = _violations(page, exclude)
    lines = [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}\n    {node['failureSummary'][:300]}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert not lines, f"axe {page.url} ({page.viewport_size}):\n" + "\n".join(lines)


def _violations(page: Page, exclude: tuple[str, ...]) -> list[dict[str, Any]]:
    """Run axe and return the violations alone: what passed is many times as much to hand over."""
    return page.evaluate(
        """([tags, exclude]) => axe.run(
            {exclude: exclude.map((one) => [one])}, {runOnly: tags, resultTypes: ["violations"], preload: false}
        ).then((result) => result.violations)""",
        [TAGS, list(exclude)],
    )


def reflows(page: Page) -> None:
    """Assert that the page, its styles loaded, needs no sideways scrolling (WCAG 1.4.10)."""
    page.wait_for_load_state()
    over = page.evaluate(
        """() => {
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return [];
            return [...document.querySelectorAll("body *")]
                .filter((node) => node.getBoundingClientRect().right > wide + 1 && !node.closest(".wd-table-wrap"))
                .slice(0, 5).map((node) => node.outerHTML.slice(0, 120));
        }"""
    )
    assert not over, f"{page.url} is wider than {page.viewport_size}: {over}"


def shots(page: Page, name: str) -> None:
    """Save the page at 320 and 1280 px under ``build/shots`` when ``MADOGUCHI_SHOTS=1``; leave its size as it was."""
    if os.environ.get("MADOGUCHI_SHOTS") != "1":
        return
    SHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=str(SHOTS / f"{name}-{width}.png"), full_page=True, animations="disabled")
    if before:
        page.set_viewport_size(before)


def narrow(page: Page) -> None:
    """Check the page on the narrow screen only: for pages that differ in their words only from one looked at in full."""
    before = page.viewport_size
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    reflows(page)
    axe(page)
    if before:
        page.set_viewport_size(before)


def in_words(page: Page, name: str, lang: str) -> None:
    """Check a page in one language: the Japanese one at both widths, the others, the same but for words, narrow."""
    if lang == "ja" or os.environ.get("MADOGUCHI_SHOTS") == "1":
        looked_at(page, name)
    else:
        narrow(page)


def looked_at(page: Page, name: str) -> None:
    """Check the page at both widths: axe, reflow, and a picture of each for people to look at (see ``shots``)."""
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        reflows(page)
        axe(page)
    shots(page, name)
    if before:
        page.set_viewport_size(before)
