"""A scratch house for benchmarks and robustness tests: own folder, own database, own port; everything stops by pid."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """A running ``madoguchi up`` on a scratch database."""

    def __init__(
        self, folder: Path, *, workers: int, env: dict[str, str] | None = None, var: Path | None = None
    ) -> None:
        self.var = var or Path(tempfile.mkdtemp(prefix="mdg-bench-"))
        self.folder, self.workers, self.port = folder, workers, free_port()
        inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.env = {**inherited, "MADOGUCHI_VAR": str(self.var), "MADOGUCHI_ENV": "demo", **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def _command(self, *more: str) -> list[str]:
        return [sys.executable, "-m", "madoguchi.cli", "up", "--municipality", str(self.folder), "--no-sample", *more]

    def prepare(self) -> None:
        """Make database and static files without starting the server."""
        subprocess.run(self._command("--prepare-only", "--json"), env=self.env, check=True, cwd=ROOT)

    def start(self, *more: str) -> tuple[float, float]:
        """Start everything; return the seconds of the whole start, and those of the web process to its first page."""
        began = time.monotonic()
        command = self._command("--port", str(self.port), "--workers", str(self.workers), "--json", *more)
        self.process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        ready = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as answer:
            answer.read()
        end = time.monotonic()
        return end - began, float(said["web_first_answer_s"]) + end - ready

    def web_pids(self) -> list[int]:
        """Return the processes that answer requests (children of the granian supervisor)."""
        assert self.process is not None
        supervisors = [pid for pid in _children(self.process.pid) if "granian" in _command_of(pid)]
        return [child for pid in supervisors for child in _children(pid)]

    def web_rss_mb(self) -> float:
        """Return the resident memory of the largest web process in MB."""
        return max(_rss_kb(pid) for pid in self.web_pids()) / 1024

    def stop(self, *, keep: bool = False) -> None:
        """Stop everything; delete the scratch folder unless told to keep it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if not keep:
            shutil.rmtree(self.var, ignore_errors=True)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(item) for item in task.read_text().split()]
    return found


def _command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def _rss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
