"""A real browser for journeys: Debian's Chromium through Playwright, against Django's live server.

Without Chromium the tests are skipped, with a reason; with ``MADOGUCHI_REQUIRE_BROWSER=1`` they fail instead. A page
that breaks the Content Security Policy or throws in its script fails its test at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for the session."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} がありません（apt-get install chromium fonts-noto-cjk）"
        if os.environ.get("MADOGUCHI_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's synchronous face keeps an event loop in this thread; the ORM is used between its calls, never inside.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of its own: ``open_page(viewport=PHONE, javascript=False)``.

    Relative addresses lead to the live server (``page.goto("/")``). Faults in the console fail the test.
    """
    faults: list[str] = []
    with ExitStack() as stack:

        def make(*, viewport: dict[str, int] = WIDE, javascript: bool = True, **options: object) -> Page:
            context = browser.new_context(
                base_url=str(live_server),
                viewport=viewport,
                java_script_enabled=javascript,
                locale="ja-JP",
                timezone_id="Asia/Tokyo",
                **options,
            )
            stack.callback(context.close)
            context.set_default_timeout(15_000)
            page = context.new_page()
            page.on("console", lambda message: faults.extend(_faults(message)))
            page.on("pageerror", lambda error: faults.append(str(error)))
            return page

        yield make
    assert not faults, "\n".join(faults)


def _faults(message: ConsoleMessage) -> list[str]:
    """Return what a console message says is broken; answers such as 404 or 422 are the test's own business."""
    if message.type != "error" or message.text.startswith("Failed to load resource"):
        return []
    if "Response Status Error Code" in message.text:
        return []
    return [message.text]


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """Return a page 1280 px wide."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """Return a page 320 px wide."""
    return open_page(viewport=PHONE, has_touch=True)


@pytest.fixture
def plain_page(open_page: Callable[..., Page]) -> Page:
    """Return a page without JavaScript."""
    return open_page(javascript=False)
