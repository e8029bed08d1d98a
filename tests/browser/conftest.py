"""A real browser for journeys: Debian's Chromium through Playwright, against Django's live server.

``open_page`` shows an empty house; ``suginami_house`` and ``town_house`` are houses with a ward folder and its demo staff
loaded, one database of their own per worker, in which what a test does stays (tests of one house never count rows).

Without Chromium the tests are skipped, with a reason; with ``MADOGUCHI_REQUIRE_BROWSER=1`` they fail instead. A page
that breaks the Content Security Policy or throws in its script fails its test at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from madoguchi.kernel.clock import TOKYO
from tests.browser.houses import House
from tests.support.folders import FolderDatabases

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE = {"width": 1280, "height": 900}
HOUSE_TIME = datetime(2026, 11, 4, 10, 0, tzinfo=TOKYO)
"""A Wednesday on which the office is open, and on which the examples of the forms are good."""
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
    connections.close_all()  # under the loop Django opens a connection of its own; the old one would only be in the way
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@contextmanager
def _pages(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a context of its own; faults in the console fail the test at the end."""
    faults: list[str] = []
    with ExitStack() as stack:

        def make(*, viewport: dict[str, int] = WIDE, javascript: bool = True, **options: object) -> Page:
            context = browser.new_context(
                base_url=address,
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


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of its own: ``open_page(viewport=PHONE, javascript=False)``.

    Relative addresses lead to the live server (``page.goto("/")``). Faults in the console fail the test.
    """
    with _pages(browser, str(live_server)) as make:
        yield make


@pytest.fixture(scope="session")
def house_server(django_db_setup: None) -> Iterator[LiveServer]:
    """Start a server that reads whichever house's database is in use; unlike ``live_server`` it empties none."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def house_databases(django_db_setup: None, django_db_blocker: Any) -> Iterator[FolderDatabases]:
    """Hold the houses' databases of this session."""
    databases = FolderDatabases(django_db_blocker, purpose="house_")
    yield databases
    databases.drop()


@contextmanager
def _house(folder: str, request: pytest.FixtureRequest) -> Iterator[House]:
    browser, server = request.getfixturevalue("browser"), request.getfixturevalue("house_server")
    blocker = request.getfixturevalue("django_db_blocker")
    databases = request.getfixturevalue("house_databases")
    cache.clear()
    with (
        time_machine.travel(HOUSE_TIME, tick=True),
        databases.loaded(folder) as root,
        blocker.unblock(),
        _pages(browser, str(server)) as open_page,
    ):
        house = House(root, open_page)
        house.equip()
        yield house


@pytest.fixture
def suginami_house(request: pytest.FixtureRequest) -> Iterator[House]:
    """Open the house of Suginami's folder."""
    with _house("suginami", request) as house:
        yield house


@pytest.fixture
def town_house(request: pytest.FixtureRequest) -> Iterator[House]:
    """Open the house of the tiny town's folder."""
    with _house("sample-town", request) as house:
        yield house


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
