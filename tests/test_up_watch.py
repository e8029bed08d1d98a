"""``madoguchi up`` keeps its processes running: what ends by itself is started again, within bounds."""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from madoguchi.cli.up import ENDS_AT_MOST, _House


def _running(*commands: list[str]) -> _House:
    house = _House(argparse.Namespace())
    house.commands = list(commands)
    house.processes = [subprocess.Popen(command) for command in commands]
    return house


def _script(source: str, place: Path) -> list[str]:
    return [sys.executable, "-c", source, str(place)]


NOTE_A_START = (
    "import pathlib, sys; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text() + 'x' if p.exists() else 'x')"
)


@pytest.fixture
def starts(tmp_path: Path) -> Path:
    return tmp_path / "starts"


def test_a_process_that_ended_is_started_again(starts: Path) -> None:
    second_time_stay = f"{NOTE_A_START}; import time; time.sleep(60 if len(p.read_text()) > 1 else 0)"
    house = _running(_script(second_time_stay, starts))
    watching = threading.Thread(target=house.watch)
    watching.start()
    try:
        end = time.monotonic() + 20
        while (not starts.exists() or starts.read_text() != "xx") and time.monotonic() < end:
            time.sleep(0.05)
        assert starts.read_text() == "xx"
        assert house.processes[0].poll() is None
    finally:
        house.stop()
        watching.join()
    assert house.processes[0].poll() is not None


def test_a_process_that_cannot_run_ends_the_house(starts: Path) -> None:
    house = _running(_script(NOTE_A_START, starts))
    try:
        assert house.watch() == 1
    finally:
        house.stop()
    assert starts.read_text() == "x" * ENDS_AT_MOST
