"""Kill -9 of the web process at any moment: what the resident sent is there, and no application is doubled."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models import Count

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft, Submission
from madoguchi.kernel import audit
from madoguchi.rooms.catalogue.api import list_procedures
from tests.support.journeys import definition_of, step_answers, valid_example

from .visitor import BROKEN, Page, Visitor, receipt_number

ROOT = Path(__file__).resolve().parents[2]
KILLS, KILLS_OF_GRANIAN = 50, 2
CALM_SECONDS = 6.0
"""Granian takes two deaths within 5.5 seconds for a crash loop and gives up."""
SECONDS = 240
"""A house that hangs is given up after this; a slow machine is not a fault."""
SEED = random.SystemRandom().randint(0, 10**6)
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def own_database(folder_databases: Any) -> Iterator[str]:
    """Run on a copy of the town's database that the server may write to; give its address."""
    with folder_databases.own_copy("sample-town", "kill") as name:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: list[str], database_url: str, **keys: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a process on the given database and end it, and only it and its children, afterwards."""
    environment = {**os.environ, "DATABASE_URL": database_url, "MADOGUCHI_LOG_LEVEL": "CRITICAL"}
    running = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, start_new_session=True, text=True, **keys
    )
    try:
        yield running
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


class House:
    """A running house and the way to kill the process that serves."""

    def __init__(self, port: int, serving: Callable[[], int]) -> None:
        self.port, self._serving = port, serving

    @contextmanager
    def killed_within(self, seconds: float) -> Iterator[None]:
        """Kill the serving process at a moment of the block."""
        timer = threading.Timer(seconds, os.kill, (self._serving(), signal.SIGKILL))
        timer.start()
        try:
            yield
        finally:
            timer.join()


@pytest.fixture
def quick_house(own_database: str) -> Iterator[House]:
    """Start the server whose children come back at once."""
    port, children = free_port(), []
    with process(["-m", "tests.robustness.server", str(port)], own_database, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        reader = threading.Thread(target=lambda: children.extend(map(int, running.stdout or [])), daemon=True)
        reader.start()
        Visitor(port, patience=40).insist("GET", "/healthz")
        yield House(port, lambda: children[-1])


@pytest.fixture
def granian_house(own_database: str) -> Iterator[House]:
    """Start the web server as ``madoguchi up`` does."""
    port = free_port()
    command = [
        "-m", "granian", "madoguchi.config.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--log-level", "critical",
    ]  # fmt: skip
    with process(command, own_database, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        Visitor(port, patience=40).insist("GET", "/healthz")

        def worker() -> int:
            children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
            return int(children[-1])

        yield House(port, worker)


class Application:
    """One application of the town's shortest form, walked over HTTP."""

    def __init__(self, visitor: Visitor) -> None:
        procedure = next(item for item in list_procedures() if item.in_scope and not item.form)
        self.visitor, self.definition = visitor, definition_of(procedure.id)
        self.answers = valid_example(self.definition).answers
        visitor.insist("GET", f"/procedures/{procedure.id}/")
        self.url = visitor.insist("POST", f"/apply/start/{procedure.id}/").location
        self.draft_id = self.url.split("/")[2]
        self.seconds = 0.05

    def post_of(self, url: str) -> dict[str, str]:
        """Return what the page at *url* posts."""
        step_id = url.split("/step/")[1].strip("/")
        step = next(item for item in self.definition.steps if item.id == step_id)
        return {name: str(value) for name, value in step_answers(step, self.answers).items()}

    def timed(self, url: str, post: dict[str, str]) -> Page:
        """Post and note how long the house took."""
        begin = time.monotonic()
        page = self.visitor.insist("POST", url, post)
        self.seconds = time.monotonic() - begin
        return page

    def stored(self) -> dict[str, Any]:
        """Return the stored answers that say something."""
        answers = Draft.objects.get(pk=self.draft_id).answers
        return {key: value for key, value in answers.items() if value not in (None, "", [], {})}

    def finish(self) -> None:
        """Fill in all remaining steps."""
        while "/step/" in self.url:
            page = self.timed(self.url, self.post_of(self.url))
            assert page.status == 302, page.html[:300]
            self.url = self.visitor.open(page.location)[0]


def broken_save(house: House, moment: float) -> bool:
    """Kill while a step is saved: afterwards it is there wholly or not at all, and what was there before still is.

    *moment* is a share of the usual time, up to a little more than it takes. Tells whether the connection broke.
    """
    application = Application(Visitor(house.port))
    url = application.url
    post = application.post_of(url)
    first_name = next(iter(post))
    application.timed(f"{url}autosave/", {first_name: post[first_name]})
    before = application.stored()
    answered = None
    with house.killed_within(moment * 1.5 * application.seconds):
        try:
            answered = application.visitor.ask("POST", url, post)
        except BROKEN:
            answered = None
    _, page = application.visitor.open(url)
    assert page.status == 200
    after = application.stored()
    assert before.items() <= after.items()
    if answered is not None and answered.status == 302:
        assert len(after) > len(before), "what was acknowledged is stored"
    application.finish()
    assert set(application.stored()) >= {
        key for key, value in application.answers.items() if value not in (None, "", [], {})
    }
    return answered is None


def broken_sending(house: House, moment: float) -> bool:
    """Kill while it is handed in: the resident looks again, sends again, and there is one application with one number.

    *moment* and the answer as in ``broken_save``.
    """
    application = Application(Visitor(house.port))
    application.finish()
    summary = application.url
    assert summary.endswith("/summary/")
    number = ""
    broken = False
    with house.killed_within(moment * 2 * application.seconds):
        try:
            page = application.visitor.ask("POST", summary, {"_submit": "1"})
            number = receipt_number(application.visitor.open(page.location)[1].html)
        except BROKEN:
            broken = True
    url, page = application.visitor.open(summary)
    if url.endswith("/summary/"):
        assert not number, "a receipt once shown stays"
        url, page = application.visitor.open(application.visitor.insist("POST", summary, {"_submit": "1"}).location)
    assert url.endswith("/done/")
    assert number in ("", receipt_number(page.html))
    submission = Submission.objects.get(draft_id=application.draft_id)
    assert Case.objects.get(submission=submission).number == receipt_number(page.html)
    again = application.visitor.insist("POST", summary, {"_submit": "1"})
    assert receipt_number(application.visitor.open(again.location)[1].html) == receipt_number(page.html)
    return broken


def break_often(house: House, kills: int, until: float, *, calm: float = 0.0) -> int:
    """Break saving and sending by turns at random moments, *calm* seconds apart; return how many connections broke."""
    moments, broken = random.Random(SEED), 0
    for count in range(kills):
        assert time.monotonic() < until, f"only {count} kills in time (seed {SEED})"
        broken += (broken_sending if count % 2 else broken_save)(house, moments.random())
        time.sleep(calm)
    return broken


def check_the_books() -> None:
    """Look at the whole database: nothing half, nothing twice."""
    assert Submission.objects.filter(case=None).count() == 0, "handed in without a case"
    assert Submission.objects.count() == Case.objects.count()
    twice = Submission.objects.values("draft_id").annotate(times=Count("id")).filter(times__gt=1)
    assert not twice
    assert not Case.objects.annotate(times=Count("events")).exclude(times=1).exists()
    report = audit.verify()
    assert report.ok, report.message


def test_the_web_process_is_killed_fifty_times(quick_house: House) -> None:
    broken = break_often(quick_house, KILLS, time.monotonic() + SECONDS)
    assert broken >= KILLS // 5, "too few of the kills fell into a request to prove anything"
    check_the_books()


def test_the_real_web_server_is_killed_and_comes_back(granian_house: House) -> None:
    break_often(granian_house, KILLS_OF_GRANIAN, time.monotonic() + SECONDS, calm=CALM_SECONDS)
    check_the_books()
